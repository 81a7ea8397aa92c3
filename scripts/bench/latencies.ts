import { createHash } from 'node:crypto'
import { type LatencyName, profiles } from '../../emulator/latency.ts'

export type Latencies = Readonly<Record<LatencyName, number>>

/** Seeds of the days that the benchmark knows. */
export const DAYS: readonly number[] = Array.from({ length: 20 }, (_, seed) => seed)

/** Each latency is up to so much shorter or longer than its mean. */
const SPREAD = 0.1

/**
 * Milliseconds that Azure takes on one day: those of the emulator's realistic profile, each off its mean. Means are round
 * and fit the poll interval, which no real duration does.
 *
 * @param seed of the day: the same one is the same day in every run of the benchmark
 */
export function latenciesOf(seed: number): Latencies {
  const off = (name: string) =>
    createHash('sha256').update(`${seed}/${name}`).digest().readUInt32BE() / 2 ** 31 - 1
  return Object.fromEntries(
    Object.entries(profiles.azure.latency).map(([name, mean]) => [
      name,
      Math.round(mean * (1 + SPREAD * off(name)))
    ])
  ) as Latencies
}
