import { startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import type { Model } from './chains.ts'

/** Requests of a run that finds a fleet as it should be. */
export async function unchangedRequests(model: Model, hubs: number): Promise<number> {
  const emulator = await startEmulator({ profile: 'instant' })
  try {
    await apply(emulator, { model, hubs })
    const before = emulator.requests.length
    await apply(emulator, { model, hubs })
    return emulator.requests.length - before
  } finally {
    await emulator.stop()
  }
}
