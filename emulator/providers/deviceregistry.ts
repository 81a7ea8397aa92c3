import { ArmError } from '../armError.ts'
import { notFound } from '../errors.ts'
import { key, sameLocation } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { guardRemoval, requireGroup } from '../world.ts'
import { HOST, NAMESPACE, namespaceId, REGISTRY_VERSION as VERSION } from './addresses.ts'
import { registerRemoval } from './removal.ts'
import { envelope, object, tags, text } from './schemas.ts'

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

/** Microsoft.DeviceRegistry of generation A (contract section 7). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, clock, random } = kernel

  const giveIdentity = (namespace: Resource): void => {
    const principalId = random.guid()
    world.principals.set(principalId, clock.now() + kernel.latency('principalReplication'))
    namespace.body.identity = { type: 'SystemAssigned', principalId, tenantId: kernel.tenantId }
  }
  const takeIdentity = (namespace: Resource): void => {
    const { principalId } = (namespace.body.identity ?? {}) as { principalId?: string }
    if (principalId) world.principals.delete(principalId)
    namespace.body.identity = { type: 'None' }
  }
  const stateOf = (namespace: Resource) => namespace.body.properties as Record<string, unknown>

  const applyIdentity = (namespace: Resource, wanted: { type?: string } | undefined): void => {
    const present = (namespace.body.identity ?? {}) as { type?: string; principalId?: string }
    if (wanted?.type === 'SystemAssigned' && !present.principalId) giveIdentity(namespace)
    if (wanted?.type === 'None') takeIdentity(namespace)
  }

  routes.on(HOST, 'GET', NAMESPACE, (call) => {
    const id = namespaceId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/read', id)
    requireGroup(world, id, false)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    return { status: 200, body: found.body }
  })

  const list = (scope: string, call: Call) => {
    const found = [...world.resources.values()].filter(
      ({ id }) => key(id).startsWith(`${key(scope)}/`) && isNamespace(id)
    )
    const action = 'Microsoft.DeviceRegistry/namespaces/read'
    const shown = readable(kernel, call, action, scope, found)
    requireGroup(world, scope, false)
    return listed(kernel, call, shown)
  }
  routes.on(HOST, 'GET', NAMESPACE.replace('/:namespace', ''), (call) => {
    const { subscription, group } = call.params
    return list(`/subscriptions/${subscription}/resourceGroups/${group}`, call)
  })
  routes.on(
    HOST,
    'GET',
    '/subscriptions/:subscription/providers/Microsoft.DeviceRegistry/namespaces',
    (call) => list(`/subscriptions/${call.params.subscription}`, call)
  )

  routes.on(HOST, 'PUT', NAMESPACE, (call) => {
    const id = namespaceId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/write', id)
    requireGroup(world, id, true)
    const stored = world.resources.get(key(id))
    checkBody(putSchema, call.body, { stored: stored?.body })
    const wanted = call.body as Record<string, unknown>
    checkName(call.params.namespace ?? '')
    if (stored && !sameLocation(String(stored.body.location), String(wanted.location))) {
      throw new ArmError(
        409,
        'InvalidResourceLocation',
        `The resource '${call.params.namespace}' already exists in location '${stored.body.location}'. It cannot be created in location '${wanted.location}'.`
      )
    }
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(wanted.location),
      latency: 'namespaceWrite',
      style: 'async',
      apiVersion: VERSION,
      effect: () => {
        const namespace = world.resources.get(key(id))
        if (!namespace) return
        applyIdentity(namespace, wanted.identity as { type?: string })
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
      identity: stored?.body.identity ?? {
        type: (wanted.identity as { type?: string })?.type ?? 'None'
      },
      properties: {
        messaging: { endpoints: {} },
        uuid: stored ? stateOf(stored).uuid : random.guid(),
        provisioningState: 'Accepted'
      }
    }
    world.resources.set(key(id), namespace)
    return { status: stored ? 200 : 201, body: structuredClone(namespace.body), headers }
  })

  routes.on(HOST, 'PATCH', NAMESPACE, (call) => {
    const id = namespaceId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/write', id)
    requireGroup(world, id, true)
    const stored = world.resources.get(key(id))
    if (!stored) throw notFound(id)
    checkBody(patchSchema, call.body, { stored: stored.body })
    const wanted = (call.body ?? {}) as Record<string, unknown>
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(stored.body.location),
      latency: 'namespaceWrite',
      style: 'location',
      apiVersion: VERSION,
      effect: () => {
        if (wanted.tags) stored.body.tags = wanted.tags
        applyIdentity(stored, wanted.identity as { type?: string })
      },
      result: () => stored.body
    })
    return { status: 202, headers }
  })

  registerRemoval(routes, kernel, {
    path: NAMESPACE,
    idOf: namespaceId,
    action: 'Microsoft.DeviceRegistry/namespaces/delete',
    provider: 'Microsoft.DeviceRegistry',
    latency: 'namespaceDelete',
    style: 'location',
    apiVersion: VERSION,
    says: { provisioningState: 'Deleting' }
  })

  // A namespace stays while a hub or DPS refers to it (contract 11.5).
  guardRemoval(world, (resource) => {
    if (!isNamespace(resource.id)) return
    for (const { id, body } of world.resources.values()) {
      const { deviceRegistry, deviceRegistryNamespace } = (body.properties ?? {}) as {
        deviceRegistry?: { namespaceResourceId: string }
        deviceRegistryNamespace?: { resourceId: string }
      }
      const joined = deviceRegistry?.namespaceResourceId ?? deviceRegistryNamespace?.resourceId
      if (joined === undefined || key(joined) !== key(resource.id)) continue
      throw new ArmError(
        409,
        'NamespaceInUse', // [INF] no source names the code
        `The namespace '${resource.id}' cannot be deleted while '${id}' refers to it.`
      )
    }
  })
}

/** Event Hubs and Service Bus have namespaces as well. */
function isNamespace(id: string): boolean {
  return /\/microsoft\.deviceregistry\/namespaces\/[^/]+$/i.test(id)
}

function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(name) && name.length >= 3 && name.length <= 64) return
  throw new ArmError(400, 'InvalidResourceName', `The namespace name '${name}' is not valid.`)
}
