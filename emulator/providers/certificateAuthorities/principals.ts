import { key } from '../../ids.ts'
import type { Resource, World } from '../../kernel.ts'
import type { Generation } from '../generation.ts'
import type { CallerIdentity, Endpoint } from './endpoints.ts'

interface Identity {
  readonly principalId?: string
  readonly userAssignedIdentities?: Readonly<Record<string, { readonly principalId?: string }>>
}

/** The system identity of a namespace, which may be another principal in each model (contract B, 1.3). */
export function systemPrincipal(namespace: Resource, generation: Generation): string | undefined {
  const { principalId } = (namespace.body.identity ?? {}) as Identity
  const ofB = namespace.secret.principalOfB as string | undefined
  return generation === 'B' && principalId !== undefined ? (ofB ?? principalId) : principalId
}

/** Whom a namespace calls its hubs and its DPS as: NS_OUT of contract B, 5.1. */
export function outboundPrincipal(world: World, namespace: Resource): string | undefined {
  const { outboundIdentity } = namespace.body.properties as { outboundIdentity?: CallerIdentity }
  if (outboundIdentity?.userAssignedIdentity === undefined) return systemPrincipal(namespace, 'B')
  const identity = world.resources.get(key(outboundIdentity.userAssignedIdentity))
  return (identity?.body.properties as Identity | undefined)?.principalId
}

/** Whom a hub or DPS calls its namespace as: HUB_IN and DPS_IN. @returns undefined when that identity is not attached */
export function inboundPrincipal(
  { inboundCallerIdentity }: Endpoint,
  attached: unknown
): string | undefined {
  const { principalId, userAssignedIdentities = {} } = (attached ?? {}) as Identity
  const { userAssignedIdentity } = inboundCallerIdentity ?? {}
  if (userAssignedIdentity === undefined) return principalId
  const found = Object.entries(userAssignedIdentities).find(
    ([id]) => key(id) === key(userAssignedIdentity)
  )
  return found?.[1].principalId
}
