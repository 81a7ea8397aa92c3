import type { ApplyOptions, Choreography } from '../engine/applyPlan.ts'
import type { Facts } from '../engine/facts.ts'
import { ofStep } from '../engine/oddShape.ts'
import {
  type AnyStep,
  type Plan,
  type PlanItem,
  Stays,
  type StepResult,
  type Unmanaged
} from '../engine/step.ts'
import { removalOrder, strangersAmong } from '../engine/teardown.ts'

/** The steps whose resources go by a plan; none while there is no plan. */
export function stepsToRemove(plan: Plan | undefined): readonly AnyStep[] {
  return (plan?.items ?? []).filter(goes).map(({ step }) => step)
}

/** Of what is there although it was removed: what another writer has brought back, and may go again. */
export function broughtBack(left: readonly PlanItem[]): readonly PlanItem[] {
  return left.filter((item) => goes(item) && item.step.teardown?.settleMs !== undefined)
}

/**
 * How a teardown goes: what ends with its container stays when that does. What Azure tells late is looked for before
 * anything goes, so that it is up to date when its container's turn comes.
 */
export async function removal(
  items: readonly PlanItem[],
  { see }: Pick<Facts, 'see'>,
  { signal, elapsed }: Pick<ApplyOptions, 'signal' | 'elapsed'>
): Promise<Choreography> {
  const before = removalOrder(items)
  const kept = new Map<AnyStep, Stays>()
  const keep = (step: AnyStep, stays: Stays) => {
    kept.set(step, stays)
    return stays
  }
  // Called late: what was kept since the plan is a stranger like any other.
  const strangersIn = (step: AnyStep) => (contents: readonly Unmanaged[]) => {
    const now = items.map((item): PlanItem => {
      const stays = kept.get(item.step)
      return stays ? { ...item, verdict: { action: 'leave', reason: stays.reason } } : item
    })
    return strangersAmong(contents, step, now)
  }
  const lookedAt = new Map<AnyStep, number>()
  const lookAhead = async (step: AnyStep) => {
    if (step.teardown?.lookAhead === undefined) return
    const look = { facts: see(step), see, strangers: strangersIn(step), signal }
    try {
      const stays = await step.teardown.lookAhead(look)
      if (stays) keep(step, stays)
    } catch (error) {
      throw ofStep(step, error)
    }
    lookedAt.set(step, elapsed())
  }
  await Promise.all(items.filter(goes).map(({ step }) => lookAhead(step)))
  return {
    before,
    act: async (step, task) => {
      if (task.verdict.action !== 'remove') return undefined
      if (kept.has(step)) return kept.get(step)
      if (task.verdict.with) {
        const container = before(step).find((other) => kept.has(other))
        return container && keep(step, new Stays(`the ${container.kind} stays`))
      }
      // What a part keeps, keeps what it lies in: some contents, a credential for one, are in no list.
      const inner = [...kept.keys()].find(
        (other) => !other.teardown?.follows && step.place?.(other.resource) === 'inside'
      )
      if (inner) return keep(step, new Stays(`${inner.kind} ${inner.resource} is in it and stays`))
      const looked = lookedAt.get(step)
      const stays = await step.teardown?.remove?.({
        ...task,
        strangers: strangersIn(step),
        ...(looked !== undefined && { lookedAgoMs: elapsed() - looked })
      })
      return stays instanceof Stays ? keep(step, stays) : undefined
    }
  }
}

/** The newest result of each step; those of a later round come last. */
export function merged(
  earlier: readonly StepResult[],
  later: readonly StepResult[]
): readonly StepResult[] {
  const known = new Set(later.map(({ step }) => step.id))
  // What is gone since an earlier round is in no later plan.
  return [...earlier.filter(({ step }) => !known.has(step.id)), ...later]
}

/** Ids of the steps whose resources were removed: nothing of them may be seen any more. */
export function removedIds(results: readonly StepResult[]): ReadonlySet<string> {
  return new Set(results.filter(({ outcome }) => outcome === 'removed').map(({ step }) => step.id))
}

function goes({ verdict }: PlanItem): boolean {
  return verdict.action === 'remove'
}
