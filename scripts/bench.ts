// Measures, and checks nothing but the bounds that are promised: npm run bench, for machines npm run -s bench -- --json
import { readdirSync, statSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '../emulator/index.ts'
import { azOverAction } from './bench/azOverAction.ts'
import type { Model } from './bench/chains.ts'
import { coldStartOverNode } from './bench/coldStart.ts'
import { destroyOverChain } from './bench/destroy.ts'
import { unchangedRequests } from './bench/fleet.ts'
import { freshOverChain, overChainByDay } from './bench/fresh.ts'
import { median, timed } from './bench/median.ts'
import { tenAtOnce } from './bench/shared.ts'
import { unchangedRun } from './bench/unchanged.ts'
import { runAction } from './runner.ts'
import { COLD } from './underTest.ts'

interface Measure {
  readonly what: string
  readonly value: number
  readonly unit: 'bytes' | 'ms' | 'requests' | 'times'
  /** At most this. */
  readonly bound?: number
  /** At least this. */
  readonly least?: number
}

const RUNS = 9
const newest = '2026-11-01'
const tutorial = '2025-11-01-preview'
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

async function medianOf(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < RUNS; index++) times.push(await timed(run))
  return median(times)
}

const bundleBytes = readdirSync(dist)
  .filter((name) => name.endsWith('.js'))
  .reduce((sum, name) => sum + statSync(`${dist}${name}`).size, 0)

/** Of what mostly waits, both models at once. */
async function forBoth<T>(of: (model: Model) => Promise<T>) {
  const [first, second] = await Promise.all([of(newest), of(tutorial)])
  return { newest: first, tutorial: second }
}

