import { looking } from './oddShape.ts'
import type { AnyStep, IsBeingRemoved, Plan, PlanItem, See, StepResult, Unmanaged } from './step.ts'
import type { Removal } from './verdict.ts'

/** Something that is not removed, and so keeps alive what it lies in and what it uses. */
interface Staying {
  readonly name: string
  readonly resource: string
  readonly uses: readonly string[]
}

/**
 * Pure: what goes and what stays. What is not ours stays, and so does everything that it lies in or cannot live without.
 * Nothing is said of what does not exist.
 */
export function planTeardown(steps: readonly AnyStep[], see: See): Plan {
  const verdicts = new Map<AnyStep, Removal>()
  const goes: IsBeingRemoved = (resource) =>
    [...verdicts].some(
      ([step, { action }]) => action === 'remove' && !step.teardown?.follows && is(step, resource)
    )
  const judge = (follows: boolean) => {
    for (const step of steps) {
      if (step.teardown === undefined || Boolean(step.teardown.follows) !== follows) continue
      const { teardown } = step
      const verdict = looking(step, () => teardown.judge(see(step), see, goes))
      if (verdict !== undefined) verdicts.set(step, verdict)
    }
  }
  judge(false)
  while (keepWhatIsNeeded(verdicts, see)) {
    // Each round may keep something that others lie in.
  }
  judge(true)
  for (const [step, { action }] of verdicts) {
    const container = action === 'remove' && containerOf(step, verdicts)
    if (container) verdicts.set(step, { action: 'remove', with: container.kind })
  }
  return { items: [...verdicts].map(([step, verdict]) => ({ step, verdict })), unmanaged: [] }
}

type Verdicts = ReadonlyMap<AnyStep, Removal>

/** Pure: what of the contents of a step's resource, looked at again, does not go by this plan. */
export function strangersAmong(
  contents: readonly Unmanaged[],
  owner: AnyStep,
  items: readonly PlanItem[]
): readonly Unmanaged[] {
  const verdicts = new Map(items.map(({ step, verdict }) => [step, verdict as Removal]))
  return contents.filter(({ resource }) => !goesWith(resource, owner, verdicts))
}

/** @returns whether a verdict changed */
function keepWhatIsNeeded(verdicts: Map<AnyStep, Removal>, see: See): boolean {
  const staying = [...left(verdicts, see), ...strangers(verdicts, see)]
  let changed = false
  for (const [step, { action }] of verdicts) {
    if (action !== 'remove') continue
    const host = step.teardown?.onlyWith?.()
    if (host && verdicts.get(host)?.action !== 'remove') {
      verdicts.set(step, { action: 'leave', reason: `${host.kind} stays`, own: true })
      changed = true
      continue
    }
    const holder = staying.find(
      (one) => holds(step, one.resource) || one.uses.some((used) => is(step, used))
    )
    if (holder === undefined) continue
    const why = holds(step, holder.resource) ? 'is in it' : 'uses it'
    const reason = `${holder.name} ${why} and stays`
    verdicts.set(step, { action: 'leave', reason, own: true })
    changed = true
  }
  return changed
}

/** Steps that are left and keep others alive. */
function left(verdicts: Verdicts, see: See): readonly Staying[] {
  return [...verdicts]
    .filter(([step, { action }]) => action === 'leave' && !step.teardown?.follows)
    .map(([step]) => ({
      name: `${step.kind} ${step.resource}`,
      resource: step.resource,
      uses: step.teardown?.uses?.(see(step)) ?? []
    }))
}

/** What lies in our resources and does not go with any of them. */
function strangers(verdicts: Verdicts, see: See): readonly Staying[] {
  return [...verdicts.keys()].flatMap((owner) =>
    (owner.teardown?.contents?.(see(owner)) ?? [])
      .filter(({ resource }) => !goesWith(resource, owner, verdicts))
      .map(({ kind, resource, uses = [] }) => ({ name: `${kind} ${resource}`, resource, uses }))
  )
}

/** True when it is removed itself, or is part of something below `owner` that is. */
function goesWith(resource: string, owner: AnyStep, verdicts: Verdicts): boolean {
  return [...verdicts].some(
    ([step, { action }]) =>
      action === 'remove' &&
      (is(step, resource) ||
        (!step.teardown?.follows && holds(owner, step.resource) && holds(step, resource)))
  )
}

/** The step that takes this one with it. */
function containerOf(step: AnyStep, verdicts: Verdicts): AnyStep | undefined {
  if (!step.teardown?.within && step.teardown?.remove !== undefined) return undefined
  return [...verdicts.keys()].find(
    (other) =>
      other !== step &&
      verdicts.get(other)?.action === 'remove' &&
      !other.teardown?.follows &&
      takes(other, step.resource)
  )
}

/**
 * What has to be gone before a step's resource goes: everything that needs it, however far away, and what lies in it. What
 * ends with its container waits for that.
 */
export function removalOrder(items: readonly PlanItem[]): (step: AnyStep) => readonly AnyStep[] {
  const going = items.filter(({ verdict }) => verdict.action === 'remove')
  const alone = going.filter(({ verdict }) => !('with' in verdict)).map(({ step }) => step)
  const needs = new Map(alone.map((step) => [step, allNeeds(step)]))
  const after = (one: AnyStep) => one.teardown?.goesAfter?.() ?? []
  /** Goes later, although it could not be made without it: it outlives it, or something that this one does not outlive. */
  const outlives = (one: AnyStep, other: AnyStep) =>
    after(one).some(
      (last) => last === other || (needs.get(other)?.has(last) && !after(other).includes(last))
    )
  return (step) =>
    alone.includes(step)
      ? alone.filter(
          (other) =>
            other !== step &&
            ((needs.get(other)?.has(step) && !outlives(other, step)) ||
              holds(step, other.resource) ||
              after(step).includes(other))
        )
      : alone.filter((other) => takes(other, step.resource))
}

/**
 * Pure: milliseconds until every removal that another writer may still undo has settled. What was in something that is gone
 * as well has nowhere to come back to.
 *
 * @param now milliseconds since the run began
 */
export function removalSettles(results: readonly StepResult[], now: number): number {
  const removed = results.filter(({ outcome }) => outcome === 'removed')
  return Math.max(
    0,
    ...removed
      .filter(({ step }) => !removed.some(({ step: other }) => holds(other, step.resource)))
      .map(({ step, endedAt }) => endedAt + (step.teardown?.settleMs ?? 0) - now)
  )
}

function allNeeds(step: AnyStep, found = new Set<AnyStep>()): ReadonlySet<AnyStep> {
  for (const need of step.needs) {
    if (found.has(need)) continue
    found.add(need)
    allNeeds(need, found)
  }
  return found
}

function is(step: AnyStep, resource: string): boolean {
  return step.place?.(resource) === 'itself'
}

function holds(step: AnyStep, resource: string): boolean {
  return step.place?.(resource) === 'inside'
}

/** A grant bears the name of its scope, and ends with that. */
function takes(step: AnyStep, resource: string): boolean {
  return is(step, resource) || holds(step, resource)
}
