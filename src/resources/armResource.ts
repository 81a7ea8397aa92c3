import type { Step } from '../engine/step.ts'
import { groupIdOf, liesIn } from '../settings/resourceId.ts'
import type { Target } from '../settings/settings.ts'
import type { Tools } from './context.ts'
import type { ArmFacts, Life, ParentFacts } from './life.ts'
import { lifecycle } from './lifecycle.ts'
import type { TrackedResource } from './model.ts'

/** A resource that has a name of its own among the inputs. */
export interface ArmResource<R extends TrackedResource>
  extends Omit<Life<R>, 'resource' | 'parent' | 'create'> {
  readonly target: Target
  /** The environment's own group; absent for the group itself. */
  readonly group?: Step<ParentFacts>
  readonly create: Omit<Life<R>['create'], 'elsewhere'>
}

/** The life of a resource that may be made here, shared, or somebody else's. */
export function armResource<R extends TrackedResource>(
  tools: Tools,
  { target, group, ...life }: ArmResource<R>
): Step<ArmFacts<R>> {
  const { id, byId = false } = target
  const home = group !== undefined && liesIn(id, group.resource) ? group : undefined
  const elsewhere = group !== undefined && home === undefined ? groupIdOf(id) : undefined
  return lifecycle<R>(
    tools,
    { ...life, resource: id, parent: home, create: { ...life.create, elsewhere } },
    () => ({ byId, lost: tools.family.hasLost(target, group?.resource ?? id) })
  )
}
