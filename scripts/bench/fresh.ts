import { startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import { CHAINS, type Model } from './chains.ts'
import { inLanes } from './lanes.ts'
import { DAYS, latenciesOf } from './latencies.ts'
import { spanOf } from './span.ts'

/** A second of Azure's in 83 milliseconds of ours: slow enough for the action's own work to be little beside it. */
export const SPEED = 12
/** Runs side by side: they wait most of the time. */
export const LANES = 7

export interface Fresh {
  readonly model: Model
  readonly seed: number
  readonly hubs?: number
  readonly speed?: number
}

/** How much longer a fresh apply takes, from its first write on, than what Azure itself needs for one hub. */
export async function freshOverChain(fresh: Fresh): Promise<number> {
  const latency = latenciesOf(fresh.seed)
  const speed = fresh.speed ?? SPEED
  const emulator = await startEmulator({ profile: 'azure', speed, config: { latency } })
  try {
    await apply(emulator, fresh)
    return spanOf(emulator.requests) / CHAINS[fresh.model](latency)
  } finally {
    await emulator.stop()
  }
}

/** The same on each of the days. */
export function overChainByDay(model: Model): Promise<readonly number[]> {
  return inLanes(LANES, DAYS, (seed) => freshOverChain({ model, seed }))
}
