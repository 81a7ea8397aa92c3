import type { Azure } from '../azure/azure.ts'
import type { Identity } from '../azure/clients/sdk.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Step } from '../engine/step.ts'
import { armResource } from '../resources/armResource.ts'
import type { Tools } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { Target } from '../settings/settings.ts'
import type { GroupFacts } from './resourceGroup.ts'

export type IdentityFacts = ArmFacts<Identity>

interface IdentityStepOptions {
  readonly target: Target
  readonly location: string | undefined
}

/** The user-assigned identity by which hub and DPS reach the namespace. */
export function identityStep(
  tools: Tools,
  { sdk, ahead }: Pick<Azure, 'sdk' | 'ahead'>,
  { target, location }: IdentityStepOptions,
  group: Step<GroupFacts>
): Step<IdentityFacts> {
  const kind = 'User-assigned identity'
  return armResource<Identity>(tools, {
    id: 'identity',
    kind,
    phase: 'identity',
    target,
    group,
    apiVersion: VERSIONS.identity,
    input: 'identity',
    needs: [group],
    read: {
      ask: (signal) => ahead.ask(target.id, () => sdk.getIdentity(target, signal)),
      find: (_see, signal) => ahead.take(target.id, () => sdk.getIdentity(target, signal)),
      newborn: (made) => made
    },
    create: {
      send: (body, signal) => sdk.createIdentity(target, body, signal),
      obstacle: () => missingLocation(kind, target.id, 'location', location),
      shows: () => ({ location }),
      body: () => ({ location }),
      unknown: ['properties.principalId', 'properties.clientId']
    },
    present: {
      differences: (found) => ({ fixed: locationDiffers(found, location) }),
      late: ({ principalId, clientId }) =>
        principalId ? (clientId ? undefined : 'its client id') : 'its principal id',
      // An identity works from any region.
      sharedFitsAlways: true,
      outputs: ({ id, principalId, clientId }) => ({
        'identity-id': id,
        identity: target.name,
        ...(principalId && { 'identity-principal-id': principalId }),
        ...(clientId && { 'identity-client-id': clientId })
      })
    },
    remove: {
      // Grants are found by it.
      foundBy: ({ principalId }) => (principalId ? undefined : 'its principal id'),
      contents: ({ id }, inventory, signal) => inventory.usersOf(id, signal)
    }
  })
}
