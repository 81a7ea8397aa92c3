import type { Identity } from '../azure/clients/sdk.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Step } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/ownership.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import { type GroupFacts, home } from './resourceGroup.ts'

export type IdentityFacts = TrackedFacts<Identity>

/** The user-assigned identity by which hub and DPS reach the namespace. */
export function identityStep(context: Context, group: Step<GroupFacts>): Step<IdentityFacts> {
  const { azure, environment, neighbours } = context
  const { identity, location } = environment
  const kind = 'User-assigned identity'
  return trackedStep<Identity>(context, {
    id: 'identity',
    kind,
    phase: 'identity',
    resource: identity.id,
    target: identity,
    apiVersion: VERSIONS.identity,
    input: 'identity',
    needs: [group],
    ...home(context, identity, group),
    find: (_see, signal) => azure.sdk.getIdentity(identity, signal),
    newborn: (identity) => identity,
    send: (body, signal) => azure.sdk.createIdentity(identity, body, signal),
    obstacle: () => missingLocation(kind, identity.id, 'location', location),
    body: () => ({ location }),
    unknown: ['properties.principalId', 'properties.clientId'],
    differences: (found) => ({ fixed: locationDiffers(found, location) }),
    late: ({ principalId, clientId }) =>
      principalId ? (clientId ? undefined : 'its client id') : 'its principal id',
    // An identity works from any region.
    sharedFitsAlways: true,
    contents: async ({ id }, signal) => (await neighbours?.usersOf(id, signal)) ?? [],
    outputs: ({ id, principalId, clientId }) => ({
      'identity-id': id,
      identity: identity.name,
      ...(principalId && { 'identity-principal-id': principalId }),
      ...(clientId && { 'identity-client-id': clientId })
    })
  })
}
