import { sameText } from '../../azure/answer.ts'
import type { Check } from '../../engine/step.ts'
import type { Change } from '../../engine/verdict.ts'
import { differs } from '../../resources/differences.ts'
import type { Joining } from '../../resources/joining.ts'
import type { Dps, Hub, TrackedResource } from '../../resources/model.ts'
import { isOurs } from '../../resources/ownership.ts'
import { provisioned } from '../../resources/state.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { Environment } from '../../settings/settings.ts'
import type { LinkedHubs } from './linkedHubs.ts'

/** How a hub or DPS is joined to a namespace: by an identity that it has. */
interface Join {
  readonly namespaceId: string | undefined
  readonly identityId: string | undefined
  /** Ids of the user-assigned identities that it has. */
  readonly attached: readonly string[]
}

const MADE_ANEW = 'An identity is only attached at creation: delete it and run `operation: apply`.'

/** Neither can be changed into another later. @param at where Azure keeps them, for people */
function joinDifferences(
  environment: Environment,
  resource: TrackedResource,
  { namespaceId, identityId }: Join,
  at: { readonly namespace: string; readonly identity: string }
): readonly Change[] {
  const { namespace, identity } = environment
  // By which identity a shared one reaches the namespace is its owner's choice.
  const anyIdentity = !isOurs(environment, resource)
  return [
    ...differs(at.namespace, namespaceId, namespace.id, sameId(namespaceId, namespace.id)),
    ...differs(at.identity, identityId, identity.id, anyIdentity || sameId(identityId, identity.id))
  ]
}

/** What it takes to serve certificates: to live, and to be joined to the namespace by an identity that is attached. */
function joinChecks(
  { namespace, identity }: Environment,
  resource: TrackedResource,
  { namespaceId, identityId, attached }: Join,
  again: string
): readonly Check[] {
  return [
    provisioned(resource),
    {
      what: `is joined to the namespace ${namespace.name}`,
      holds: sameId(namespaceId, namespace.id),
      found: namespaceId ? `it is joined to ${namespaceId}` : 'it is joined to none',
      remedy: namespaceId === undefined ? again : MADE_ANEW
    },
    {
      what: 'reaches the namespace by a user-assigned identity that it has',
      holds: attached.some((id) => sameId(id, identityId)),
      found: identityId ? `${identityId} is not attached to it` : 'it names no identity',
      remedy: `${namespaceId === undefined ? again : MADE_ANEW} The identity of this environment is ${identity.id}.`
    }
  ]
}

/** A GEN2 hub points at its namespace, and at the identity by which it reaches it (contract 8.2). */
export function hubJoining(environment: Environment): Joining<Hub> {
  const { namespace, identity } = environment
  const joinOf = ({ properties, identity: own }: Hub): Join => ({
    namespaceId: properties?.deviceRegistry?.namespaceResourceId,
    identityId: properties?.deviceRegistry?.identityResourceId,
    attached: Object.keys(own?.userAssignedIdentities ?? {})
  })
  return {
    sku: { name: 'GEN2', capacity: 1 },
    identity: attached(identity.id),
    properties: {
      deviceRegistry: { namespaceResourceId: namespace.id, identityResourceId: identity.id }
    },
    differences: (hub) => [
      ...differs('sku.name', hub.sku?.name, 'GEN2', sameText(hub.sku?.name, 'GEN2')),
      ...joinDifferences(environment, hub, joinOf(hub), {
        namespace: 'properties.deviceRegistry.namespaceResourceId',
        identity: 'properties.deviceRegistry.identityResourceId'
      })
    ],
    checks: (hub) => [
      ...joinChecks(environment, hub, joinOf(hub), MADE_ANEW),
      {
        what: 'is of the SKU GEN2',
        holds: sameText(hub.sku?.name, 'GEN2'),
        found: `its SKU is ${hub.sku?.name}`,
        remedy: 'A hub cannot change to GEN2: give another name with the input `hub`.'
      }
    ]
  }
}

/**
 * A DPS points at its namespace, by an identity that a PUT of the whole DPS attaches: a PATCH is refused, IH400158 (contract
 * 9.2). What a PUT leaves out is lost (contract 9.3), and so may be both, by a client of an older version: another PUT brings
 * them back (inferred).
 */
export function dpsJoining(environment: Environment, linkedHubs: LinkedHubs): Joining<Dps> {
  const { namespace, identity } = environment
  const joinOf = ({ properties, identity: own }: Dps): Join => {
    const { resourceId, selectedUserAssignedIdentityResourceId } =
      properties?.deviceRegistryNamespace ?? {}
    return {
      namespaceId: resourceId,
      identityId: selectedUserAssignedIdentityResourceId,
      attached: Object.keys(own?.userAssignedIdentities ?? {})
    }
  }
  const properties = {
    deviceRegistryNamespace: {
      resourceId: namespace.id,
      authenticationType: 'UserAssigned',
      selectedUserAssignedIdentityResourceId: identity.id
    }
  }
  const differences = (dps: Dps) =>
    joinDifferences(environment, dps, joinOf(dps), {
      namespace: 'properties.deviceRegistryNamespace.resourceId',
      identity: 'properties.deviceRegistryNamespace.selectedUserAssignedIdentityResourceId'
    })
  const isLost = (dps: Dps) => joinOf(dps).namespaceId === undefined
  return {
    sku: { name: 'S1', capacity: 1 },
    identity: attached(identity.id),
    properties,
    differences: (dps) => (isLost(dps) ? [] : differences(dps)),
    again: {
      lost: (dps) => (isLost(dps) ? differences(dps) : []),
      join: async ({ progress, signal }) => {
        await linkedHubs.join({ identityId: identity.id, properties }, progress, signal)
      }
    },
    checks: (dps) =>
      joinChecks(environment, dps, joinOf(dps), 'Run `operation: apply` with the phase `dps`.')
  }
}

function attached(id: string) {
  return { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } }
}
