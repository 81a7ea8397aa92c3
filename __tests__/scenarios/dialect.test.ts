import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { UNHEARD } from '../../emulator/dialect.ts'
import type { Emulator } from '../../emulator/index.ts'
import { apply, difference, endState, PATIENCE_MS, Pool, told } from './pool.ts'
import { seedsOf } from './sample.ts'
import { type Body, Outcome } from './scenario.ts'

const pool = new Pool('instant')

/** Dialects in all; DIALECT=7 speaks that one alone. */
const SEEDS = 30
/** Dialects in a sample. */
const FEW = 2
const only = process.env.DIALECT

const FLEET = stringify({
  hubs: [
    { key: 'a', 'allocation-weight': 3 },
    { key: 'b', location: 'northeurope' }
  ],
  policies: [
    { name: 'short', 'leaf-validity-days': 7 },
    { name: 'Long', 'leaf-validity-days': 90 }
  ],
  'enrollment-groups': [
    { key: 'one', policy: 'short', hubs: ['a'], 'initial-twin': { tags: { floor: 3 } } },
    { key: 'two', policy: 'Long', 'allocation-policy': 'geoLatency', 'iot-edge': true }
  ]
})
const INPUTS: readonly Readonly<Record<string, string>>[] = [
  { tags: 'team=iot', 'expires-after': '7d' },
  { config: 'iot.yml' }
]

/** What somebody changes behind our back, so that what is read has to be written back. */
const DRIFTS: Readonly<Record<string, (azure: Emulator) => void>> = {
  nothing: () => {},
  'a link': (azure) => {
    for (const { body, secret } of azure.world.resources.values()) {
      if (body.type !== 'Microsoft.Devices/provisioningServices') continue
      secret.links = (secret.links as unknown[]).slice(1)
      const properties = body.properties as Body
      properties.iotHubs = properties.iotHubs.slice(1)
    }
  },
  'the hubs of an enrollment group': (azure) => {
    for (const { body } of azure.world.enrollmentGroups.values()) body.iotHubs = []
  },
  'the leaf validity of a policy': (azure) => {
    for (const { id, body } of azure.world.resources.values()) {
      if (!/\/policies\/[^/]+$/.test(id)) continue
      const { certificate } = body.properties as Body
      certificate.leafCertificateConfiguration.validityPeriodInDays = 42
    }
  }
}

const dialect = fc.record({
  inputs: fc.constantFrom(...INPUTS),
  drift: fc.constantFrom(...Object.keys(DRIFTS)),
  pageSize: fc.constantFrom(1, 3, 100)
})

async function run(azure: Emulator, inputs: Readonly<Record<string, string>>): Promise<Outcome> {
  const from = azure.requests.length
  return new Outcome(
    await apply(azure, inputs, { job: { files: { 'iot.yml': FLEET } } }),
    azure.requests.slice(from)
  )
}

/** Outputs without what is random, and without the case that Azure gives ids. */
function outputs({ outputs: { plan: _plan, result: _result, ...rest } }: Outcome): unknown {
  const text = JSON.stringify(rest).toLowerCase()
  return JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0ne[0-9a-f]{8}/g, '…'))
}

/** Writes in any order: what does not need each other goes side by side. */
function writes(outcome: Outcome): readonly string[] {
  const named = outcome.writes.map((write) =>
    write.toLowerCase().replace(/(roleassignments)\/.*/, '$1')
  )
  return named.sort((a, b) => a.localeCompare(b))
}

/** The end state; in which order hubs were linked means nothing. */
function endOf(azure: Emulator): string {
  const byName = (a: Body, b: Body) => String(a.name).localeCompare(String(b.name))
  for (const { body, secret } of azure.world.resources.values()) {
    if (body.type !== 'Microsoft.Devices/provisioningServices') continue
    secret.links = (secret.links as Body[]).toSorted(byName)
    const properties = body.properties as Body
    properties.iotHubs = properties.iotHubs.toSorted(byName)
  }
  return endState(azure)
}

/** Properties of a DPS that nobody has heard of, as they were read, and whether the write that followed lost any. */
function lost({ requests }: Outcome): readonly string[] {
  let told: Body = {}
  const missing: string[] = []
  for (const { method, url, requestBody, responseBody } of requests) {
    if (!/\/provisioningServices\/[^/?]+\?/i.test(url)) continue
    if (method === 'PUT') {
      const sent = (requestBody as Body).properties as Body
      for (const [name, value] of Object.entries(told))
        if (JSON.stringify(sent[name]) !== JSON.stringify(value)) missing.push(name)
    }
    const { properties } = (responseBody ?? {}) as Body
    told = Object.fromEntries(
      Object.entries((properties ?? {}) as Body).filter(([name]) => name.startsWith(UNHEARD))
    )
  }
  return missing
}

describe('whatever way Azure says the same', () => {
  it(
    'a run does, writes, tells and leaves behind what it does undisturbed',
    async () => {
      const undisturbed = new Map(
        await pool.map(INPUTS, async (azure, inputs) => {
          const first = await run(azure, inputs)
          expect(first.failure).toBe('')
          return [
            inputs,
            { outputs: outputs(first), writes: writes(first), state: endOf(azure) }
          ] as const
        })
      )
      const seeds = only === undefined ? seedsOf(SEEDS, FEW) : [Number(only)]
      const wrong = await pool.map(seeds, async (azure, seed) => {
        const [drawn] = fc.sample(dialect, { seed, numRuns: 1 })
        if (drawn === undefined) throw new Error('no dialect')
        const { inputs, drift, pageSize } = drawn
        const reference = undisturbed.get(inputs)
        azure.configure({ dialect: String(seed), pageSize })
        const faults: unknown[] = []
        const expects = (what: string, found: unknown, wanted: unknown) => {
          if (JSON.stringify(found) !== JSON.stringify(wanted)) faults.push([what, found, wanted])
        }
        const succeeds = async (what: string, given: Readonly<Record<string, string>> = {}) => {
          const outcome = await run(azure, { ...inputs, ...given })
          if (outcome.exitCode !== 0) faults.push([what, told(outcome)])
          return outcome
        }

        const first = await succeeds('apply')
        expects('writes', writes(first), reference?.writes)
        expects('outputs', outputs(first), reference?.outputs)
        expects('end', difference(endOf(azure), reference?.state), undefined)

        DRIFTS[drift]?.(azure)
        const mended = await succeeds(drift)
        expects(`${drift}: changed`, mended.outputs.changed, String(drift !== 'nothing'))
        expects(`${drift}: lost`, [...lost(first), ...lost(mended)], [])
        expects(`${drift}: end`, difference(endOf(azure), reference?.state), undefined)

        const again = drift === 'nothing' ? mended : await succeeds('again')
        expects('again', [again.writes, again.outputs.changed], [[], 'false'])
        await succeeds('destroy', { operation: 'destroy', confirm: 'test', 'expires-after': '' })
        expects('left', [...azure.world.resources.keys()], [])
        return faults.length === 0 ? [] : [{ seed, inputs, drift, faults }]
      })
      expect(wrong.flat()).toEqual([])
    },
    PATIENCE_MS
  )
})
