import { setTimeout } from 'node:timers/promises'
import { startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import type { Model } from './chains.ts'

/** Milliseconds until the bucket of reads is full again, which the fresh run empties (`throttle` in emulator/defaults.ts). */
const REFILL_MS = 10_000

/** Requests of a run that finds a fleet as it should be. */
export async function unchangedRequests(model: Model, hubs: number): Promise<number> {
  const emulator = await startEmulator({ profile: 'instant' })
  try {
    await apply(emulator, { model, hubs })
    await setTimeout(REFILL_MS)
    const before = emulator.requests.length
    await apply(emulator, { model, hubs })
    return emulator.requests.length - before
  } finally {
    await emulator.stop()
  }
}
