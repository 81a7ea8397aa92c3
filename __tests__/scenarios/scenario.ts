import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals'
import {
  type ConfigPatch,
  type Emulator,
  type Exchange,
  startEmulator
} from '../../emulator/index.ts'
import { type ActionRun, runAction } from '../../scripts/runner.ts'

/** Where conformance finds what the scenarios sent. */
const RECORDS = fileURLToPath(new URL('../../.records/', import.meta.url))
/** Waits of minutes pass in a fraction of a second; fast enough to run hundreds, slow enough for two cores. */
const SPEED = 200

export const INPUTS = { environment: 'test', location: 'westeurope' }

/** One emulated Azure for all scenarios of a file, empty at the start of each. */
export class Scenario {
  #emulator: Emulator | undefined

  constructor() {
    beforeAll(async () => {
      this.#emulator = await startEmulator({ profile: 'fast', speed: SPEED })
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

  /** Runs the bundle; keeps what it sent for the conformance check. */
  async run(
    inputs: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {}
  ): Promise<Outcome> {
    const before = this.azure.requests.length
    const run = await runAction({ inputs: { ...INPUTS, ...inputs }, azure: this.azure.env, env })
    const requests = this.azure.requests.slice(before)
    keep(requests)
    return new Outcome(run, requests)
  }

  /** Runs the bundle and expects it to succeed. */
  async apply(
    inputs: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {}
  ): Promise<Outcome> {
    const outcome = await this.run(inputs, env)
    if (outcome.exitCode !== 0) throw new Error(outcome.log)
    return outcome
  }

  /** The resource of that type, or a complaint when there is not exactly one. */
  only(type: string): { readonly id: string; readonly body: Body } {
    const found = this.all(type)
    expect(found.map(({ id }) => id)).toHaveLength(1)
    return found[0] as { readonly id: string; readonly body: Body }
  }

  /** All resources whose id has this type last. */
  all(type: string): readonly { readonly id: string; readonly body: Body }[] {
    const pattern = new RegExp(`/${type}/[^/]+$`, 'i')
    return [...this.azure.world.resources.values()].filter(({ id }) => pattern.test(id)) as never
  }

  /** Changes a resource as a person in the portal would. */
  edit(type: string, change: (body: Body) => void): void {
    change(this.only(type).body)
  }

  /** Forgets who made everything: as if a person had. */
  disown(type: string): void {
    for (const { body } of this.all(type)) body.tags = {}
  }

  /** Takes a resource away without asking anybody. */
  remove(id: string): void {
    this.azure.world.resources.delete(id.toLowerCase())
  }

  /** Everything durable but what only tells the time. */
  snapshot(): unknown {
    const { time: _time, ...state } = this.azure.state()
    return structuredClone(state)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a body of any service, which a test knows its way around.
export type Body = Record<string, any>

/** A run with what it asked of the world. */
export class Outcome {
  readonly exitCode: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly masked: readonly string[]
  readonly requests: readonly Exchange[]

  constructor(run: ActionRun, requests: readonly Exchange[]) {
    this.exitCode = run.exitCode
    this.log = run.log
    this.outputs = run.outputs
    this.summary = run.summary
    this.masked = run.masked
    this.requests = requests
  }

  /** Requests that can change something: reads by POST are none. */
  get writes(): readonly string[] {
    return this.requests
      .filter(({ host }) => host !== 'login.microsoftonline.com')
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
  return /\/(listkeys|checkNameAvailability|checkProvisioningServiceNameAvailability|attestationmechanism)(\?|$)/i.test(
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

const kept = new Map<string, Exchange[]>()

function keep(requests: readonly Exchange[]): void {
  const name = (expect.getState().currentTestName ?? 'unnamed').replace(/[^a-z0-9]+/gi, '-')
  const all = [...(kept.get(name) ?? []), ...requests]
  kept.set(name, all)
  mkdirSync(RECORDS, { recursive: true })
  writeFileSync(`${RECORDS}${name.slice(0, 150)}.json`, JSON.stringify(all, undefined, 1))
}
