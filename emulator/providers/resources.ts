import { notFound } from '../errors.ts'
import { groupId, key, sameLocation } from '../ids.ts'
import { ArmError, type Call, type Kernel, type Resource, type Routes } from '../kernel.ts'
import { checkBody } from '../strict.ts'
import { bornAt, checkRemoval, removeResource, requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { envelope, object, tags, text } from './schemas.ts'

const GROUP = '/subscriptions/:subscription/resourcegroups/:group'
const VERSION = '2021-04-01'

const putSchema = object(
  { ...envelope, location: text, tags, managedBy: text, properties: { readOnly: true } },
  ['location']
)
const tagsSchema = object(
  { operation: { enum: ['Merge', 'Replace', 'Delete'] }, properties: object({ tags }, ['tags']) },
  ['operation', 'properties']
)

type Tags = Record<string, string>

/** Subscription, resource groups, lists by tag, tags of anything (contract 5.2 and 20.2). */
export function registerResources(routes: Routes, kernel: Kernel): void {
  const { world, rbac, operations, clock, subscriptionId } = kernel
  const idOf = ({ params }: Call) =>
    `/subscriptions/${params.subscription}/resourceGroups/${params.group}`

  routes.on(HOST, 'GET', '/subscriptions', () => ({
    status: 200,
    body: { value: [subscription()] }
  }))
  routes.on(HOST, 'GET', '/subscriptions/:subscription', (call) => {
    rbac.require(
      call.caller,
      'Microsoft.Resources/subscriptions/read',
      `/subscriptions/${subscriptionId}`
    )
    return { status: 200, body: subscription() }
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
          if (key(groupId(inner) ?? '') !== key(id) || /\/namespaces\//i.test(inner)) continue
          checkRemoval(world, inner)
        }
        removeResource(world, id)
      }
    })
    return { status: 202, headers }
  })

  const listed = (call: Call, resources: readonly Resource[]) => {
    const filter = call.url.searchParams.get('$filter') ?? ''
    const [, name, value] = /^tagName eq '([^']*)' and tagValue eq '([^']*)'$/.exec(filter) ?? []
    if (filter !== '' && name === undefined) {
      throw new ArmError(400, 'InvalidFilterInQueryString', `Invalid $filter '${filter}'.`)
    }
    return resources.filter((resource) => {
      // Lists lag behind writes (contract 20.2).
      if (bornAt(world, resource.id) + kernel.latency('listLag') > clock.now()) return false
      if (name === undefined) return true
      const present = Object.entries((resource.body.tags ?? {}) as Tags)
      return present.some(([tag, held]) => key(tag) === key(name) && held === value)
    })
  }
  const isGroup = ({ id }: Resource) => /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i.test(id)

  routes.on(HOST, 'GET', '/subscriptions/:subscription/resourcegroups', (call) => {
    rbac.require(
      call.caller,
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      `/subscriptions/${subscriptionId}`
    )
    const groups = [...world.resources.values()].filter(isGroup)
    return { status: 200, body: { value: listed(call, groups).map(({ body }) => body) } }
  })

  for (const pattern of ['/subscriptions/:subscription/resources', `${GROUP}/resources`]) {
    routes.on(HOST, 'GET', pattern, (call) => {
      const scope = call.params.group ? idOf(call) : `/subscriptions/${subscriptionId}`
      rbac.require(call.caller, 'Microsoft.Resources/subscriptions/resources/read', scope)
      const below = [...world.resources.values()].filter(
        (one) => !isGroup(one) && key(one.id).startsWith(`${key(scope)}/`)
      )
      const value = listed(call, below).map(({ body }) => {
        const { id, name, type, location, tags: present } = body
        return { id, name, type, location, tags: present }
      })
      return { status: 200, body: { value } }
    })
  }

  for (const method of ['GET', 'PATCH'] as const) {
    routes.on(HOST, method, '/*scope/providers/Microsoft.Resources/tags/default', (call) => {
      const scope = call.params.scope ?? ''
      const resource = world.resources.get(key(scope))
      rbac.require(
        call.caller,
        `Microsoft.Resources/tags/${method === 'GET' ? 'read' : 'write'}`,
        scope
      )
      if (!resource) throw notFound(scope)
      if (method === 'PATCH') {
        requireGroup(world, scope, true)
        checkBody(tagsSchema, call.body)
        resource.body.tags = edited((resource.body.tags ?? {}) as Tags, call.body)
      }
      return {
        status: 200,
        body: {
          id: `${scope}/providers/Microsoft.Resources/tags/default`,
          name: 'default',
          type: 'Microsoft.Resources/tags',
          properties: { tags: resource.body.tags ?? {} }
        }
      }
    })
  }

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

/** Tag names compare without regard to case and keep the case they have (contract 20.2). */
function edited(present: Tags, body: unknown): Tags {
  const { operation, properties } = body as { operation: string; properties: { tags: Tags } }
  if (operation === 'Replace') return properties.tags
  const result = { ...present }
  for (const [name, value] of Object.entries(properties.tags)) {
    const known = Object.keys(result).find((one) => key(one) === key(name))
    if (operation === 'Delete') {
      if (known !== undefined) delete result[known]
    } else result[known ?? name] = value
  }
  if (Object.keys(result).length > 50) {
    throw new ArmError(400, 'TooManyTags', 'A resource takes at most 50 tags.')
  }
  return result
}
