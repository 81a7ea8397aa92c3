import { notFound } from '../../errors.ts'
import { key } from '../../ids.ts'
import type { Call, Kernel, Reply, Resource } from '../../kernel.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import { namespaceId } from '../addresses.ts'
import { generationOf, versionOf } from '../generation.ts'
import { applyIdentity, identifyEarly, type WantedIdentity } from '../namespaceIdentity.ts'
import { checkPlace } from '../namespacePlace.ts'
import { namespaceView } from '../namespaceView.ts'
import { envelope, object, tags, text } from '../schemas.ts'

const identity = object(
  {
    type: { enum: ['None', 'SystemAssigned'] },
    principalId: { readOnly: true },
    tenantId: { readOnly: true }
  },
  ['type']
)
const properties = object({
  messaging: object({ endpoints: { type: 'object' } }),
  uuid: { readOnly: true },
  provisioningState: { readOnly: true }
})
const putSchema = object({ ...envelope, location: text, tags, identity, properties }, ['location'])
const patchSchema = object({ identity, tags, properties })

const stateOf = (namespace: Resource) => namespace.body.properties as Record<string, unknown>

/** PUT of a namespace in the versions before 2026-11-01 (contract 7.1); links, which they do not know, stay. */
export function putNamespace(kernel: Kernel, call: Call): Reply {
  const { world, operations, rbac, random } = kernel
  const id = namespaceId(call)
  rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/write', id)
  requireGroup(world, id, true)
  const stored = world.resources.get(key(id))
  const shown = stored && namespaceView(kernel, stored, generationOf(call))
  checkBody(putSchema, call.body, { stored: shown })
  const wanted = call.body as { location: string; tags?: object; identity?: WantedIdentity }
  checkPlace(call.params.namespace ?? '', stored, wanted.location)
  const headers = operations.begin({
    resourceId: id,
    provider: 'Microsoft.DeviceRegistry',
    location: String(wanted.location),
    latency: 'namespaceWrite',
    style: 'async',
    apiVersion: versionOf(call),
    effect: () => {
      const namespace = world.resources.get(key(id))
      if (!namespace) return
      if (wanted.identity) applyIdentity(kernel, namespace, wanted.identity)
      stateOf(namespace).provisioningState = 'Succeeded'
    }
  })
  const namespace: Resource = stored ?? { id, body: {}, secret: {} }
  namespace.body = {
    id: namespace.id,
    name: call.params.namespace,
    type: 'Microsoft.DeviceRegistry/namespaces',
    location: stored?.body.location ?? wanted.location,
    tags: wanted.tags ?? {},
    // The principal id is not there yet: it can be missing from the answer to a create (contract 7.1).
    identity: stored?.body.identity ?? { type: wanted.identity?.type ?? 'None' },
    properties: {
      messaging: { endpoints: {} },
      uuid: random.guid(),
      ...(stored && stateOf(stored)),
      provisioningState: 'Accepted'
    }
  }
  world.resources.set(key(id), namespace)
  const body = structuredClone(namespaceView(kernel, namespace, generationOf(call)))
  if (!stored) identifyEarly(kernel, namespace, wanted.identity)
  return { status: stored ? 200 : 201, body, headers }
}

/** PATCH of a namespace in the versions before 2026-11-01. */
export function patchNamespace(kernel: Kernel, call: Call): Reply {
  const { world, operations, rbac } = kernel
  const id = namespaceId(call)
  rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/write', id)
  requireGroup(world, id, true)
  const stored = world.resources.get(key(id))
  if (!stored) throw notFound(id)
  const shown = () => namespaceView(kernel, stored, generationOf(call))
  checkBody(patchSchema, call.body, { stored: shown() })
  const wanted = (call.body ?? {}) as { tags?: object; identity?: WantedIdentity }
  const headers = operations.begin({
    resourceId: id,
    provider: 'Microsoft.DeviceRegistry',
    location: String(stored.body.location),
    latency: 'namespaceWrite',
    style: 'location',
    apiVersion: versionOf(call),
    effect: () => {
      if (wanted.tags) stored.body.tags = wanted.tags
      if (wanted.identity) applyIdentity(kernel, stored, wanted.identity)
    },
    result: shown
  })
  return { status: 202, headers }
}
