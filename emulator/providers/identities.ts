import { ArmError } from '../armError.ts'
import { notFound } from '../errors.ts'
import { key } from '../ids.ts'
import type { Call, Kernel, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { onRemove, removeResource, requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { envelope, object, tags, text } from './schemas.ts'

const IDENTITY =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/:identity'
const ACTION = 'Microsoft.ManagedIdentity/userAssignedIdentities'

const schema = object({ ...envelope, location: text, tags, properties: { readOnly: true } }, [
  'location'
])

/** User-assigned identities (contract 5.4). */
export function registerIdentities(routes: Routes, kernel: Kernel): void {
  const { world, rbac, clock, random } = kernel
  const idOf = ({ params }: Call) =>
    `/subscriptions/${params.subscription}/resourceGroups/${params.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${params.identity}`

  onRemove(world, ({ id, body }) => {
    if (!/\/userassignedidentities\/[^/]+$/i.test(id)) return
    world.principals.delete((body.properties as { principalId: string }).principalId)
  })

  routes.on(HOST, 'GET', IDENTITY, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, `${ACTION}/read`, id)
    requireGroup(world, id, false)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    return { status: 200, body: found.body }
  })

  for (const [pattern, scopeOf] of [
    [IDENTITY.replace('/:identity', ''), (call: Call) => idOf(call).split('/providers/')[0] ?? ''],
    [
      `/subscriptions/:subscription/providers/${ACTION}`,
      (call: Call) => `/subscriptions/${call.params.subscription}`
    ]
  ] as const) {
    routes.on(HOST, 'GET', pattern, (call) => {
      const scope = scopeOf(call)
      const found = [...world.resources.values()].filter(
        ({ id }) =>
          key(id).startsWith(`${key(scope)}/`) && /\/userassignedidentities\/[^/]+$/i.test(id)
      )
      const shown = readable(kernel, call, `${ACTION}/read`, scope, found)
      requireGroup(world, scope, false)
      return listed(kernel, call, shown)
    })
  }

  routes.on(HOST, 'PUT', IDENTITY, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, `${ACTION}/write`, id)
    requireGroup(world, id, true)
    const name = call.params.identity ?? ''
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/.test(name)) {
      throw new ArmError(400, 'InvalidResourceName', `The identity name '${name}' is not valid.`)
    }
    const stored = world.resources.get(key(id))
    checkBody(schema, call.body, { stored: stored?.body })
    const wanted = call.body as { location: string; tags?: object }
    const properties = stored?.body.properties ?? {
      tenantId: kernel.tenantId,
      principalId: random.guid(),
      clientId: random.guid()
    }
    if (!stored) {
      // A new identity is known to RBAC only after a while (contract 11.1).
      const known = clock.now() + kernel.latency('principalReplication')
      world.principals.set((properties as { principalId: string }).principalId, known)
    }
    const body = {
      id: stored?.id ?? id,
      name,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: stored?.body.location ?? wanted.location,
      tags: wanted.tags ?? {},
      properties
    }
    world.resources.set(key(id), { id: body.id, body, secret: {} })
    return { status: stored ? 200 : 201, body }
  })

  routes.on(HOST, 'DELETE', IDENTITY, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, `${ACTION}/delete`, id)
    if (!world.resources.has(key(id))) return { status: 204 }
    removeResource(world, id)
    return { status: 200 }
  })
}
