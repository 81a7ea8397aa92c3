import { changeText } from './changes.ts'
import { looking } from './oddShape.ts'
import type { AnyStep, Check, PlanItem, See, StepResult } from './step.ts'
import { type Verdict, wrote } from './verdict.ts'

/** A check and what it is about. */
export interface Checked extends Check {
  readonly step: AnyStep
}

/**
 * Pure: every check of the steps in a plan: what each looks at itself, and that nothing differs from what is wanted. Of an
 * optional step that is not as wanted, only that much is said: it may be one that nobody lets us do, which a condition on a
 * role, for instance, does not tell before the write. What this run itself did has to hold all the same.
 *
 * @param results how the steps of this run ended
 */
export function checkPlan(
  items: readonly PlanItem[],
  see: See,
  results: readonly StepResult[] = []
): readonly Checked[] {
  const done = new Set(results.filter(wrote).map(({ step }) => step))
  return items.flatMap(({ step, verdict }) => {
    const fit = asWanted(step, verdict)
    const undone = verdict.action === 'skip' || (step.optional && !fit.holds && !done.has(step))
    const checks = undone
      ? [{ ...fit, warning: true }]
      : [...looking(step, () => step.checks?.(see(step), see) ?? []), fit]
    return checks.map((check) => ({ ...check, step }))
  })
}

/** True when nothing that matters is broken. */
export function holds(checks: readonly Check[]): boolean {
  return checks.every((check) => check.holds || check.warning)
}

/** What is checked of every step. */
export const AS_WANTED = 'matches the inputs'

function asWanted({ phase, optional }: AnyStep, verdict: Verdict): Check {
  const remedy = `Run \`operation: apply\` with the phase \`${phase}\`.${optional ? ' It is optional: nothing waits for it.' : ''}`
  const what = AS_WANTED
  switch (verdict.action) {
    case 'create':
      return { what, holds: false, found: 'it does not exist', remedy }
    case 'change':
      return { what, holds: false, found: verdict.changes.map(changeText).join('; '), remedy }
    case 'await': {
      const later = 'Azure is still working on it: run `operation: verify` again in a few minutes.'
      return { what, holds: false, found: verdict.reason, remedy: later }
    }
    case 'act':
      return { what, holds: false, found: verdict.reason, remedy }
    case 'skip':
      return { what, holds: false, found: verdict.warning, remedy }
    case 'cannot': {
      const [found, advice] = [
        verdict.problems.map((one) => one.what),
        verdict.problems.map((one) => one.advice)
      ]
      return { what, holds: false, found: found.join('; '), remedy: advice.join(' ') }
    }
    case 'unknown': {
      const { what: found, advice } = verdict.problem
      return { what, holds: false, unchecked: true, found, remedy: advice }
    }
    case 'keep':
    case 'renew':
      return verdict.warning === undefined
        ? { what, holds: true, remedy }
        : { what, holds: false, warning: true, found: verdict.warning, remedy }
    default:
      return { what, holds: true, remedy }
  }
}
