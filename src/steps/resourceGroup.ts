import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import { groupId } from '../settings/resourceId.ts'
import type { Target } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { bornExpiry } from './expiry.ts'
import { locationDiffers, missingLocation, type Tracked } from './ownership.ts'
import { type TrackedFacts, trackedStep } from './tracked.ts'

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
  const { neighbours } = context
  const { group, location } = context.environment
  return trackedStep(context, {
    id: 'resource-group',
    kind: 'Resource group',
    phase: 'identity',
    resource: group.id,
    apiVersion: VERSIONS.resources,
    input: 'resource-group',
    needs: [providers],
    obstacle: () => missingLocation('Resource group', group.id, 'location', location),
    body: () => ({ location }),
    bornTags: () => bornExpiry(context),
    differences: (found) => ({ fixed: locationDiffers(found, location) }),
    // Where a shared group keeps its own records is no concern of what is in it.
    sharedFitsAlways: true,
    contents: async (_group, signal) => (await neighbours?.inGroup(group, signal)) ?? [],
    outputs: ({ id }) => ({ 'resource-group-id': id, 'resource-group': group.name })
  })
}
