import { notFound } from '../errors.ts'
import { key, sameLocation } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { asVersioned, isKnown } from '../versions.ts'
import { requireGroup } from '../world.ts'
import { HOST, HUB, hubId } from './addresses.ts'
import { attachIdentity, keysOf, newKeys, refuse, requireJoinable, whereabouts } from './devices.ts'
import { hubPatch, hubPut } from './iothubSchema.ts'
import { registerNameCheck, takenName } from './names.ts'
import { registerRemoval } from './removal.ts'

const VERSION = '2025-08-01-preview'
/** Shared access policies of a new hub. */
const POLICIES = {
  iothubowner: 'RegistryRead, RegistryWrite, ServiceConnect, DeviceConnect',
  service: 'ServiceConnect',
  device: 'DeviceConnect',
  registryRead: 'RegistryRead',
  registryReadWrite: 'RegistryRead, RegistryWrite'
}

interface HubBody {
  readonly location: string
  readonly tags?: Record<string, string>
  readonly sku: { readonly name: string; readonly capacity?: number }
  readonly identity?: { readonly type?: string }
  readonly properties?: {
    readonly deviceRegistry?: {
      readonly namespaceResourceId: string
      readonly identityResourceId: string
    }
  }
}

/** IoT hubs (contract section 8). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, random } = kernel

  const find = (call: Call): Resource => {
    const id = hubId(call)
    requireGroup(world, id, false)
    const hub = world.resources.get(key(id))
    // ARM knows itself what is there, and answers in its own envelope (contract 2.2).
    if (!hub) throw notFound(id)
    return hub
  }
  const taken = takenName(kernel, 'IotHubs')
  registerNameCheck(routes, kernel, 'checkNameAvailability', taken)

  routes.on(HOST, 'GET', HUB, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Read', hubId(call))
    return { status: 200, body: find(call).body }
  })

  for (const [pattern, scope] of [
    [HUB.replace('/:hub', ''), (call: Call) => hubId(call).split('/providers/')[0]],
    [
      '/subscriptions/:subscription/providers/Microsoft.Devices/IotHubs',
      (call: Call) => `/subscriptions/${call.params.subscription}`
    ]
  ] as const) {
    routes.on(HOST, 'GET', pattern, (call) => {
      const below = scope(call) ?? ''
      const hubs = [...world.resources.values()].filter(
        ({ id }) => key(id).startsWith(`${key(below)}/`) && /\/iothubs\/[^/]+$/i.test(id)
      )
      const action = 'Microsoft.Devices/IotHubs/Read'
      return listed(kernel, call, readable(kernel, call, action, below, hubs))
    })
  }

  routes.on(HOST, 'PUT', HUB, (call) => {
    const id = hubId(call)
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Write', id)
    requireGroup(world, id, true)
    const name = call.params.hub ?? ''
    const stored = world.resources.get(key(id))
    checkBody(hubPut, call.body, { flat: true, stored: stored?.body })
    const wanted = call.body as HubBody
    if (!/^[A-Za-z0-9-]{3,50}$/.test(name) || name.endsWith('-')) {
      throw refuse(400, 'InvalidResourceName', `The hub name '${name}' is not valid.`)
    }
    const drops = kernel.config().olderPuts === 'drop'
    const known = stored?.body ?? {}
    const before = (drops ? asVersioned(call.url, known) : known) as Resource['body']
    if (stored) checkUpdate(before, wanted, call.headers['if-match'])
    else if (taken(name)) {
      throw refuse(409, '409001', `IotHub name '${name}' is not available.`)
    }
    const identity = attachIdentity(kernel, call.caller, wanted.identity)
    const joined = wanted.properties?.deviceRegistry
    const judges = isKnown(call.url, 'properties.deviceRegistry')
    if (judges && (wanted.sku.name === 'GEN2') !== (joined !== undefined)) {
      throw refuse(400, '400000', 'The SKU GEN2 needs deviceRegistry, and no other SKU takes it.')
    }
    if (joined) {
      requireJoinable(
        kernel,
        'IoT hub',
        joined.namespaceResourceId,
        joined.identityResourceId,
        identity
      )
    }
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.Devices',
      location: wanted.location,
      latency: stored ? 'hubUpdate' : 'hubCreate',
      style: 'async',
      apiVersion: VERSION,
      effect: () => {
        const hub = world.resources.get(key(id))
        if (!hub) return
        Object.assign(hub.body.properties as object, {
          provisioningState: 'Succeeded',
          state: 'Active',
          hostName: `${name.toLowerCase()}.azure-devices.net`
        })
        hub.body.etag = random.hex(12)
      }
    })
    const hub: Resource = stored ?? { id, body: {}, secret: { keys: newKeys(kernel, POLICIES) } }
    hub.body = {
      id: hub.id,
      name,
      type: 'Microsoft.Devices/IotHubs',
      ...whereabouts(hub.id),
      location: stored?.body.location ?? wanted.location,
      tags: wanted.tags ?? {},
      etag: random.hex(12),
      sku: { ...wanted.sku, tier: wanted.sku.name === 'GEN2' ? 'Generation2' : 'Standard' },
      identity,
      properties: {
        ...(before.properties as object),
        ...wanted.properties,
        state: stored ? 'Active' : 'Activating',
        provisioningState: 'Accepted'
      }
    }
    world.resources.set(key(id), hub)
    return { status: stored ? 200 : 201, body: structuredClone(hub.body), headers }
  })

  routes.on(HOST, 'PATCH', HUB, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Write', hubId(call))
    const hub = find(call)
    checkBody(hubPatch, call.body, { flat: true })
    hub.body.tags = (call.body as { tags?: object }).tags ?? {}
    hub.body.etag = random.hex(12)
    return { status: 200, body: hub.body }
  })

  registerRemoval(routes, kernel, {
    path: HUB,
    idOf: hubId,
    action: 'Microsoft.Devices/IotHubs/Delete',
    provider: 'Microsoft.Devices',
    latency: 'hubDelete',
    style: 'both',
    apiVersion: VERSION,
    says: { state: 'Deleting', provisioningState: 'Deleting' },
    shown: true
  })

  routes.on(HOST, 'POST', `${HUB}/listkeys`, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/iotHubs/listkeys/Action', hubId(call))
    return { status: 200, body: { value: keysOf(find(call)) } }
  })

  routes.on(HOST, 'POST', `${HUB}/IotHubKeys/:key/listkeys`, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/iotHubs/iotHubKeys/listkeys/Action', hubId(call))
    const found = keysOf(find(call)).find(({ keyName }) => keyName === call.params.key)
    if (!found) throw refuse(404, '404008', `The key '${call.params.key}' was not found.`)
    return { status: 200, body: found }
  })
}

function checkUpdate(stored: Resource['body'], wanted: HubBody, ifMatch: string | undefined): void {
  // An update needs the etag (contract 2.4); that its absence is a 412 as well is [INF].
  if (ifMatch === undefined || ifMatch.replaceAll('"', '') !== stored.etag) {
    throw refuse(412, '412002', 'The etag does not match the one of the IoT hub.')
  }
  const { sku, location, properties } = stored as unknown as HubBody
  if (sku.name !== wanted.sku.name || !sameLocation(location, wanted.location)) {
    throw refuse(400, '400000', 'SKU and location of an IoT hub cannot be changed this way.')
  }
  const [before, after] = [properties, wanted.properties].map((one) =>
    one?.deviceRegistry?.namespaceResourceId.toLowerCase()
  )
  if (before !== after) {
    throw refuse(400, '400000', 'The namespace of an IoT hub cannot be changed.')
  }
}
