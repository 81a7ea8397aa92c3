import { ArmError } from '../../armError.ts'
import { notFound } from '../../errors.ts'
import { key } from '../../ids.ts'
import type { Call, Kernel, Reply, Resource } from '../../kernel.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import { namespaceId } from '../addresses.ts'
import { versionOf } from '../generation.ts'
import {
  applyIdentity,
  identifyEarly,
  requireAssignable,
  type WantedIdentity
} from '../namespaceIdentity.ts'
import { checkPlace } from '../namespacePlace.ts'
import { namespaceView } from '../namespaceView.ts'
import { type Change, changeOf } from './endpointChange.ts'
import { endpointsOf, linksIn, unearth } from './endpoints.ts'
import { isSettling, linkAll } from './linking.ts'
import { mayUnlink, unauthorized } from './linkVerdict.ts'
import { namespacePatch, namespacePut } from './namespaceSchema.ts'

type Properties = Record<string, unknown>

interface Wanted {
  readonly location?: string
  readonly tags?: object
  readonly identity?: WantedIdentity
  readonly properties?: Properties
}

const NO_CHANGE: Change = { sections: {}, toLink: [], dropped: [] }

/** PUT of a namespace in version 2026-11-01: what is not sent again is gone (contract B, 3.3). */
export function putNamespace(kernel: Kernel, call: Call): Reply {
  const { id, stored, wanted } = received(kernel, call, namespacePut)
  checkPlace(call.params.namespace ?? '', stored, String(wanted.location))
  const present = (stored?.body.properties ?? {}) as Properties
  const change = changeOf(present, wanted.properties, 'replace')
  checkDropped(stored, change)
  if (stored) checkImmutable(stored, endpointsSent(wanted.properties))
  const { messaging: _m, provisioning: _p, ...more } = wanted.properties ?? {}
  const namespace: Resource = stored ?? { id, body: {}, secret: {} }
  const headers = begin(kernel, call, namespace, change, wanted.identity ?? { type: 'None' }, {
    latency: stored ? 'namespaceUpdate' : 'namespaceWrite',
    style: 'async'
  })
  namespace.body = {
    id: namespace.id,
    name: call.params.namespace,
    type: 'Microsoft.DeviceRegistry/namespaces',
    location: stored?.body.location ?? wanted.location,
    tags: wanted.tags ?? {},
    // Its principal shows only later (contract B, 3.1).
    identity: stored?.body.identity ?? { type: wanted.identity?.type ?? 'None' },
    properties: {
      ...more,
      ...change.sections,
      uuid: present.uuid ?? kernel.random.guid(),
      provisioningState: stored ? 'Updating' : 'Accepted'
    }
  }
  kernel.world.resources.set(key(id), namespace)
  const body = structuredClone(namespaceView(kernel, namespace, 'B'))
  if (!stored) identifyEarly(kernel, namespace, wanted.identity)
  return { status: stored ? 200 : 201, body, headers }
}

/** PATCH of a namespace in version 2026-11-01: endpoints merge by their names, tags come whole (contract B, 3.4). */
export function patchNamespace(kernel: Kernel, call: Call): Reply {
  const { id, stored, wanted } = received(kernel, call, namespacePatch)
  if (!stored) throw notFound(id)
  const { registry } = kernel.config()
  const sent = endpointsSent(wanted.properties)
  if (sent.length > 0 && registry.patchRefused)
    // [INF] contract B, 13, row 6: whether a PATCH of endpoints works in this version is not proven
    throw new ArmError(400, 'InvalidRequestContent', 'Endpoints cannot be changed by a PATCH.')
  const present = stored.body.properties as Properties
  const change =
    wanted.properties === undefined ? NO_CHANGE : changeOf(present, wanted.properties, 'merge')
  checkImmutable(stored, sent)
  const { management, outboundIdentity } = wanted.properties ?? {}
  const isFailed = present.provisioningState === 'Failed'
  const headers = begin(kernel, call, stored, change, wanted.identity, {
    latency: isFailed && sent.length === 0 ? 'namespaceHeal' : 'namespaceUpdate',
    style: registry.patchFollowed
  })
  stored.body.tags = wanted.tags ?? stored.body.tags
  stored.body.properties = {
    ...present,
    ...change.sections,
    ...(management !== undefined && {
      management: { endpoints: { ...ofManagement(present), ...ofManagement({ management }) } }
    }),
    ...(outboundIdentity !== undefined && { outboundIdentity }),
    // Until it clears a namespace that is healed says what it said (contract B, 3.5).
    provisioningState: isFailed && sent.length === 0 ? 'Failed' : 'Updating'
  }
  return { status: 202, headers }
}

