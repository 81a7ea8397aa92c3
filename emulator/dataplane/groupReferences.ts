import { key } from '../ids.ts'
import type { Call, Kernel, Resource } from '../kernel.ts'
import { type Link, linkOf } from '../providers/certificateAuthorities/endpoints.ts'
import { knownLink } from '../providers/certificateAuthorities/linkedDps.ts'
import { linkedHubs, namesOf } from '../providers/certificateAuthorities/linkedHubs.ts'
import { inboundPrincipal } from '../providers/certificateAuthorities/principals.ts'
import { generationOf } from '../providers/generation.ts'
import { linksOf } from '../providers/links.ts'
import { bornAt } from '../world.ts'
import { DpsError } from './errors.ts'

type Group = Record<string, unknown>

/** The grant that lets a DPS reach the namespace, in each model. */
const ISSUE = {
  A: 'Microsoft.DeviceRegistry/namespaces/credentials/policies/issueCertificate/action',
  B: 'Microsoft.DeviceRegistry/namespaces/certificateAuthorities/certificatePolicies/issueCertificate/action'
}
/** Names of an enrollment group that only travel together (contract B, 8). */
const NAMES = ['namespaceName', 'certificateAuthorityName', 'certificatePolicyName'] as const

/** Whether what an enrollment group refers to can be referred to. @throws DpsError */
export function checkReferences(kernel: Kernel, dps: Resource, group: Group, call: Call): void {
  if (key(String(group.enrollmentGroupId)) !== key(call.params.id ?? '')) {
    throw new DpsError(400001, 'enrollmentGroupId differs from the address.')
  }
  if (generationOf(call) === 'B') checkOfB(kernel, dps, group)
  else checkOfA(kernel, dps, group)
}

/** The three names of a group as they are kept: cleared by empty ones. */
export function withoutEmptyNames(group: Group): Group {
  const kept = Object.entries(group).filter(
    ([name, value]) => value !== '' || !NAMES.some((one) => one === name)
  )
  return Object.fromEntries(kept)
}

function checkOfA(kernel: Kernel, dps: Resource, group: Group): void {
  requireHubs(
    group,
    linksOf(dps).map(({ name }) => name)
  )
  const { credentialPolicyName } = group
  if (credentialPolicyName === undefined) return
  const { deviceRegistryNamespace } = dps.body.properties as {
    deviceRegistryNamespace?: {
      resourceId: string
      selectedUserAssignedIdentityResourceId?: string
    }
  }
  if (!deviceRegistryNamespace) throw noNamespace()
  const { resourceId, selectedUserAssignedIdentityResourceId = '' } = deviceRegistryNamespace
  const identity = kernel.world.resources.get(key(selectedUserAssignedIdentityResourceId))
  const { principalId } = (identity?.body.properties ?? {}) as { principalId?: string }
  requireReach(kernel, principalId, ISSUE.A, resourceId, dps)
  const policy = `${key(resourceId)}/credentials/default/policies/${key(String(credentialPolicyName))}`
  if (!kernel.world.resources.has(policy)) {
    // [INF] at PUT or at the first registration is not known (contract 10)
    throw new DpsError(400003, `The credential policy '${credentialPolicyName}' does not exist.`)
  }
}

/** Contract B, 15.4, row 14. Whether the three exist is not checked at PUT (contract B, 8). */
function checkOfB(kernel: Kernel, dps: Resource, group: Group): void {
  const given = NAMES.filter((name) => group[name] !== undefined)
  const empty = given.filter((name) => group[name] === '')
  const isWhole = given.length === NAMES.length && [0, NAMES.length].includes(empty.length)
  if (given.length > 0 && !isWhole)
    throw new DpsError(400001, `A partial reference is rejected: ${NAMES.join(', ')}.`)
  const link = knownLink(kernel, dps)
  // A link that the data plane has not heard of stops every write.
  if (link === undefined && linkOf(kernel.world, dps.id)) throw noNamespace()
  const classic = linksOf(dps).map(({ name }) => name)
  const hubs = link === undefined ? classic : linkedHubs(kernel, link.namespace)
  requireHubs(
    group,
    hubs.flatMap((hub) => (typeof hub === 'string' ? [hub] : namesOf(kernel, hub)))
  )
  if (given.length === 0 || empty.length > 0) return
  if (link === undefined) throw noNamespace()
  if (key(String(group.namespaceName)) !== key(String(link.namespace.body.name)))
    throw new DpsError(400003, `The namespace '${group.namespaceName}' is not linked.`) // [INF]
  requireIssuing(kernel, dps, link)
}

/** Grant b7. */
export function requireIssuing(kernel: Kernel, dps: Resource, link: Link): void {
  if (!kernel.config().registry.issuingGrantNeeded) return
  const principal = inboundPrincipal(link.endpoint, dps.body.identity)
  requireReach(kernel, principal, ISSUE.B, link.namespace.id, dps)
}

function requireHubs(group: Group, linked: readonly string[]): void {
  const hosts = (group.iotHubs ?? []) as readonly string[]
  const stranger = hosts.find((host) => !linked.some((one) => key(one) === key(host)))
  if (stranger) throw new DpsError(400002, `The IoT hub '${stranger}' is not linked.`)
}

function noNamespace(): DpsError {
  return new DpsError(400004, 'A namespace is required on this DPS instance.')
}

/** The data plane learns of a grant later than ARM: 403000 until then (contract 11.4). */
function requireReach(
  { world, rbac, clock, latency }: Kernel,
  principalId: string | undefined,
  action: string,
  namespaceId: string,
  dps: Resource
): void {
  const settled = bornAt(world, dps.id) + latency('dpsGrantPropagation')
  const able = rbac.allows(principalId ?? '', action, namespaceId, 'dataAction')
  if (able && settled <= clock.now()) return
  throw new DpsError(403000, 'The provisioning service has no access to the namespace.')
}
