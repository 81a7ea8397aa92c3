import type { Speak } from '../azure/azure.ts'
import type { ReadAhead } from '../azure/http/readAhead.ts'
import type { Time } from '../azure/time.ts'
import type { Checked } from '../engine/checkPlan.ts'
import { Facts } from '../engine/facts.ts'
import type { AnyStep, Plan, StepResult } from '../engine/step.ts'
import type { Generations } from '../generations/generation.ts'
import type { ChosenVersion } from '../generations/offered.ts'
import type { Log } from '../report/log.ts'
import type { Progress } from '../report/progress.ts'
import type { Swept } from '../report/report.ts'
import type { Environment, Settings } from '../settings/settings.ts'

/** What every operation works with. */
export interface Session<S extends Settings = Settings> {
  readonly settings: S
  readonly generations: Generations
  readonly speak: Speak
  readonly ahead: ReadAhead
  readonly log: Log
  readonly progress: Progress
  readonly time: Time
  /** Aborted when the run is cancelled or its time is up. */
  readonly signal: AbortSignal
  /** Milliseconds since the run began. */
  readonly elapsed: () => number
}

/** What is known so far, filled as an operation goes on: it is told however the run ends. */
export class Ledger {
  /** Undefined for a sweep, and until it is known. */
  version: ChosenVersion | undefined
  steps: readonly AnyStep[] = []
  facts = new Facts()
  plan: Plan | undefined
  results: readonly StepResult[] = []
  checks: readonly Checked[] = []
  swept: readonly Swept[] = []
  readonly warnings: string[] = []
}

/** The model that an environment is built by, and Azure as that model speaks to it. */
export function modelOf(
  { generations, speak }: Pick<Session, 'generations' | 'speak'>,
  { serviceVersion }: Pick<Environment, 'serviceVersion'>
) {
  const generation = generations[serviceVersion]
  return { generation, azure: speak(generation.versions) }
}

/** How the engine is told to go about it. */
export function pace({ signal, elapsed, progress }: Session) {
  return { signal, elapsed, watch: progress }
}
