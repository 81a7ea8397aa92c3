import { ArmError } from '../armError.ts'
import { notFound } from '../errors.ts'
import { key, within } from '../ids.ts'
import type { Call, Kernel, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { guardRemoval, onRemove, requireGroup } from '../world.ts'
import { HOST, NAMESPACE, namespaceId } from './addresses.ts'
import * as linked from './certificateAuthorities/namespace.ts'
import * as plain from './credentialsAndPolicies/namespace.ts'
import { generationOf } from './generation.ts'
import { isNamespace } from './names.ts'
import { forgetIdentity } from './namespaceIdentity.ts'
import { namespaceView } from './namespaceView.ts'
import { registerRemoval } from './removal.ts'
import { isMirror } from './view.ts'

/** Namespaces of Microsoft.DeviceRegistry: one resource, whichever version reads it (contract 7, contract B, 3). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac } = kernel

  routes.on(HOST, 'GET', NAMESPACE, async (call) => {
    const id = namespaceId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/read', id)
    requireGroup(world, id, false)
    await operations.due(id)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    return { status: 200, body: namespaceView(kernel, found, generationOf(call)) }
  })

  const list = (scope: string, call: Call) => {
    const found = [...world.resources.values()].filter(
      ({ id }) => key(id).startsWith(`${key(scope)}/`) && isNamespace(id)
    )
    const action = 'Microsoft.DeviceRegistry/namespaces/read'
    const shown = readable(kernel, call, action, scope, found)
    requireGroup(world, scope, false)
    const view = shown.map((one) => ({
      id: one.id,
      body: namespaceView(kernel, one, generationOf(call))
    }))
    return listed(kernel, call, view)
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

  const model = (call: Call) => (generationOf(call) === 'B' ? linked : plain)
  routes.on(HOST, 'PUT', NAMESPACE, (call) => model(call).putNamespace(kernel, call))
  routes.on(HOST, 'PATCH', NAMESPACE, (call) => model(call).patchNamespace(kernel, call))

  registerRemoval(routes, kernel, {
    path: NAMESPACE,
    idOf: namespaceId,
    action: 'Microsoft.DeviceRegistry/namespaces/delete',
    provider: 'Microsoft.DeviceRegistry',
    latency: 'namespaceDelete',
    style: 'location',
    says: { provisioningState: 'Deleting' }
  })

  onRemove(world, (resource) => {
    if (isNamespace(resource.id)) forgetIdentity(kernel, resource)
  })

  // A namespace stays while a hub or DPS of the first model refers to it (contract 11.5).
  guardRemoval(world, (resource, going) => {
    if (!isNamespace(resource.id)) return
    for (const { id, body } of world.resources.values()) {
      const { deviceRegistry, deviceRegistryNamespace } = (body.properties ?? {}) as {
        deviceRegistry?: { namespaceResourceId: string }
        deviceRegistryNamespace?: { resourceId: string }
      }
      const own = isMirror(deviceRegistry) ? undefined : deviceRegistry?.namespaceResourceId
      const joined = own ?? deviceRegistryNamespace?.resourceId
      if (joined === undefined || key(joined) !== key(resource.id) || within(id, going)) continue
      throw new ArmError(
        409,
        'NamespaceInUse', // [INF] no source names the code
        `The namespace '${resource.id}' cannot be deleted while '${id}' refers to it.`
      )
    }
  })
}
