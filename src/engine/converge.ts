import type { Phase } from '../settings/settings.ts'
import { type ApplyOptions, applyPlan } from './applyPlan.ts'
import { Facts, observe } from './facts.ts'
import { makePlan } from './plan.ts'
import type { AnyStep, Plan, PlanItem, StepResult } from './step.ts'
import { isChange, wrote } from './verdict.ts'

export interface ConvergeOptions extends ApplyOptions {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Reads may lag behind writes for seconds (contract 11.6): how often a difference is looked at, and how far apart. */
export const LOOKS = 6
export const LOOK_AGAIN_MS = 5_000

/** The environment was built, and yet reading it back shows something else than what was wanted. */
export class NotHeldError extends Error {
  readonly items: Plan['items']

  constructor(items: Plan['items']) {
    const list = items.map(({ step, verdict }) => {
      const why =
        verdict.action === 'cannot'
          ? verdict.problems.map(({ what }) => what).join('; ')
          : verdict.action === 'await'
            ? verdict.reason
            : verdict.action
      return `${step.kind} ${step.resource} (${why})`
    })
    super(
      `After everything was applied, Azure still shows a difference at: ${list.join('; ')}. ` +
        'Something else is changing the same resources. Look for a second pipeline or a policy that writes them, ' +
        'give workflows of one environment a common `concurrency` group, and run again.'
    )
    this.name = 'NotHeldError'
    this.items = items
  }
}

/**
 * The final check: reads everything back until it is as wanted. What another writer undid (steps with a settle time) is
 * done again; any other difference only gets time to become visible.
 *
 * @returns the newest facts, and the results with those of repeated steps brought up to date
 * @throws NotHeldError when a difference stays
 */
export async function confirm(
  steps: readonly AnyStep[],
  phases: readonly Phase[],
  results: readonly StepResult[],
  options: ConvergeOptions
): Promise<{ readonly facts: Facts; readonly results: readonly StepResult[] }> {
  let latest = [...results]
  for (let look = 1; ; look++) {
    await options.sleep(settleTime(latest, options.elapsed()), options.signal)
    const facts = new Facts()
    await observe(steps, facts, {
      ...options,
      wanted: ({ phase }) => phases.includes(phase)
    })
    const differ = () =>
      makePlan(steps, phases, facts).items.filter(
        ({ step, verdict }) =>
          (isChange(verdict) || ['cannot', 'await'].includes(verdict.action)) &&
          // What is optional may stay undone, but what this run did has to be seen.
          (!step.optional || latest.some((result) => result.step === step && wrote(result)))
      )
    // Of what several environments share there may always be one that writes: it is judged as it is between two of them.
    await applyPlan(differ().flatMap(onlyAwaited), facts, options)
    const differing = differ()
    if (differing.length === 0) return { facts, results: latest }
    if (look === LOOKS) throw new NotHeldError(differing)
    const lost = differing.filter((item) => item.step.settleMs !== undefined)
    const redone = await applyPlan(lost, facts, options)
    for (const { error } of redone) if (error) throw error
    latest = latest.map((old) => redone.find((result) => result.step === old.step) ?? old)
    if (lost.length < differing.length) await options.sleep(LOOK_AGAIN_MS, options.signal)
  }
}

function onlyAwaited({ step, verdict }: PlanItem): readonly PlanItem[] {
  return verdict.action === 'await' ? [{ step, verdict: { ...verdict, only: true } }] : []
}

/** Pure: milliseconds until every write that another writer may still undo has settled. */
function settleTime(results: readonly StepResult[], now: number): number {
  const made = new Set(
    results.filter(({ outcome }) => outcome === 'created').map(({ step }) => step)
  )
  const shared = results.filter(({ step }) => !step.settledBy || !made.has(step.settledBy))
  return Math.max(
    0,
    ...shared.filter(wrote).map(({ step, endedAt }) => endedAt + (step.settleMs ?? 0) - now)
  )
}
