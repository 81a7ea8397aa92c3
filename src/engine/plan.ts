import type { Phase } from '../settings/settings.ts'
import type { Facts } from './facts.ts'
import { looking } from './oddShape.ts'
import type { AnyStep, Plan, PlanItem, See } from './step.ts'
import { isChange, isDue, isWork, type Problem, type Verdict } from './verdict.ts'

/** True when the plan would make Azure another than it is. */
export function hasWork(plan: Plan): boolean {
  return plan.items.some(({ verdict }) => isChange(verdict))
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

/**
 * Pure: compares what was observed with what is wanted, for the steps of the selected phases. What those need and Azure has
 * not done with is waited for in whatever phase it is: waiting writes nothing.
 */
export function makePlan(
  steps: readonly AnyStep[],
  phases: readonly Phase[],
  { see, has }: Pick<Facts, 'see' | 'has'>
): Plan {
  const selected = (step: AnyStep) => phases.includes(step.phase)
  const judged = (step: AnyStep) => looking(step, () => step.judge(see(step), see))
  const verdicts = new Map<AnyStep, Verdict>()
  for (const step of steps.filter(selected)) {
    const verdict = judged(step)
    const needs = isDue(verdict) ? step.needs.filter((need) => !selected(need)) : []
    const late = needs.filter((need) => {
      const reason = lateOf(need, judged(need), see)
      if (reason !== undefined) verdicts.set(need, { action: 'await', reason, only: true })
      return reason !== undefined
    })
    const unmet = isWork(verdict)
      ? needs
          .filter((need) => !late.includes(need))
          .flatMap((need) => looking(need, () => unmetNeed(need, see)))
      : []
    verdicts.set(
      step,
      unmet.length === 0 ? verdict : { action: 'cannot', problems: distinct(unmet) }
    )
  }
  const items = steps.flatMap((step): readonly PlanItem[] => {
    const verdict = verdicts.get(step)
    return verdict === undefined ? [] : [{ step, verdict }]
  })
  return {
    items: items.filter(
      ({ step, verdict }) => !step.exceptional || verdict.action !== 'keep' || verdict.warning
    ),
    unmanaged: steps
      .filter(has)
      .flatMap((step) => looking(step, () => step.unmanaged?.(see(step)) ?? []))
  }
}

/** What is waited for at a step, whatever there is to do about it afterwards. */
function lateOf(step: AnyStep, verdict: Verdict, see: See): string | undefined {
  if (verdict.action === 'await') return verdict.reason
  return verdict.action === 'cannot' ? undefined : step.late?.(see(step))
}

/** Why a step of a phase that was not selected cannot serve those that need it. */
function unmetNeed(need: AnyStep, see: See): readonly Problem[] {
  const facts = see(need)
  const lack = need.unmetRequirement(facts)
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
