import { ArmError } from '../armError.ts'
import { notFound } from '../errors.ts'
import { groupId, key, sameLocation } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { checkRemoval, removeResource, requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { regionsOf } from './catalog.ts'
import { envelope, object, tags, text } from './schemas.ts'
import type { Tags } from './tags.ts'

const GROUP = '/subscriptions/:subscription/resourcegroups/:group'
const VERSION = '2021-04-01'

const putSchema = object(
  {
    ...envelope,
    location: text,
    tags,
    managedBy: text,
    properties: object({ provisioningState: { readOnly: true } })
  },
  ['location']
)

/** Subscription and resource groups (contract 5.2). */
export function registerResources(routes: Routes, kernel: Kernel): void {
  const { world, rbac, operations, subscriptionId } = kernel
  const idOf = ({ params }: Call) =>
    `/subscriptions/${params.subscription}/resourceGroups/${params.group}`

  routes.on(HOST, 'GET', '/subscriptions', (call) => {
    const only = subscription()
    return listed(kernel, call, [{ id: only.id, body: only }])
  })
  routes.on(HOST, 'GET', '/subscriptions/:subscription', (call) => {
    rbac.require(
      call.caller,
      'Microsoft.Resources/subscriptions/read',
      `/subscriptions/${subscriptionId}`
    )
    return { status: 200, body: subscription() }
  })

  // The client of Azure's command line makes a region's name out of what people read by this list.
  routes.on(HOST, 'GET', '/subscriptions/:subscription/locations', (call) => {
    rbac.require(
      call.caller,
      'Microsoft.Resources/subscriptions/locations/read',
      `/subscriptions/${subscriptionId}`
    )
    const regions = regionsOf(kernel).map((displayName) => {
      const name = displayName.replaceAll(' ', '').toLowerCase()
      const id = `/subscriptions/${subscriptionId}/locations/${name}`
      const body = {
        id,
        name,
        type: 'Region',
        displayName,
        regionalDisplayName: displayName,
        metadata: { regionType: 'Physical', regionCategory: 'Recommended' }
      }
      return { id, body }
    })
    return listed(kernel, call, regions)
  })

  const find = (call: Call): Resource => {
    const id = idOf(call)
    rbac.require(call.caller, 'Microsoft.Resources/subscriptions/resourceGroups/read', id)
    const group = world.resources.get(key(id))
    if (!group) throw notFound(id)
    return group
  }

  routes.on(HOST, 'HEAD', GROUP, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, 'Microsoft.Resources/subscriptions/resourceGroups/read', id)
    return { status: world.resources.has(key(id)) ? 204 : 404 }
  })
  routes.on(HOST, 'GET', GROUP, (call) => ({ status: 200, body: find(call).body }))

  routes.on(HOST, 'PUT', GROUP, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, 'Microsoft.Resources/subscriptions/resourceGroups/write', id)
    const stored = world.resources.get(key(id))
    checkBody(putSchema, call.body, { stored: stored?.body })
    const wanted = call.body as { location: string; tags?: Tags }
    if (!/^[-\w._()]{1,90}$/.test(call.params.group ?? '') || call.params.group?.endsWith('.')) {
      throw new ArmError(
        400,
        'InvalidResourceGroup',
        `The resource group name '${call.params.group}' is not valid.`
      )
    }
    requireGroup(world, stored ? id : '', true)
    if (stored && !sameLocation(String(stored.body.location), wanted.location)) {
      throw new ArmError(
        409,
        'InvalidResourceGroupLocation',
        `Invalid resource group location '${wanted.location}'. The Resource group already exists in location '${stored.body.location}'.`
      )
    }
    const body = {
      id: stored?.id ?? id,
      name: call.params.group,
      type: 'Microsoft.Resources/resourceGroups',
      location: stored?.body.location ?? wanted.location,
      // A PUT replaces the tags (contract 5.2).
      tags: wanted.tags ?? {},
      properties: { provisioningState: 'Succeeded' }
    }
    world.resources.set(key(id), { id: body.id, body, secret: {} })
    return { status: stored ? 200 : 201, body }
  })

  routes.on(HOST, 'DELETE', GROUP, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, 'Microsoft.Resources/subscriptions/resourceGroups/delete', id)
    const group = world.resources.get(key(id))
    if (!group) throw notFound(id)
    ;(group.body.properties as Record<string, unknown>).provisioningState = 'Deleting'
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.Resources',
      location: String(group.body.location),
      latency: 'groupDelete',
      style: 'location',
      apiVersion: VERSION,
      effect: () => {
        for (const { id: inner } of world.resources.values()) {
          if (key(groupId(inner) ?? '') === key(id)) checkRemoval(world, inner, id)
        }
        // What has arrived since the deletion began goes as well [INF].
        removeResource(world, id)
      }
    })
    return { status: 202, headers }
  })

  function subscription() {
    return {
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      tenantId: kernel.tenantId,
      displayName: 'Emulated',
      state: 'Enabled'
    }
  }
}
