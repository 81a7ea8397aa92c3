import { ArmError } from '../armError.ts'
import { key, parseId } from '../ids.ts'
import type { Caller, Kernel, Resource } from '../kernel.ts'
import { refusesAtWork } from './namespaceAtWork.ts'
import { servesFirstModel } from './regions.ts'

/** What hub and DPS, the two services of Microsoft.Devices, check alike. */

export interface SharedKey {
  readonly keyName: string
  readonly primaryKey: string
  readonly secondaryKey: string
  readonly rights: string
}

/** New random keys for each policy: a recreated service has other keys than the one before. */
export function newKeys(kernel: Kernel, policies: Readonly<Record<string, string>>): SharedKey[] {
  const secret = () => Buffer.from(kernel.random.bytes(32)).toString('base64')
  return Object.entries(policies).map(([keyName, rights]) => ({
    keyName,
    primaryKey: secret(),
    secondaryKey: secret(),
    rights
  }))
}

export function keysOf(resource: Resource): readonly SharedKey[] {
  return (resource.secret.keys ?? []) as readonly SharedKey[]
}

/** Where a hub or DPS is, which both tell beside its id [REC]: whoever does not name the group reads it there. */
export function whereabouts(id: string): Readonly<Record<string, string | undefined>> {
  const { subscription, group } = parseId(id)
  return { resourcegroup: group, subscriptionid: subscription }
}

/** A flat error of Microsoft.Devices. */
export function refuse(status: number, code: string, message: string): ArmError {
  return new ArmError(status, code, message, { flat: true })
}

/** Attaches identities as Azure shows them; the caller must be allowed to assign each. */
export function attachIdentity(
  kernel: Kernel,
  caller: Caller | undefined,
  wanted: { type?: string; userAssignedIdentities?: Record<string, unknown> } | undefined,
  stored: Resource | undefined
): Record<string, unknown> {
  const { principalId: present } = (stored?.body.identity ?? {}) as { principalId?: string }
  const system = /SystemAssigned/.test(wanted?.type ?? '')
  if (present !== undefined && !system) kernel.world.principals.delete(present)
  if (wanted === undefined || wanted.type === 'None') return { type: 'None' }
  const attached: Record<string, unknown> = {}
  for (const id of Object.keys(wanted.userAssignedIdentities ?? {})) {
    kernel.rbac.require(
      caller,
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      id
    )
    const identity = kernel.world.resources.get(key(id))
    if (!identity) {
      throw refuse(400, '400000', `The identity '${id}' was not found.`)
    }
    const { principalId, clientId } = identity.body.properties as Record<string, string>
    attached[id] = { principalId, clientId }
  }
  const ofSystem = system && {
    principalId: present ?? newPrincipal(kernel),
    tenantId: kernel.tenantId
  }
  const users = (!system || Object.keys(attached).length > 0) && {
    userAssignedIdentities: attached
  }
  return { type: wanted.type, ...ofSystem, ...users }
}

/** A principal that RBAC knows only after a while (contract 11.1). */
export function newPrincipal({ world, clock, random, latency }: Kernel): string {
  const principalId = random.guid()
  world.principals.set(principalId, clock.now() + latency('principalReplication'))
  return principalId
}

/**
 * The namespace that a hub or DPS joins must be there and done, and the identity that is named for it must be attached and
 * already have its roles there in effect: IH400913 (contract 11.2).
 */
export function requireJoinable(
  kernel: Kernel,
  kind: string,
  namespaceId: string,
  identityId: string,
  attached: Record<string, unknown>,
  location: string
): Resource {
  const { world, rbac } = kernel
  if (!servesFirstModel(kernel, location)) {
    // [INF] the words; that it fails, contract B, 1.2
    throw refuse(400, '400000', `Validation failed: no namespace can be joined in '${location}'.`)
  }
  const namespace = world.resources.get(key(namespaceId))
  const state = (namespace?.body.properties as { provisioningState?: string } | undefined)
    ?.provisioningState
  if (!namespace || state !== 'Succeeded' || refusesAtWork(kernel, namespace.id)) {
    throw refuse(400, '400000', `The namespace '${namespaceId}' does not exist or is not ready.`)
  }
  const identities = (attached.userAssignedIdentities ?? {}) as Record<
    string,
    { principalId: string }
  >
  const entry = Object.entries(identities).find(([id]) => key(id) === key(identityId))
  if (!entry) {
    throw refuse(400, '400000', `The identity '${identityId}' is not assigned to the ${kind}.`)
  }
  const { principalId } = entry[1]
  const action = 'Microsoft.DeviceRegistry/namespaces/devices/write'
  if (!rbac.allows(principalId, action, namespace.id)) {
    throw refuse(
      400,
      '400000',
      `ErrorCode:IH400913;The identity '${identityId}' does not have the required DeviceRegistry permissions on '${namespaceId}'.`
    )
  }
  return namespace
}
