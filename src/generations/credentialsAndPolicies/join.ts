import type { Change, Check } from '../../engine/step.ts'
import { differs } from '../../resources/differences.ts'
import type { Tracked } from '../../resources/model.ts'
import { isOurs } from '../../resources/ownership.ts'
import { provisioned } from '../../resources/state.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { Environment } from '../../settings/settings.ts'

/** How a hub or DPS is joined to a namespace: by an identity that it has. */
export interface Join {
  readonly namespaceId: string | undefined
  readonly identityId: string | undefined
  /** Ids of the user-assigned identities that it has. */
  readonly attached: readonly string[]
}

/** Neither can be changed later. @param at where Azure keeps them, for people */
export function joinDifferences(
  environment: Environment,
  resource: Tracked,
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
export function joinChecks(
  { namespace, identity }: Environment,
  resource: Tracked,
  { namespaceId, identityId, attached }: Join
): readonly Check[] {
  const again = 'An identity is only attached at creation: delete it and run `operation: apply`.'
  return [
    provisioned(resource),
    {
      what: `is joined to the namespace ${namespace.name}`,
      holds: sameId(namespaceId, namespace.id),
      found: namespaceId ? `it is joined to ${namespaceId}` : 'it is joined to none',
      remedy: again
    },
    {
      what: 'reaches the namespace by a user-assigned identity that it has',
      holds: attached.some((id) => sameId(id, identityId)),
      found: identityId ? `${identityId} is not attached to it` : 'it names no identity',
      remedy: `${again} The identity of this environment is ${identity.id}.`
    }
  ]
}
