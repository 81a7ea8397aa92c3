import { groupId, key, sameLocation } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import { linksOf as classicLinksOf } from '../links.ts'
import { type Endpoint, isDps, type Link, linkOf, linksIn } from './endpoints.ts'
import { inboundPrincipal, outboundPrincipal } from './principals.ts'

type LinkingError = NonNullable<Endpoint['linkingError']>

/** What the namespace's principal does to the target of a link. */
const LINK = {
  dps: 'Microsoft.Devices/provisioningServices/linkInitiate/action',
  hub: 'Microsoft.Devices/IotHubs/linkInitiate/action'
}
const COUNT_DEVICES = 'Microsoft.Devices/IotHubs/devices/read'
/** [INF] of the Contributor that grants b2 and b6 give, what tells it from a Reader. */
const ACCEPT = 'Microsoft.DeviceRegistry/namespaces/write'

/** Why a link does not come to be (contract B, 3.6 and 15.4, rows 6 to 8); undefined when it does. */
export function linkVerdict(kernel: Kernel, link: Link): LinkingError | undefined {
  const { world } = kernel
  const target = world.resources.get(key(link.endpoint.resourceId ?? ''))
  if (!target) return rejected(link.endpoint)
  const { provisioningState } = target.body.properties as { provisioningState?: string }
  if (provisioningState !== 'Succeeded') {
    return {
      code: 'LinkableResourceNotReady',
      message: `Linked resource provisioning state is '${provisioningState}'`
    }
  }
  if (!isLinkable(kernel, link, target)) return rejected(link.endpoint)
  return outbound(kernel, link, target) ?? attempted(kernel, link) ?? inbound(kernel, link, target)
}

/** What has nothing to do with rights; all of it looks alike from outside [INF]. */
function isLinkable(
  { world, config }: Kernel,
  { namespace, name, endpoint }: Link,
  target: Resource
): boolean {
  const isNewDps = isDps(endpoint)
  const links = linksIn(namespace)
  const own = links.findIndex((one) => one.name === name && isDps(one.endpoint) === isNewDps)
  // Those that are there, and those that this write names before it.
  const before = links.filter(
    (one, index) =>
      index !== own &&
      isDps(one.endpoint) === isNewDps &&
      (one.endpoint.linkingState === 'Succeeded' ||
        (index < own && one.endpoint.linkingState === 'InProgress'))
  )
  const most = isNewDps ? 1 : config().quotas.linkedHubs
  const hasDps = links.some((one) => one.isAlive && isDps(one.endpoint))
  const present = linkOf(world, target.id)
  const { sku, identity, location } = target.body as {
    sku: { name: string }
    identity: unknown
    location: string
  }
  const isFree = present === undefined || (present.namespace === namespace && present.name === name)
  const isSuited = isNewDps ? classicLinksOf(target).length === 0 : /^S\d$/.test(sku.name)
  const { inboundCallerIdentity } = endpoint
  return (
    before.length < most &&
    (isNewDps || hasDps) &&
    isFree &&
    isSuited &&
    sameLocation(location, String(namespace.body.location)) &&
    (inboundCallerIdentity === undefined || inboundPrincipal(endpoint, identity) !== undefined)
  )
}

/** Grants b1, b4 and b5. */
function outbound(
  { world, rbac }: Kernel,
  { namespace, endpoint }: Link,
  target: Resource
): LinkingError | undefined {
  const principal = outboundPrincipal(world, namespace) ?? ''
  const kind = isDps(endpoint) ? 'dps' : 'hub'
  const read = LINK[kind].replace('linkInitiate/action', 'read')
  if (!rbac.allows(principal, read, target.id)) return unauthorized(target.id)
  if (!rbac.allows(principal, LINK[kind], target.id)) {
    const what = kind === 'dps' ? 'DPS' : 'Hub'
    return {
      code: 'LinkInitiateFailed',
      message:
        `The namespace's managed identity is not authorized to link the ${what} resource. Grant it access on the resource, then resubmit the request. ` +
        `(${what} resource reported: [AuthorizationFailed] The client '${principal}' with object id '${principal}' does not have authorization to perform action '${LINK[kind]}' over scope '${target.id}' or the scope is invalid.)`
    }
  }
  if (kind === 'hub' && !rbac.allows(principal, COUNT_DEVICES, target.id, 'dataAction')) {
    const { serviceHostName } = target.body.properties as { serviceHostName?: string }
    return {
      code: 'AdrMiNotAuthorized',
      message: `The namespace's managed identity could not read the device count on hub '${serviceHostName}' because it lacks IoT Hub data-plane read access. Assign it a role with that access, then resubmit the request.`
    }
  }
  return undefined
}

/** Attempts that come to nothing although nothing is missing (contract B, 15.3). */
function attempted({ config }: Kernel, { namespace, name, endpoint }: Link) {
  const { attemptsUnauthorized, attemptsRejected } = config().registry
  const attempts = (namespace.secret.linkAttempts ?? {}) as Record<string, number>
  const nth = (attempts[name] ?? 0) + 1
  namespace.secret.linkAttempts = { ...attempts, [name]: nth }
  if (nth <= attemptsUnauthorized) return unauthorized(endpoint.resourceId ?? '')
  return nth <= attemptsUnauthorized + attemptsRejected ? rejected(endpoint) : undefined
}

/** Grants b2 and b6; a hub without an inbound identity needs none. */
function inbound({ rbac }: Kernel, { namespace, endpoint }: Link, target: Resource) {
  if (endpoint.inboundCallerIdentity === undefined) return undefined
  const principal = inboundPrincipal(endpoint, target.body.identity) ?? ''
  return rbac.allows(principal, ACCEPT, namespace.id) ? undefined : rejected(endpoint)
}

/** Grant b9: whether a namespace may make sure that the target of an endpoint is gone (contract B, 3.7). */
export function mayUnlink(
  { world, rbac, config }: Kernel,
  namespace: Resource,
  { resourceId = '' }: Endpoint
): boolean {
  if (!config().registry.unlinkGrantNeeded) return true
  const principal = outboundPrincipal(world, namespace) ?? ''
  const read = 'Microsoft.Resources/subscriptions/resourceGroups/read'
  return rbac.allows(principal, read, groupId(resourceId) ?? resourceId)
}

export function unauthorized(targetId: string): LinkingError {
  return {
    code: 'AdrMiNotAuthorized',
    message: `The namespace's managed identity is not authorized to read the linked resource '${targetId}'. Grant it read access on the resource, then resubmit the request.`
  }
}

/** What says nothing of its cause: the target, its state or its own grants. */
export function rejected(endpoint: Endpoint): LinkingError {
  return {
    code: 'LinkInitiateFailed',
    message: `The ${isDps(endpoint) ? 'DPS' : 'Hub'} resource rejected the link request as invalid. Verify the endpoint configuration, then resubmit the request.`
  }
}
