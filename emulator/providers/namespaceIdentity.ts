import { key } from '../ids.ts'
import type { Caller, Kernel, Resource } from '../kernel.ts'
import { newPrincipal } from './devices.ts'

export interface WantedIdentity {
  readonly type?: string
  readonly userAssignedIdentities?: Readonly<Record<string, unknown>>
}

interface Identity extends WantedIdentity {
  readonly principalId?: string
}

/** Throws unless the caller may assign each of the identities (contract B, 5.1). */
export function requireAssignable(
  { rbac }: Kernel,
  caller: Caller | undefined,
  wanted: WantedIdentity | undefined
): void {
  for (const id of Object.keys(wanted?.userAssignedIdentities ?? {}))
    rbac.require(caller, 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', id)
}

/** Gives a namespace the identities that it is to have, and takes those that it is not; a system identity that stays is kept. */
export function applyIdentity(kernel: Kernel, namespace: Resource, wanted: WantedIdentity): void {
  const { world, config, tenantId } = kernel
  const { principalId } = (namespace.body.identity ?? {}) as Identity
  const { type = 'None', userAssignedIdentities = {} } = wanted
  const isSystem = type.includes('SystemAssigned')
  if (!isSystem) forgetIdentity(kernel, namespace)
  if (isSystem && principalId === undefined && config().registry.principalPerModel)
    namespace.secret.principalOfB = newPrincipal(kernel)
  const users = Object.keys(userAssignedIdentities).map((id) => {
    const { properties } = world.resources.get(key(id))?.body ?? {}
    const { principalId, clientId } = (properties ?? {}) as Record<string, string>
    return [id, { principalId, clientId }] as const
  })
  namespace.body.identity = {
    type,
    ...(isSystem && { principalId: principalId ?? newPrincipal(kernel), tenantId }),
    ...(users.length > 0 && { userAssignedIdentities: Object.fromEntries(users) })
  }
}

/** [INF] Both: a namespace that is still being made has its identity, or gets it when it is done. */
export function identifyEarly(
  kernel: Kernel,
  namespace: Resource,
  wanted: WantedIdentity | undefined
): void {
  if (wanted && kernel.config().namespaceIdentity === 'whileMade')
    applyIdentity(kernel, namespace, wanted)
}

/** The principals of a system identity are no longer known to the directory. */
export function forgetIdentity({ world }: Pick<Kernel, 'world'>, { body, secret }: Resource): void {
  const { principalId } = (body.identity ?? {}) as Identity
  for (const one of [principalId, secret.principalOfB])
    if (typeof one === 'string') world.principals.delete(one)
  delete secret.principalOfB
}