function received(kernel: Kernel, call: Call, schema: object) {
  const { world, rbac } = kernel
  const id = namespaceId(call)
  rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/write', id)
  requireGroup(world, id, true)
  const stored = world.resources.get(key(id))
  checkBody(schema, call.body, { stored: stored && namespaceView(kernel, stored, 'B') })
  const wanted = (call.body ?? {}) as Wanted
  requireAssignable(kernel, call.caller, wanted.identity)
  if (stored && isSettling(kernel, stored)) {
    throw new ArmError(
      409,
      'ResourceProvisioningInProgress',
      `Another operation on resource '${id}' is in progress. Retry once it has ended.`
    )
  }
  return { id, stored, wanted }
}

/** Begins the write; once it has ended, the links that it asks for begin. */
function begin(
  kernel: Kernel,
  call: Call,
  namespace: Resource,
  change: Change,
  identity: WantedIdentity | undefined,
  how: {
    readonly latency: 'namespaceWrite' | 'namespaceUpdate' | 'namespaceHeal'
    readonly style: 'async' | 'location' | 'both'
  }
): Readonly<Record<string, string>> {
  const { world, operations, clock } = kernel
  const { id } = namespace
  const present = () => world.resources.get(key(id))
  const shownFrom = clock.now() + kernel.latency('endpointProjection')
  const headers = operations.begin({
    ...how,
    resourceId: id,
    provider: 'Microsoft.DeviceRegistry',
    location: String((call.body as Wanted).location ?? present()?.body.location),
    ...(call.method === 'PATCH' && { statuses: 'asyncOperationStatuses' }),
    apiVersion: versionOf(call),
    effect: () => {
      const found = present()
      if (!found) return
      if (identity) applyIdentity(kernel, found, identity)
      unlink(kernel, found, change)
      linkAll(kernel, found, change.toLink, versionOf(call))
    },
    result: () => {
      const found = present()
      return found && namespaceView(kernel, found, 'B')
    }
  })
  const known = linksIn(namespace).map(({ name }) => name)
  const added = change.toLink.filter((name) => !known.includes(name))
  namespace.secret.endpointsShownFrom = {
    ...(namespace.secret.endpointsShownFrom as object),
    ...Object.fromEntries(added.map((name) => [name, shownFrom]))
  }
  return headers
}

/** Takes out the endpoints whose targets are gone (contract B, 3.7). */
function unlink(kernel: Kernel, namespace: Resource, { dropped }: Change): void {
  for (const { section, name } of dropped) {
    const endpoints = endpointsOf(namespace.body.properties, section)
    const endpoint = endpoints[name]
    if (endpoint === undefined) continue
    if (mayUnlink(kernel, namespace, endpoint)) {
      delete endpoints[name]
      unearth(namespace, name)
    } else {
      const linkingError = unauthorized(endpoint.resourceId ?? '')
      Object.assign(endpoint, { linkingState: 'Failed', linkingError })
    }
  }
}

/** Contract B, 15.4, row 10: a link whose hub or DPS is there stays. */
function checkDropped(stored: Resource | undefined, { dropped }: Change): void {
  const present = stored === undefined ? [] : linksIn(stored)
  for (const { section, name } of dropped) {
    const link = present.find((one) => one.section === section && one.name === name)
    if (!link?.isAlive) continue
    throw new ArmError(
      409,
      'LinkedResourceExists', // [INF] no source names the code
      `The endpoint '${name}' cannot be removed while '${link.endpoint.resourceId}' exists. Delete the linked resource first.`
    )
  }
}

/** A `Failed` namespace whose links all succeeded takes none of them again (contract B, 3.4). */
function checkImmutable(stored: Resource, sent: readonly string[]): void {
  const { provisioningState } = stored.body.properties as { provisioningState?: string }
  const links = linksIn(stored)
  const isSick =
    provisioningState === 'Failed' &&
    links.every(({ endpoint }) => endpoint.linkingState === 'Succeeded')
  const again = links.find(({ name }) => sent.includes(name))
  if (!isSick || again === undefined) return
  throw new ArmError(
    400,
    'InvalidRequestContent',
    `The endpoint '${again.name}' is linked and immutable.`
  )
}

function endpointsSent(properties: Properties | undefined): readonly string[] {
  return [
    ...Object.keys(endpointsOf(properties, 'provisioning')),
    ...Object.keys(endpointsOf(properties, 'messaging'))
  ]
}

function ofManagement(properties: Properties): object {
  return (properties.management as { endpoints?: object } | undefined)?.endpoints ?? {}
}