async function measure(): Promise<Readonly<Record<string, Measure>>> {
  const badInputMs = await medianOf(() =>
    runAction({
      inputs: { environment: 'x', phases: 'nonsense', 'leaf-validity-days': '9137' },
      azure: {},
      job: { runner: COLD }
    })
  )
  const unchanged = { newest: await unchangedRun(newest), tutorial: await unchangedRun(tutorial) }
  const days = { newest: await overChainByDay(newest), tutorial: await overChainByDay(tutorial) }
  const ten = await forBoth((model) => freshOverChain({ model, seed: 0, hubs: 10 }))
  const fifty = await freshOverChain({ model: tutorial, seed: 0, hubs: 50, speed: 8 })
  const fiftyUnchanged = await unchangedRequests(tutorial, 50)
  const shared = await tenAtOnce()
  const destroy = await forBoth((model) => destroyOverChain(model, 0))
  const az = await azOverAction(days.tutorial)
  const emulator = await startEmulator({ profile: 'instant' })
  try {
    const ids = Object.entries(emulator.env).filter(([name]) => /^AZURE_.*_ID$/.test(name))
    const cold = await coldStartOverNode(Object.fromEntries(ids))
    const inputs = { environment: 'bench', location: 'westeurope' }
    const fresh = await runAction({ inputs, azure: emulator.env })
    if (fresh.exitCode !== 0) throw new Error(fresh.log)
    const created = emulator.requests.length
    emulator.reset()
    emulator.configure({ latency: { hubCreate: 3_600_000 } })
    let signalled = 0
    const creating = async () => {
      const begun = () =>
        emulator.requests.some(
          ({ method, url }) => method === 'PUT' && /\/IotHubs\/[^/]+\?/.test(url)
        )
      while (!begun()) await setTimeout(20)
      await setTimeout(500)
      signalled = performance.now()
      return 'SIGINT' as const
    }
    await runAction({ inputs, azure: emulator.env, interrupt: creating() })
    const cancelled = performance.now() - signalled
    return {
      bundleBytes: {
        what: 'all of dist/*.js',
        value: bundleBytes,
        unit: 'bytes',
        bound: 1_300_000
      },
      coldStartOverNodeMs: {
        what: 'start to first request, over Node with nothing to do',
        value: cold,
        unit: 'ms',
        bound: 90
      },
      badInputMs: { what: 'bad input, start to end', value: badInputMs, unit: 'ms', bound: 1_000 },
      'fresh.requests': { what: 'fresh run', value: created, unit: 'requests' },
      'fresh.overChain': {
        what: `fresh run over the longest chain of Azure's own latencies, worst of 20 days (${newest})`,
        value: Math.max(...days.newest),
        unit: 'times',
        bound: 1.05
      },
      'fresh.tutorial.overChain': {
        what: `the same (${tutorial})`,
        value: Math.max(...days.tutorial),
        unit: 'times',
        bound: 1.05
      },
      'unchanged.requests': {
        what: `unchanged run (${tutorial}): 8 resources and 5`,
        value: unchanged.tutorial.requests,
        unit: 'requests',
        bound: 13
      },
      'unchanged.newest.requests': {
        what: `unchanged run (${newest})`,
        value: unchanged.newest.requests,
        unit: 'requests',
        bound: 13
      },
      'unchanged.depth': {
        what: 'unchanged run, round trips that wait for one another',
        value: unchanged.tutorial.depth,
        unit: 'requests',
        bound: 4
      },
      'unchanged.wallMs': {
        what: 'unchanged run, start to end, 50 ms a round trip',
        value: unchanged.tutorial.wallMs,
        unit: 'ms',
        bound: 450
      },
      'hubs.10.overChain': {
        what: `10 hubs, fresh run over the chain of one (${newest})`,
        value: ten.newest,
        unit: 'times',
        bound: 1.15
      },
      'hubs.10.tutorial.overChain': {
        what: `10 hubs, fresh run over the chain of one (${tutorial})`,
        value: ten.tutorial,
        unit: 'times',
        bound: 1.15
      },
      'hubs.50.overChain': {
        what: `50 hubs, fresh run over the chain of one (${tutorial})`,
        value: fifty,
        unit: 'times',
        bound: 1.25
      },
      'hubs.50.unchangedRequests': {
        what: '50 hubs, unchanged run',
        value: fiftyUnchanged,
        unit: 'requests',
        bound: 75
      },
      'shared10.overChain': {
        what: 'ten environments at once on one DPS, each over its own chain, which waits for its turn; the worst',
        value: shared.overChain,
        unit: 'times',
        bound: 1.15
      },
      'shared10.overFirst': {
        what: 'the slowest of them over the chain of one that has the DPS for itself',
        value: shared.overFirst,
        unit: 'times'
      },
      'shared10.conflicts': {
        what: 'their answers 409 and 412',
        value: shared.conflicts,
        unit: 'requests',
        bound: 30
      },
      'destroy.overChain': {
        what: `destroy over the longest chain of dependent deletions (${newest})`,
        value: destroy.newest,
        unit: 'times',
        bound: 1.05
      },
      'destroy.tutorial.overChain': {
        what: `the same (${tutorial})`,
        value: destroy.tutorial,
        unit: 'times',
        bound: 1.05
      },
      azOverAction: {
        what: `the tutorial's commands as az sends and awaits them, one after the other, over one apply (${tutorial}), mean of 20 days`,
        value: az,
        unit: 'times',
        least: 1.7
      },
      cancelledMs: {
        what: 'cancelled run, signal to end',
        value: cancelled,
        unit: 'ms',
        bound: 2_000
      }
    }
  } finally {
    await emulator.stop()
  }
}

function shown(value: number, unit: Measure['unit']): string {
  const digits = unit === 'times' ? 2 : 0
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits
  })
}

function isMissed({
  value,
  bound = Number.POSITIVE_INFINITY,
  least = Number.NEGATIVE_INFINITY
}: Measure): boolean {
  return value > bound || value < least
}

function promiseOf({ unit, bound, least }: Measure): string {
  if (least !== undefined) return `at least ${shown(least, unit)}`
  return bound === undefined ? '' : `at most ${shown(bound, unit)}`
}

function rowOf([key, measure]: readonly [string, Measure]): string {
  const { what, value, unit } = measure
  const missed = isMissed(measure) ? 'MISSED' : ''
  return `${key.padEnd(27)}${shown(value, unit).padStart(10)} ${unit.padEnd(9)}${promiseOf(measure).padEnd(20)}${missed.padEnd(8)}${what}`
}

const measures = Object.entries(await measure())
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(Object.fromEntries(measures.map(([key, { value }]) => [key, value]))))
} else {
  console.log(`${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.versions.node}`)
  for (const entry of measures) console.log(rowOf(entry).trimEnd())
}
if (measures.some(([, measure]) => isMissed(measure))) process.exitCode = 1
