import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals'
import { Ajv } from 'ajv'
import type { ConfigPatch } from '../../emulator/config.ts'
import type { Emulator } from '../../emulator/index.ts'
import type { Resource as Stored, World } from '../../emulator/kernel.ts'
import type { Exchange } from '../../emulator/record.ts'
import { copyWorld, removeResource, restoreWorld } from '../../emulator/world.ts'
import { type ActionRun, DECLARED_OUTPUTS, type Job, runAction } from '../../scripts/runner.ts'
import { startFastAzure } from './fastAzure.ts'
import { recordName, writeRecord } from './records.ts'

/** Of the tutorial's model, which most scenarios are about. */
export const INPUTS = {
  environment: 'test',
  location: 'westeurope',
  'service-version': '2025-11-01-preview'
}

/** Those of a sweep, which is about no single environment. */
export const SWEEP = {
  operation: 'sweep',
  confirm: 'octo-org/octo-repo',
  environment: '',
  location: '',
  'service-version': ''
}

/** One emulated Azure for all scenarios of a file, empty at the start of each. */
export class Scenario {
  #emulator: Emulator | undefined
  readonly #built = new Map<string, World>()

  constructor(speed?: number) {
    beforeAll(async () => {
      this.#emulator = await startFastAzure('fast', speed)
    })
    beforeEach(() => this.azure.reset())
    afterAll(() => this.azure.stop())
  }

