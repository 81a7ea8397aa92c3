import { notFound, parentNotFound } from '../../errors.ts'
import { key } from '../../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../../kernel.ts'
import { listed } from '../../lists.ts'
import { onRemove, requireGroup } from '../../world.ts'
import { HOST, NAMESPACE, namespaceId } from '../addresses.ts'
import { registerRemoval } from '../removal.ts'

const DEVICE = `${NAMESPACE}/registryDevices/:device`
export const DEVICE_ACTION = 'Microsoft.DeviceRegistry/namespaces/registryDevices'

/** A device in the identity registry of a hub; its `uuid` is that of the namespace's device (contract B, 9.2). */
export interface HubDevice {
  readonly deviceId: string
  readonly adrDeviceProperties: { readonly uuid: string; readonly name: string }
}

/** The devices that a hub lets in, by id. */
export function devicesOf(hub: Resource): Map<string, HubDevice> {
  hub.secret.devices ??= new Map<string, HubDevice>()
  return hub.secret.devices as Map<string, HubDevice>
}

/** What a registration leaves behind: a device in the namespace, and one on the hub (contract B, 9.2). */
export function registerDevice(
  { world, random, config }: Kernel,
  namespace: Resource,
  hub: Resource,
  deviceId: string
): void {
  const below = `${key(namespace.id)}/registrydevices/`
  const known = [...world.resources.values()].find(
    ({ id, body }) =>
      key(id).startsWith(below) &&
      (body.properties as { externalDeviceId?: string }).externalDeviceId === deviceId
  )
  const { uuid = random.guid() } = (known?.body.properties ?? {}) as { uuid?: string }
  // [INF] the service chooses the name; the CLI's example has this form.
  const name = String(known?.body.name ?? `${deviceId.slice(0, 26)}-${random.guid()}`)
  if (!known && config().registry.registersDevices) {
    const id = `${namespace.id}/registryDevices/${name}`
    const body = {
      id,
      name,
      type: DEVICE_ACTION,
      location: namespace.body.location,
      etag: random.guid(),
      properties: {
        uuid,
        externalDeviceId: deviceId,
        enablementState: 'Enabled',
        provisioningState: 'Succeeded'
      }
    }
    world.resources.set(key(id), { id, body, secret: { hubId: hub.id } })
  } else if (known) known.secret.hubId = hub.id
  devicesOf(hub).set(key(deviceId), { deviceId, adrDeviceProperties: { uuid, name } })
}

/** Devices of a namespace; registration makes them (contract B, 9.2). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, rbac } = kernel
  const idOf = (call: Call) => `${namespaceId(call)}/registryDevices/${call.params.device}`

  // [INF] the hub forgets a device that its namespace forgets.
  onRemove(world, ({ id, body, secret }) => {
    if (!/\/registrydevices\/[^/]+$/i.test(id)) return
    const hub = world.resources.get(key(String(secret.hubId)))
    const { externalDeviceId } = body.properties as { externalDeviceId: string }
    if (hub) devicesOf(hub).delete(key(externalDeviceId))
  })

  routes.on(HOST, 'GET', DEVICE.replace('/:device', ''), (call) => {
    const id = namespaceId(call)
    rbac.require(call.caller, `${DEVICE_ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(id))) throw parentNotFound(`${id}/registryDevices/x`)
    const found = [...world.resources.values()].filter((one) =>
      key(one.id).startsWith(`${key(id)}/registrydevices/`)
    )
    return listed(kernel, call, found)
  })

  routes.on(HOST, 'GET', DEVICE, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, `${DEVICE_ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(namespaceId(call)))) throw parentNotFound(id)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    return { status: 200, body: found.body }
  })

  registerRemoval(routes, kernel, {
    path: DEVICE,
    idOf,
    action: `${DEVICE_ACTION}/delete`,
    provider: 'Microsoft.DeviceRegistry',
    latency: 'registryDeviceDelete',
    style: 'location',
    says: { provisioningState: 'Deleting' }
  })
}
