import type { Plan, StepResult } from '../engine/step.ts'

/** One run as it is told to people and to the next steps of a job. */
export interface Report {
  readonly environment: string
  readonly dryRun: boolean
  /** Undefined when the run ended before there was one. */
  readonly plan: Plan | undefined
  readonly results: readonly StepResult[]
  /** The flat outputs that the resources filled. */
  readonly ids: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
  readonly error: Error | undefined
  /** Milliseconds. */
  readonly duration: number
}

/** True when the run wrote something, or would have. */
export function changed({ plan, results, dryRun }: Report): boolean {
  if (dryRun) return (plan?.items ?? []).some(({ verdict }) => WORK.has(verdict.action))
  return results.some(({ outcome }) => WROTE.has(outcome))
}

const WORK: ReadonlySet<string> = new Set(['create', 'change', 'act'])
const WROTE: ReadonlySet<string> = new Set(['created', 'changed', 'done'])