  get azure(): Emulator {
    if (this.#emulator === undefined) throw new Error('the emulator has not started')
    return this.#emulator
  }

  configure(patch: ConfigPatch): void {
    this.azure.configure(patch)
  }

  /** Runs the bundle for the environment of these tests. */
  run(inputs: Readonly<Record<string, string>> = {}, job: Job = {}): Promise<Outcome> {
    const about = inputs.operation === 'sweep' ? SWEEP : INPUTS
    return this.step({ ...about, ...inputs }, job)
  }

  /** Runs the bundle with these inputs alone; keeps what it sent for the conformance check. */
  async step(given: Readonly<Record<string, string>>, job: Job = {}): Promise<Outcome> {
    const before = this.azure.requests.length
    const run = await runAction({ inputs: given, azure: this.azure.env, job })
    const requests = this.azure.requests.slice(before)
    keep(given, run, requests)
    expect(DECLARED_OUTPUTS).toEqual(expect.arrayContaining(Object.keys(run.outputs)))
    for (const name of ['plan', 'result'] as const) {
      const text = run.outputs[name]
      if (text !== undefined) expect(faults(name, JSON.parse(text))).toBe('')
    }
    const outcome = new Outcome(run, requests)
    // What only looks never writes, whatever it meets.
    const looks = ['plan', 'verify'].includes(given.operation ?? '') || given['dry-run'] === 'true'
    if (looks) expect(outcome.writes).toEqual([])
    return outcome
  }

  /** Runs the bundle and expects it to succeed. */
  async apply(inputs: Readonly<Record<string, string>> = {}, job: Job = {}): Promise<Outcome> {
    const outcome = await this.run(inputs, job)
    if (outcome.exitCode !== 0)
      throw new Error(outcome.log.replace(/^::(debug|add-mask)::.*\n/gm, ''))
    return outcome
  }

  /** What a first run builds, for what happens afterwards: the run itself is only carried out once in a file. */
  async built(inputs: Readonly<Record<string, string>> = {}): Promise<void> {
    const name = JSON.stringify(inputs)
    const known = this.#built.get(name)
    if (known) return restoreWorld(this.azure.world, known)
    await this.apply(inputs)
    this.#built.set(name, copyWorld(this.azure.world))
  }

  /** The resource of that type, or a complaint when there is not exactly one. */
  only(type: string): Resource {
    const found = this.all(type)
    expect(found.map(({ id }) => id)).toHaveLength(1)
    return found[0] as Resource
  }

  /** All resources whose id has this type last. */
  all(type: string): readonly Resource[] {
    const pattern = new RegExp(`/${type}/[^/]+$`, 'i')
    return [...this.azure.world.resources.values()].filter(({ id }) => pattern.test(id))
  }

  /** The enrollment group, or a complaint when there is not exactly one. */
  get enrollmentGroup(): Resource {
    const found = [...this.azure.world.enrollmentGroups.values()]
    expect(found).toHaveLength(1)
    return found[0] as Resource
  }

  /** Grants that a run made, not those of the deploying identity. */
  get grants(): readonly Resource[] {
    return [...this.azure.world.roleAssignments.values()].filter(({ secret }) => !secret.fromConfig)
  }

  /** Sets a property, given as `properties.state`, as a person in the portal would. */
  set(type: string, property: string, value: unknown): void {
    const path = property.split('.')
    const last = path.pop() as string
    const owner = path.reduce((body, name) => body[name] as Body, this.only(type).body)
    owner[last] = value
  }

  /** Deletes a resource as a person in the portal would, at once. */
  remove(id: string): void {
    removeResource(this.azure.world, id)
  }

  /** What there is, by type, without what differs from one building to the next. */
  shape(): unknown {
    const { resources, roleAssignments, enrollmentGroups } = this.azure.world
    return [
      ...[...resources.keys()].sort((a, b) => a.localeCompare(b)),
      roleAssignments.size,
      ...[...enrollmentGroups.values()].map(({ body }) => [
        body.enrollmentGroupId,
        body.credentialPolicyName,
        body.iotHubs
      ]),
      this.all('provisioningServices').map(({ body }) => body.properties.iotHubs?.length)
    ]
  }

  /** Everything durable but what only tells the time. */
  snapshot(): unknown {
    const { time: _time, ...state } = this.azure.state()
    return structuredClone(state)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a body of any service, which a test knows its way around.
export type Body = Record<string, any>

export interface Resource extends Omit<Stored, 'body'> {
  readonly body: Body
}

/** A run with what it asked of the world. */
export class Outcome {
  readonly exitCode: number
  readonly log: string
  readonly coloured: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly masked: readonly string[]
  readonly requests: readonly Exchange[]

  constructor(run: ActionRun, requests: readonly Exchange[]) {
    this.exitCode = run.exitCode
    this.log = run.log
    this.coloured = run.coloured
    this.outputs = run.outputs
    this.summary = run.summary
    this.masked = run.masked
    this.requests = requests
  }

  /** Requests that can change something: reads by POST are none. */
  get writes(): readonly string[] {
    return this.requests
      .filter(({ host }) => host !== 'login.microsoftonline.com' && host !== 'api.github.com')
      .filter(({ method, url }) => method !== 'GET' && method !== 'HEAD' && !isRead(url))
      .map(({ method, url }) => `${method} ${shortened(url)}`)
  }

  /** The plan output, by step id. */
  get plan(): Readonly<Record<string, Body>> {
    const { items } = JSON.parse(this.outputs.plan ?? '{"items":[]}') as { items: Body[] }
    return Object.fromEntries(items.map((item) => [item.id, item]))
  }

  get result(): Body {
    return JSON.parse(this.outputs.result ?? '{}') as Body
  }

  /** What the plan wanted done, by step id. */
  get work(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.plan)
        .filter(([, { action }]) => ['create', 'change', 'act'].includes(action))
        .map(([id, { action }]) => [id, action])
    )
  }

  /** The failure as the log has it, with its line breaks. */
  get failure(): string {
    const [, text = ''] = /^::error [^:]*::(.*)$/m.exec(this.log) ?? []
    return text.replaceAll('%0A', '\n').replaceAll('%25', '%')
  }
}

function isRead(url: string): boolean {
  return /\/(listkeys|checkNameAvailability|checkProvisioningServiceNameAvailability|attestationmechanism|enrollmentGroups\/query)(\?|$)/i.test(
    url
  )
}

/** The address without host, subscription and query. */
function shortened(url: string): string {
  return url
    .replace(/^https:\/\/[^/]+/, '')
    .replace(/\?.*/, '')
    .replace(/^\/subscriptions\/[^/]+/, '')
}

const ajv = new Ajv({ strict: false })
ajv.addSchema(
  JSON.parse(
    readFileSync(new URL('../../schemas/outputs.schema.json', import.meta.url), 'utf8')
  ) as object,
  'outputs'
)

/** What is wrong with a JSON output, by its published schema. */
function faults(name: 'plan' | 'result', value: unknown): string {
  return ajv.validate(`outputs#/definitions/${name}`, value) ? '' : ajv.errorsText()
}

interface Kept {
  readonly exchanges: Exchange[]
  readonly text: string[]
}

const kept = new Map<string, Kept>()

/** Keeps a run in two forms: requests for the conformance check, and everything for people. */
function keep(inputs: object, run: ActionRun, requests: readonly Exchange[]): void {
  const name = recordName()
  const { exchanges, text } = kept.get(name) ?? { exchanges: [], text: [] }
  kept.set(name, { exchanges, text })
  exchanges.push(...requests)
  text.push(
    `INPUTS ${JSON.stringify(inputs)}`,
    ...requests.map(
      ({ method, host, url, status }) => `${method} ${host}${shortened(url)} → ${status}`
    ),
    run.log,
    `EXIT CODE ${run.exitCode}`,
    `OUTPUTS ${JSON.stringify(run.outputs, undefined, 1)}`
  )
  writeRecord(name, exchanges, text.join('\n'))
}
