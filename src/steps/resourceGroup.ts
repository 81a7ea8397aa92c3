import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { Tracked } from '../resources/model.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import { groupId } from '../settings/resourceId.ts'
import type { Target } from '../settings/settings.ts'
import { bornLifetime } from './lifetime.ts'

/** ARM's lists lag by seconds to minutes (contract 20.2); half of a minute is inferred. */
const LIST_LAG_MS = 30_000

export type GroupFacts = TrackedFacts<Tracked>

/** Where a resource lies: in the environment's own group, or elsewhere. */
export function home(
  { environment }: Context,
  target: Target,
  group: Step<GroupFacts>
): { readonly parent?: Step<GroupFacts>; readonly elsewhere?: string } {
  return target.resourceGroup.toLowerCase() === environment.group.name.toLowerCase()
    ? { parent: group }
    : { elsewhere: groupId(environment.subscriptionId, target.resourceGroup) }
}

export function resourceGroupStep(context: Context, providers: AnyStep): Step<GroupFacts> {
  const { azure, environment } = context
  const { group, location } = environment
  return trackedStep(context, {
    id: 'resource-group',
    kind: 'Resource group',
    phase: 'identity',
    resource: group.id,
    target: group,
    apiVersion: VERSIONS.resources,
    input: 'resource-group',
    needs: [providers],
    obstacle: () => missingLocation('Resource group', group.id, 'location', location),
    body: () => ({ location }),
    bornTags: () => bornLifetime(context),
    differences: (found) => ({ fixed: locationDiffers(found, location) }),
    // Where a shared group keeps its own records is no concern of what is in it.
    sharedFitsAlways: true,
    contents: (_group, neighbours, signal) => neighbours.inGroup(group, signal),
    contentsSettleMs: LIST_LAG_MS,
    obstacleToRemoval: async (signal) =>
      (await azure.permissions.readsAll(group.id, signal))
        ? undefined
        : 'the deploying identity may not read everything in it (`*/read`, as in Reader on the group), so there may be something that nobody sees',
    outputs: ({ id }) => ({ 'resource-group-id': id, 'resource-group': group.name })
  })
}
