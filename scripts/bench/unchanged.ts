import { startEmulator } from '../../emulator/index.ts'
import type { Exchange } from '../../emulator/record.ts'
import { apply } from './apply.ts'
import type { Model } from './chains.ts'
import { median } from './median.ts'

/** Milliseconds of a round trip to Azure from a hosted runner, as the bound has it. */
const ROUND_TRIP_MS = 50
const RUNS = 9

export interface Unchanged {
  readonly requests: number
  /** Round trips that wait for one another. */
  readonly depth: number
  readonly wallMs: number
}

/** A run that finds everything as it should be. */
export async function unchangedRun(model: Model): Promise<Unchanged> {
  const emulator = await startEmulator({ profile: 'instant' })
  try {
    await apply(emulator, { model })
    emulator.configure({ latency: { request: ROUND_TRIP_MS } })
    const looks: Unchanged[] = []
    for (let run = 0; run < RUNS; run++) {
      const before = emulator.requests.length
      const { durationMs: wallMs } = await apply(emulator, { model })
      const requests = emulator.requests.slice(before)
      looks.push({ requests: requests.length, depth: depthOf(requests), wallMs })
    }
    const of = (figure: keyof Unchanged) => median(looks.map((look) => look[figure]))
    return { requests: of('requests'), depth: of('depth'), wallMs: of('wallMs') }
  } finally {
    await emulator.stop()
  }
}

/** Length of the longest row of requests of which each began when the one before had been answered. */
function depthOf(requests: readonly Exchange[]): number {
  const depths: { readonly end: number; readonly depth: number }[] = []
  for (const { time, durationMs } of requests) {
    const start = Date.parse(time)
    const before = depths.filter(({ end }) => end <= start).map(({ depth }) => depth)
    depths.push({ end: start + durationMs, depth: 1 + Math.max(0, ...before) })
  }
  return Math.max(0, ...depths.map(({ depth }) => depth))
}
