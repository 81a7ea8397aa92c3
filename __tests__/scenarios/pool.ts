import { afterAll, beforeAll } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { isAlive, linksOf } from '../../emulator/providers/links.ts'
import { type ActionOptions, type ActionRun, runAction } from '../../scripts/runner.ts'
import { startFastAzure } from './fastAzure.ts'
import { INPUTS, SWEEP } from './scenario.ts'

/** Runs at once: the cores are shared with the other test files that run beside. */
const SIZE = 2

/** Ends only what hangs: hundreds of runs take as many times longer as others keep the machine busy. */
export const PATIENCE_MS = 1_800_000

/** Several emulated Azures in this process, for hundreds of cases that do not know each other. */
export class Pool {
  #azures: Emulator[] = []

  constructor(profile: 'instant' | 'fast') {
    beforeAll(async () => {
      this.#azures = await Promise.all(Array.from({ length: SIZE }, () => startFastAzure(profile)))
    })
    afterAll(() => Promise.all(this.#azures.map((azure) => azure.stop())))
  }

  /** Each case on an empty Azure, several at a time. @returns what the cases returned, in their order */
  async map<C, R>(cases: readonly C[], act: (azure: Emulator, one: C) => Promise<R>): Promise<R[]> {
    const results: R[] = []
    let next = 0
    const work = async (azure: Emulator) => {
      for (let index = next++; index < cases.length; index = next++) {
        azure.reset()
        results[index] = await act(azure, cases[index] as C)
      }
    }
    await Promise.all(this.#azures.map(work))
    return results
  }
}

/** One run against one of the pool. */
export function apply(
  azure: Emulator,
  inputs: Readonly<Record<string, string>> = {},
  more: Partial<ActionOptions> = {}
): Promise<ActionRun> {
  return runAction({
    inputs: {
      ...(inputs.operation === 'sweep' ? SWEEP : INPUTS),
      summary: 'false',
      ...inputs
    },
    azure: azure.env,
    ...more
  })
}

/** What a person reads of a failed run: without what only debugging shows. */
export function told({ log }: Pick<ActionRun, 'log'>): string {
  return log
    .replace(/^::(debug|add-mask|group|endgroup)::.*\n/gm, '')
    .replace(/^ {2}[=+].*\n/gm, '')
}

/**
 * Everything durable, as lines of JSON. Each random value is replaced by the place where it was first seen, so that two
 * runs compare: an identity's principal id is the same name wherever it stands. Instants are all alike: that two of them
 * coincide, such as a grant's and a certificate's, means nothing.
 */
export function endState(azure: Emulator): string {
  const { resources, roleAssignments, enrollmentGroups, providers, principals } =
    azure.state() as Record<string, Record<string, unknown>>
  const names = new Map<string, string>()
  for (const [id, body] of sorted(resources)) label(body, id, names)
  const plain = (value: unknown): unknown => replaced(value, names)
  const alive = [...azure.world.resources.values()].flatMap((dps) =>
    linksOf(dps).map((link) => [link.name, isAlive(azure.world, link)])
  )
  const text = (items: Record<string, unknown> = {}) =>
    Object.values(items)
      .map((body) => JSON.stringify(plain({ ...(body as object), id: '', name: '' })))
      .sort((a, b) => a.localeCompare(b))
  const state = {
    resources: sorted(resources).map(([id, body]) => [id, plain(body)]),
    roleAssignments: text(roleAssignments),
    enrollmentGroups: text(enrollmentGroups),
    principals: Object.keys(principals ?? {}).length,
    providers,
    alive
  }
  return JSON.stringify(state, undefined, 1)
}

/** What a person who reads the failure needs: where an end state is another than it should be. Undefined when it is not. */
export function difference(state: string, reference: string | undefined): string | undefined {
  if (state === reference) return undefined
  const [is, should] = [state, reference ?? ''].map((text) => text.split('\n')) as [
    string[],
    string[]
  ]
  const line = is.findIndex((text, index) => text !== should[index])
  return `another end state, line ${line + 1}: ${is[line]} instead of ${should[line]}`
}

const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g
const RANDOM = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{12,64}\b|\b0ne[0-9A-F]{8}\b/g

function sorted(items: Record<string, unknown> = {}): [string, unknown][] {
  return Object.entries(items).sort(([a], [b]) => a.localeCompare(b))
}

function label(value: unknown, place: string, names: Map<string, string>): void {
  if (typeof value === 'string') {
    for (const [token] of value.matchAll(RANDOM)) {
      // What the run was told is not random.
      if (!place.includes(token) && !names.has(token)) names.set(token, `<${place}>`)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of sorted(value as Record<string, unknown>)) {
      label(inner, `${place}/${name}`, names)
    }
  }
}

function replaced(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value
      .replace(INSTANT, '<instant>')
      .replace(RANDOM, (token) => names.get(token) ?? '<random>')
  if (Array.isArray(value)) return value.map((one) => replaced(one, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    sorted(value as Record<string, unknown>).map(([name, inner]) => [name, replaced(inner, names)])
  )
}
