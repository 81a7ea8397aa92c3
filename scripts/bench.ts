// Measures, and checks nothing but the bounds that are promised: npm run bench
import { readdirSync, statSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '../emulator/index.ts'
import { runAction } from './runner.ts'

const RUNS = 9
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

/** The median of several runs, in milliseconds. */
async function median(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < RUNS; index++) {
    const started = performance.now()
    await run()
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] as number
}

const size = readdirSync(dist)
  .filter((name) => name.endsWith('.js'))
  .reduce((sum, name) => sum + statSync(`${dist}${name}`).size, 0)

const badInput = await median(() =>
  runAction({
    inputs: { environment: 'x', phases: 'nonsense', 'leaf-validity-days': '9137' },
    azure: {}
  })
)

const emulator = await startEmulator({ profile: 'instant' })
try {
  const inputs = { environment: 'bench', location: 'westeurope' }
  const fresh = await runAction({ inputs, azure: emulator.env })
  if (fresh.exitCode !== 0) throw new Error(fresh.log)
  const before = emulator.requests.length
  const unchanged = await median(() => runAction({ inputs, azure: emulator.env }))
  const requests = (emulator.requests.length - before) / RUNS
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
  console.log(`bundle: ${size} bytes of dist/*.js (bound 2,000,000)`)
  console.log(`bad input, start to exit: ${badInput.toFixed(0)} ms (bound 1,000 ms)`)
  console.log(`fresh run: ${before} requests`)
  console.log(
    `unchanged run against an instant Azure: ${unchanged.toFixed(0)} ms, ${requests} requests`
  )
  console.log(`unchanged run over bad input: ${(unchanged / badInput).toFixed(2)}`)
  console.log(`cancelled run, signal to end: ${cancelled.toFixed(0)} ms (bound 2,000 ms)`)
  if (size > 2_000_000 || badInput > 1_000 || cancelled > 2_000) process.exitCode = 1
} finally {
  await emulator.stop()
}
