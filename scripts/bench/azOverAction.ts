import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator } from '../../emulator/index.ts'
import { CHAINS } from './chains.ts'
import { LANES, SPEED } from './fresh.ts'
import { inLanes } from './lanes.ts'
import { DAYS, latenciesOf } from './latencies.ts'
import { spanOf } from './span.ts'

const TUTORIAL = fileURLToPath(new URL('./azTutorial.ts', import.meta.url))
const SECRET = 'bench'

/**
 * How many times as long as one apply the commands of the tutorial take, one after the other, on an average day: each from
 * the first write to the last request. The Azure CLI itself does not run: its requests are sent, in its order and with its
 * waiting. At the speed of the fresh applies and as many side by side, so that what the machine adds to each request is
 * alike.
 *
 * @param overChain of the fresh applies of these days
 */
export async function azOverAction(overChain: readonly number[]): Promise<number> {
  const ratios = await inLanes(LANES, DAYS, async (seed) => {
    const action = (overChain[seed] ?? Number.NaN) * CHAINS['2025-11-01-preview'](latenciesOf(seed))
    return (await azOn(seed)) / action
  })
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
}

/** Milliseconds of Azure's that the commands take on a day. */
async function azOn(seed: number): Promise<number> {
  const config = { latency: latenciesOf(seed), deployer: { secret: SECRET } }
  const emulator = await startEmulator({ profile: 'azure', speed: SPEED, config })
  try {
    await promisify(execFile)(process.execPath, [TUTORIAL], {
      env: {
        ...emulator.env,
        NODE_OPTIONS: '',
        NODE_USE_ENV_PROXY: '1',
        AZURE_CLIENT_SECRET: SECRET
      }
    })
    return spanOf(emulator.requests)
  } finally {
    await emulator.stop()
  }
}
