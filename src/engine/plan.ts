import type { Phase } from '../settings/settings.ts'
import type { Facts } from './facts.ts'
import type { AnyStep, Plan, PlanItem, Problem, See, Verdict, Work } from './step.ts'

/** True for the verdicts that lead to a write. */
export function isWork(verdict: Verdict): verdict is Work {
  return !['keep', 'skip', 'cannot', 'unknown', 'leave'].includes(verdict.action)
}

/** True when the plan would make Azure another than it is; keeping an expiry alive does not. */
export function hasWork(plan: Plan): boolean {
  return plan.items.some(({ verdict }) => isWork(verdict) && verdict.action !== 'renew')
}

/** What stops the plan, each problem once. */
export function problems(plan: Plan): readonly Problem[] {
  return distinct(
    plan.items.flatMap(({ verdict }) => (verdict.action === 'cannot' ? verdict.problems : []))
  )
}

function distinct(found: readonly Problem[]): readonly Problem[] {
  return [...new Map(found.map((problem) => [problem.what, problem])).values()]
}

/** Pure: compares what was observed with what is wanted, for the steps of the selected phases. */
export function makePlan(
  steps: readonly AnyStep[],
  phases: readonly Phase[],
  { see, has }: Pick<Facts, 'see' | 'has'>
): Plan {
  const selected = (step: AnyStep) => phases.includes(step.phase)
  const items = steps.filter(selected).map((step): PlanItem => {
    const verdict = step.judge(see(step), see)
    const unmet = isWork(verdict)
      ? step.needs.filter((need) => !selected(need)).flatMap((need) => unmetNeed(need, see))
      : []
    return {
      step,
      verdict: unmet.length === 0 ? verdict : { action: 'cannot', problems: distinct(unmet) }
    }
  })
  return {
    items: items.filter(
      ({ step, verdict }) => !step.exceptional || verdict.action !== 'keep' || verdict.warning
    ),
    unmanaged: steps.filter(has).flatMap((step) => [...(step.unmanaged?.(see(step)) ?? [])])
  }
}

/** Why a step of a phase that was not selected cannot serve those that need it. */
function unmetNeed(need: AnyStep, see: See): readonly Problem[] {
  const facts = see(need)
  const lack = need.lacks(facts)
  if (lack !== undefined) {
    if (need.optional) return []
    return [
      {
        what: `${need.kind} ${need.resource}: ${lack}`,
        advice: `Add the phase \`${need.phase}\` to \`phases\`, which takes care of it, or run it first.`
      }
    ]
  }
  const verdict = need.judge(facts, see)
  return verdict.action === 'cannot' ? verdict.problems : []
}
