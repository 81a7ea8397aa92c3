import { startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import { DELETIONS, type Model } from './chains.ts'
import { SPEED } from './fresh.ts'
import { latenciesOf } from './latencies.ts'
import { spanOf } from './span.ts'

/** How much longer a destroy takes, from its first deletion on, than the deletions that have to follow each other. */
export async function destroyOverChain(model: Model, seed: number): Promise<number> {
  const latency = latenciesOf(seed)
  const emulator = await startEmulator({ profile: 'azure', speed: SPEED, config: { latency } })
  try {
    await apply(emulator, { model })
    const before = emulator.requests.length
    await apply(emulator, { model }, { operation: 'destroy', confirm: 'bench' })
    return spanOf(emulator.requests.slice(before), { by: 'DELETE' }) / DELETIONS[model](latency)
  } finally {
    await emulator.stop()
  }
}
