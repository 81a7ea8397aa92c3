import { sameText } from '../../azure/answer.ts'
import { hasOwnIdentity } from '../../resources/identity.ts'
import type { Dps, Hub, Identity } from '../../resources/model.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { Endpoint } from './model.ts'

/** By which identity a hub or DPS acts on the namespace that it is linked to (contract B 3.2). */
export type InboundIdentity = NonNullable<Endpoint['inboundCallerIdentity']>

/** Its own where it has one, else one that is attached; undefined for none. */
export function inboundIdentity(identity: Identity | undefined): InboundIdentity | undefined {
  if (hasOwnIdentity(identity)) return { type: 'SystemAssigned' }
  const [attached] = Object.keys(identity?.userAssignedIdentities ?? {})
  return attached === undefined
    ? undefined
    : { type: 'UserAssigned', userAssignedIdentity: attached }
}

/** Object id of the identity by which it is linked, or would be; undefined while Azure does not tell. */
export function inboundPrincipal(
  resource: Hub | Dps | undefined,
  endpoint: Endpoint | undefined
): string | undefined {
  const identity = resource?.identity
  const by = endpoint?.inboundCallerIdentity ?? inboundIdentity(identity)
  if (by === undefined || !sameText(by.type, 'UserAssigned')) return identity?.principalId
  const [, attached] =
    Object.entries(identity?.userAssignedIdentities ?? {}).find(([id]) =>
      sameId(id, by.userAssignedIdentity)
    ) ?? []
  return attached?.principalId
}
