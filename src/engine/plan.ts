import type { Phase } from '../settings/settings.ts'
import type { AnyStep, Plan, PlanItem, Problem, See, Verdict, Work } from './step.ts'

/** True for the verdicts that lead to a write. */
export function isWork(verdict: Verdict): verdict is Work {
  return verdict.action === 'create' || verdict.action === 'change' || verdict.action === 'act'
}

/** True when carrying out the plan would write something. */
export function hasWork(plan: Plan): boolean {
  return plan.items.some((item) => isWork(item.verdict))
}

/** What stops the plan, each problem once. */
export function problems(plan: Plan): readonly (Problem & { readonly step: AnyStep })[] {
  const found = new Map<string, Problem & { readonly step: AnyStep }>()
  for (const { step, verdict } of plan.items) {
    if (verdict.action === 'cannot' && !found.has(verdict.problem.what)) {
      found.set(verdict.problem.what, { ...verdict.problem, step })
    }
  }
  return [...found.values()]
}

/** Pure: compares what was observed with what is wanted, for the steps of the selected phases. */
export function makePlan(steps: readonly AnyStep[], phases: readonly Phase[], see: See): Plan {
  const selected = (step: AnyStep) => phases.includes(step.phase)
  const items: PlanItem[] = steps.filter(selected).map((step) => {
    const verdict = step.judge(see(step), see)
    const unmet = step.needs.filter((need) => !selected(need)).map((need) => unmetNeed(need, see))
    const problem = isWork(verdict) ? unmet.find((found) => found !== undefined) : undefined
    return { step, verdict: problem === undefined ? verdict : { action: 'cannot', problem } }
  })
  const unmanaged = steps.flatMap((step) => [...(step.unmanaged?.(see(step)) ?? [])])
  return { items, unmanaged }
}

/** Why a step of a phase that was not selected cannot serve those that need it. */
function unmetNeed(need: AnyStep, see: See): Problem | undefined {
  const facts = see(need)
  const lack = need.lacks(facts)
  if (lack !== undefined) {
    if (need.optional) return undefined
    return {
      what: `${need.kind} ${need.resource}: ${lack}`,
      advice: `Add the phase \`${need.phase}\` to \`phases\`, which takes care of it, or run it first.`
    }
  }
  const verdict = need.judge(facts, see)
  return verdict.action === 'cannot' ? verdict.problem : undefined
}
