import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import { latenciesOf } from './latencies.ts'
import { timed } from './median.ts'

const MODEL = '2025-11-01-preview'
const SPEED = 20

export interface Shared {
  /** The slowest of ten over one that has the DPS for itself. */
  readonly overAlone: number
  /** Answers 409 and 412. */
  readonly conflicts: number
}

/** Ten environments that join one namespace and one DPS at once. */
export async function tenAtOnce(): Promise<Shared> {
  const emulator = await startEmulator({
    profile: 'azure',
    speed: SPEED,
    config: { latency: latenciesOf(0) }
  })
  try {
    await apply(emulator, { model: MODEL })
    const shared = {
      namespace: idOf(emulator, 'namespaces'),
      dps: idOf(emulator, 'provisioningServices')
    }
    const join = (environment: string) =>
      timed(() => apply(emulator, { model: MODEL }, { ...shared, environment }))
    const alone = await join('alone')
    const before = emulator.requests.length
    const together = await Promise.all(Array.from({ length: 10 }, (_, n) => join(`branch-${n}`)))
    const conflicts = emulator.requests
      .slice(before)
      .filter(({ status }) => status === 409 || status === 412).length
    return { overAlone: Math.max(...together) / alone, conflicts }
  } finally {
    await emulator.stop()
  }
}

function idOf({ world }: Emulator, type: string): string {
  for (const { id } of world.resources.values())
    if (id.split('/').at(-2)?.toLowerCase() === type.toLowerCase()) return id
  throw new Error(`there is none of ${type}`)
}
