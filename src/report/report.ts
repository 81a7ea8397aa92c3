import type { Checked } from '../engine/checkPlan.ts'
import { hasWork } from '../engine/plan.ts'
import type { Plan, StepResult } from '../engine/step.ts'
import { wrote } from '../engine/verdict.ts'
import type { Operation } from '../settings/settings.ts'
import type { Origin } from './origin.ts'
import type { PictureDetails } from './pictureDetails.ts'

/** One run as it is told to people and to the next steps of a job. */
export interface Report {
  readonly operation: Operation
  /** Undefined for a sweep, which has many. */
  readonly environment: string | undefined
  readonly dryRun: boolean
  /** The model of the service, and why that one; undefined for a sweep, and when the run ended before it was known. */
  readonly version: { readonly version: string; readonly reason: string } | undefined
  /** Undefined when the run ended before there was one. */
  readonly plan: Plan | undefined
  readonly results: readonly StepResult[]
  readonly checks: readonly Checked[]
  /** Environments that a sweep looked at. */
  readonly swept: readonly Swept[]
  /** What steps tell of their resources' state, by the step's id. */
  readonly states: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The flat outputs that the resources filled. */
  readonly ids: Readonly<Record<string, string>>
  readonly origin: Origin
  readonly details: PictureDetails
  readonly warnings: readonly string[]
  readonly error: Error | undefined
  /** Milliseconds. */
  readonly duration: number
}

/** What became of one environment of the repository. */
export interface Swept {
  readonly environment: string
  /** Why it was removed, or why not. */
  readonly reason: string
  readonly outcome: 'removed' | 'would be removed' | 'left' | 'failed'
  readonly error?: string
}

/** True when the run wrote something, or would have. */
export function changed({ plan, results, dryRun }: Report): boolean {
  if (dryRun) return plan !== undefined && hasWork(plan)
  return results.some(wrote)
}
