import type { See, Step } from '../engine/step.ts'
import type { Target } from '../settings/settings.ts'
import type { Tools } from './context.ts'
import type { ArmFacts, Life, ParentFacts } from './life.ts'
import { lifecycle } from './lifecycle.ts'
import type { TrackedResource } from './model.ts'
import { judgeRemoval } from './ownership.ts'

/** A resource that has no name of its own among the inputs, because it lies in one that has. */
export interface ChildResource<R extends TrackedResource> extends Omit<Life<R>, 'parent'> {
  /** The one with a name: whose that is says how this one stands to the environment. */
  readonly of: Target
  readonly parent: Step<ParentFacts>
  /** What the parent's facts tell of it: one request for all children of a kind. */
  readonly listed?: (see: See) => R | undefined
  /** It has no removal of its own: it ends with the parent, or stays for the reason given. */
  readonly staysWithParent?: string
}

/** The life of a resource below another one. */
export function childResource<R extends TrackedResource>(
  tools: Tools,
  { of, listed, staysWithParent, ...life }: ChildResource<R>
): Step<ArmFacts<R>> {
  const lost = () => tools.family.isOurs(of.id)
  const step = lifecycle<R>(tools, life, () => ({ byId: of.byId ?? false, lost: lost() }))
  return {
    ...step,
    ...(listed && { ask: () => {}, observe: async (see: See) => ({ resource: listed(see) }) }),
    ...(staysWithParent !== undefined && {
      teardown: {
        within: true,
        follows: true,
        judge: ({ resource }, _see, isBeingRemoved) => {
          const verdict = resource && judgeRemoval(tools.claim, resource, lost())
          if (verdict?.action !== 'remove' || isBeingRemoved(life.parent.resource)) return verdict
          return { action: 'leave', reason: staysWithParent }
        }
      }
    })
  }
}

/** The same resource, only looked at. @param reason why nothing is done about it */
export function onlySeen<F>(step: Step<F>, reason: string): Step<F> {
  return {
    ...step,
    unmetRequirement: () => undefined,
    judge: () => ({ action: 'keep', reason }),
    outputs: () => ({})
  }
}
