import type { Azure } from '../azure/azure.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import { armResource } from '../resources/armResource.ts'
import type { Tools } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { TrackedResource } from '../resources/model.ts'
import type { Target } from '../settings/settings.ts'
import type { WantedLifetime } from './lifetime.ts'

/** ARM's lists lag by seconds to minutes (contract 20.2); half of a minute is inferred. */
const LIST_LAG_MS = 30_000

export type GroupFacts = ArmFacts<TrackedResource>

interface GroupStepOptions {
  readonly target: Target
  readonly location: string | undefined
  readonly lifetime: WantedLifetime
}

export function resourceGroupStep(
  tools: Tools,
  { permissions }: Pick<Azure, 'permissions'>,
  { target, location, lifetime }: GroupStepOptions,
  providers: AnyStep
): Step<GroupFacts> {
  return armResource(tools, {
    id: 'resource-group',
    kind: 'Resource group',
    phase: 'identity',
    target,
    apiVersion: VERSIONS.resources,
    input: 'resource-group',
    needs: [providers],
    create: {
      obstacle: () => missingLocation('Resource group', target.id, 'location', location),
      shows: () => ({ location }),
      body: () => ({ location }),
      tags: () => lifetime.born()
    },
    present: {
      differences: (found) => ({ fixed: locationDiffers(found, location) }),
      // Where a shared group keeps its own records is no concern of what is in it.
      sharedFitsAlways: true,
      outputs: ({ id }) => ({ 'resource-group-id': id, 'resource-group': target.name })
    },
    remove: {
      contents: (_group, inventory, signal) => inventory.inGroup(target, signal),
      contentsSettleMs: LIST_LAG_MS,
      obstacle: async (signal) =>
        (await permissions.readsAll(target.id, signal))
          ? undefined
          : 'the deploying identity may not read everything in it (`*/read`, as in Reader on the group), so it may hold something that nobody sees'
    }
  })
}
