import { notFound } from '../errors.ts'
import { key, sameLocation } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { asVersioned, isKnown } from '../versions.ts'
import { requireGroup } from '../world.ts'
import { HOST, HUB, hubId } from './addresses.ts'
import { checkLinkedHub } from './certificateAuthorities/linkedHub.ts'
import { attachIdentity, keysOf, newKeys, refuse, requireJoinable, whereabouts } from './devices.ts'
import { generationOf, versionOf } from './generation.ts'
import { hubPatch, hubPut, linkableHubPut } from './iothubSchema.ts'
import { registerNameCheck, takenName } from './names.ts'
import { registerRemoval } from './removal.ts'
import { hubView, isMirror } from './view.ts'

/** Shared access policies of a new hub. */
const POLICIES = {
  iothubowner: 'RegistryRead, RegistryWrite, ServiceConnect, DeviceConnect',
  service: 'ServiceConnect',
  device: 'DeviceConnect',
  registryRead: 'RegistryRead',
  registryReadWrite: 'RegistryRead, RegistryWrite'
}

/** By the first letter of a SKU. */
const TIERS: Readonly<Record<string, string>> = {
  G: 'Generation2',
  S: 'Standard',
  B: 'Basic',
  F: 'Free'
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
    return { status: 200, body: hubView(find(call).body, generationOf(call)) }
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
      return listed(kernel, call, readable(kernel, call, action, below, hubs), (body) =>
        hubView(body, generationOf(call))
      )
    })
  }

  routes.on(HOST, 'PUT', HUB, (call) => {
    const id = hubId(call)
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Write', id)
    requireGroup(world, id, true)
    const name = call.params.hub ?? ''
    const stored = world.resources.get(key(id))
    const generation = generationOf(call)
    const schema = generation === 'B' ? linkableHubPut : hubPut
    checkBody(schema, call.body, { flat: true, stored: stored?.body })
    const wanted = call.body as HubBody
    if (!/^[A-Za-z0-9-]{3,50}$/.test(name) || name.endsWith('-')) {
      throw refuse(400, 'InvalidResourceName', `The hub name '${name}' is not valid.`)
    }
    const drops = kernel.config().olderPuts === 'drop'
    const known = stored?.body ?? {}
    const before = (drops ? asVersioned(call.url, known) : known) as Resource['body']
    // A version that does not know the namespace leaves it alone, or loses it.
    const judges = isKnown(call.url, 'properties.deviceRegistry')
    if (stored) checkUpdate(before, wanted, call.headers['if-match'], judges)
    else if (taken(name)) {
      throw refuse(409, '409001', `IotHub name '${name}' is not available.`)
    }
    const identity = attachIdentity(kernel, call.caller, wanted.identity, stored)
    if (stored) checkLinkedHub(kernel, stored, identity)
    const joined = generation === 'B' ? undefined : wanted.properties?.deviceRegistry
    if (judges && (wanted.sku.name === 'GEN2') !== (joined !== undefined)) {
      throw refuse(400, '400000', 'The SKU GEN2 needs deviceRegistry, and no other SKU takes it.')
    }
    if (joined) {
      requireJoinable(
        kernel,
        'IoT hub',
        joined.namespaceResourceId,
        joined.identityResourceId,
        identity,
        wanted.location
      )
    }
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.Devices',
      location: wanted.location,
      latency: stored ? 'hubUpdate' : 'hubCreate',
      style: 'async',
      apiVersion: versionOf(call),
      effect: () => {
        const hub = world.resources.get(key(id))
        if (!hub) return
        Object.assign(hub.body.properties as object, {
          provisioningState: 'Succeeded',
          state: 'Active',
          hostName: `${name.toLowerCase()}.azure-devices.net`,
          ...(generation === 'B' && secondGateway(name))
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
      sku: { ...wanted.sku, tier: TIERS[wanted.sku.name[0] ?? ''] },
      identity,
      properties: {
        ...(before.properties as object),
        ...wanted.properties,
        // One that never lived is made once more [INF].
        state: (before.properties as { hostName?: string } | undefined)?.hostName
          ? 'Active'
          : 'Activating',
        provisioningState: 'Accepted'
      }
    }
    world.resources.set(key(id), hub)
    const body = structuredClone(hubView(hub.body, generation))
    return { status: stored ? 200 : 201, body, headers }
  })

  routes.on(HOST, 'PATCH', HUB, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Write', hubId(call))
    const hub = find(call)
    checkBody(hubPatch, call.body, { flat: true })
    hub.body.tags = (call.body as { tags?: object }).tags ?? {}
    hub.body.etag = random.hex(12)
    return { status: 200, body: hubView(hub.body, generationOf(call)) }
  })

  registerRemoval(routes, kernel, {
    path: HUB,
    idOf: hubId,
    action: 'Microsoft.Devices/IotHubs/Delete',
    provider: 'Microsoft.Devices',
    latency: 'hubDelete',
    style: 'both',
    says: { state: 'Deleting', provisioningState: 'Deleting' },
    shown: (body, call) => hubView(body, generationOf(call))
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

/** What a hub of version 2026-11-01 has besides (contract B, 4.1). */
function secondGateway(name: string): object {
  const host = name.toLowerCase()
  return {
    deviceHostName: `${host}.device.azure-devices.net`,
    serviceHostName: `${host}.service.azure-devices.net`,
    iotHubDetails: { gatewayVersion: 'V2' }
  }
}

function checkUpdate(
  stored: Resource['body'],
  wanted: HubBody,
  ifMatch: string | undefined,
  judges: boolean
): void {
  // An update needs the etag (contract 2.4); that its absence is a 412 as well is [INF].
  if (ifMatch === undefined || ifMatch.replaceAll('"', '') !== stored.etag) {
    throw refuse(412, '412002', 'The etag does not match the one of the IoT hub.')
  }
  const { sku, location, properties } = stored as unknown as HubBody
  if (sku.name !== wanted.sku.name || !sameLocation(location, wanted.location)) {
    throw refuse(400, '400000', 'SKU and location of an IoT hub cannot be changed this way.')
  }
  // What mirrors the namespace's link is none of the hub's.
  const [before, after] = [properties, wanted.properties].map((one) =>
    isMirror(one?.deviceRegistry)
      ? undefined
      : one?.deviceRegistry?.namespaceResourceId.toLowerCase()
  )
  if (judges && before !== after) {
    throw refuse(400, '400000', 'The namespace of an IoT hub cannot be changed.')
  }
}
