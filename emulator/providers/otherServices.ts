import { notFound } from '../errors.ts'
import { key } from '../ids.ts'
import type { Call, Kernel, Routes } from '../kernel.ts'
import { checkBody } from '../strict.ts'
import { removeResource, requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { envelope, object, tags, text } from './schemas.ts'

/** What a create must say beyond its location, after Microsoft's reference of each service. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Storage/storageAccounts': ['kind', 'sku'],
  'Microsoft.EventHub/namespaces': [],
  'Microsoft.ServiceBus/namespaces': []
}

/** Services that share a group with those that the contract is about: there to be found, tagged, and deleted with the group. */
export function registerOtherServices(routes: Routes, { world, rbac }: Kernel): void {
  for (const [type, required] of Object.entries(TYPES)) {
    const pattern = `/subscriptions/:subscription/resourceGroups/:group/providers/${type}/:name`
    const schema = object(
      {
        ...envelope,
        location: text,
        tags,
        kind: text,
        sku: { type: 'object' },
        identity: { type: 'object' },
        properties: { type: 'object' }
      },
      ['location', ...required]
    )
    const idOf = (call: Call, right: 'read' | 'write' | 'delete') => {
      const { subscription, group, name } = call.params
      const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
      rbac.require(call.caller, `${type}/${right}`, id)
      return id
    }

    routes.on(HOST, 'GET', pattern, (call) => {
      const id = idOf(call, 'read')
      requireGroup(world, id, false)
      const found = world.resources.get(key(id))
      if (!found) throw notFound(id)
      return { status: 200, body: found.body }
    })

    // [INF] at once: nobody waits for what is not the subject here.
    routes.on(HOST, 'PUT', pattern, (call) => {
      const id = idOf(call, 'write')
      requireGroup(world, id, true)
      const stored = world.resources.get(key(id))
      checkBody(schema, call.body, { stored: stored?.body })
      const wanted = call.body as Record<string, unknown>
      const body = {
        ...wanted,
        id: stored?.id ?? id,
        name: call.params.name,
        type,
        location: stored?.body.location ?? wanted.location,
        tags: wanted.tags ?? {},
        properties: { ...(wanted.properties as object), provisioningState: 'Succeeded' }
      }
      world.resources.set(key(id), { id: body.id, body, secret: {} })
      return { status: stored ? 200 : 201, body }
    })

    routes.on(HOST, 'DELETE', pattern, (call) => {
      const id = idOf(call, 'delete')
      if (!world.resources.has(key(id))) return { status: 204 }
      removeResource(world, id)
      return { status: 200 }
    })
  }
}
