import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { apply } from './apply.ts'
import { joiningChain } from './chains.ts'
import { SPEED } from './fresh.ts'
import { latenciesOf } from './latencies.ts'
import { spanOf } from './span.ts'

const MODEL = '2025-11-01-preview'

export interface Shared {
  /** Each of ten over its own chain, at its turn with the DPS; the worst. */
  readonly overChain: number
  /** The slowest of ten over the chain of one that has the DPS for itself. */
  readonly overFirst: number
  /** Answers 409 and 412. */
  readonly conflicts: number
}

/**
 * Ten environments that join one namespace and one DPS at once, each from its first write to its last request: that ten
 * processes start on one machine, which ten jobs do not, is left out.
 */
export async function tenAtOnce(): Promise<Shared> {
  const latency = latenciesOf(0)
  const emulator = await startEmulator({ profile: 'azure', speed: SPEED, config: { latency } })
  try {
    await apply(emulator, { model: MODEL })
    const shared = {
      namespace: idOf(emulator, 'namespaces'),
      dps: idOf(emulator, 'provisioningServices')
    }
    const join = (environment: string) =>
      apply(emulator, { model: MODEL }, { ...shared, environment })
    const span = (environment: string) => spanOf(emulator.requests, { named: `-${environment}-` })
    const before = emulator.requests.length
    const branches = Array.from({ length: 10 }, (_, n) => `branch-${n}`)
    await Promise.all(branches.map(join))
    const conflicts = emulator.requests
      .slice(before)
      .filter(({ status }) => status === 409 || status === 412).length
    const spans = branches.map(span).toSorted((one, other) => one - other)
    const overs = spans.map((span, before) => span / joiningChain(latency, before + 1))
    const overFirst = Math.max(...spans) / joiningChain(latency, 1)
    return { overChain: Math.max(...overs), overFirst, conflicts }
  } finally {
    await emulator.stop()
  }
}

function idOf({ world }: Emulator, type: string): string {
  for (const { id } of world.resources.values())
    if (id.split('/').at(-2)?.toLowerCase() === type.toLowerCase()) return id
  throw new Error(`there is none of ${type}`)
}
