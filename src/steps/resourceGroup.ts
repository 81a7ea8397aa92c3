import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import type { Context } from './context.ts'
import { locationDiffers, missingLocation, type Tracked } from './ownership.ts'
import { type TrackedFacts, trackedStep } from './tracked.ts'

export type GroupFacts = TrackedFacts<Tracked>

export function resourceGroupStep(context: Context, providers: AnyStep): Step<GroupFacts> {
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
    differences: (found) => ({ fixed: locationDiffers(found, location) }),
    // Where a shared group keeps its own records is no concern of what is in it.
    sharedFitsAlways: true,
    outputs: ({ id }) => ({ 'resource-group-id': id, 'resource-group': group.name })
  })
}
