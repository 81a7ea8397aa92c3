import { startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import { CHAINS, type Model } from './chains.ts'
import { latenciesOf } from './latencies.ts'

/** A second of Azure's in 33 milliseconds of ours: slow enough for the action's own work to be little beside it. */
const SPEED = 30
/** Days of different latencies. */
const SEEDS = 20
/** Runs side by side: they wait most of the time. */
const LANES = 3

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
    const { requests } = emulator
    const first = requests.find(({ method }) => method === 'PUT')
    const last = requests.at(-1)
    if (first === undefined || last === undefined) throw new Error('nothing was sent')
    return (Date.parse(last.time) - Date.parse(first.time)) / CHAINS[fresh.model](latency)
  } finally {
    await emulator.stop()
  }
}

/** The worst of several days. */
export async function worstOverChain(model: Model): Promise<number> {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed)
  const ratios: number[] = []
  const lane = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
      ratios.push(await freshOverChain({ model, seed }))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return Math.max(...ratios)
}
