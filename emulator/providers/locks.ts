import { ArmError } from '../armError.ts'
import { key, within } from '../ids.ts'
import type { Call, Kernel, Routes } from '../kernel.ts'
import { listed } from '../lists.ts'
import { addLock, type LockLevel, scopeOf } from '../locks.ts'
import { checkBody } from '../strict.ts'
import { requireScope } from '../world.ts'
import { HOST } from './addresses.ts'
import { envelope, object, text } from './schemas.ts'

const LOCKS = '/*scope/providers/Microsoft.Authorization/locks'
const ACTION = 'Microsoft.Authorization/locks'

const schema = object(
  {
    ...envelope,
    properties: object(
      {
        level: { enum: ['CanNotDelete', 'ReadOnly'] },
        notes: { type: 'string', maxLength: 512 },
        owners: { type: 'array', items: object({ applicationId: text }) }
      },
      ['level']
    )
  },
  ['properties']
)

/** Management locks, after Microsoft's reference of their API. */
export function registerLocks(routes: Routes, kernel: Kernel): void {
  const { world, rbac } = kernel
  const lockOf = ({ params }: Call) =>
    world.locks.get(key(`${params.scope}/providers/${ACTION}/${params.name}`))
  const scopeFor = (call: Call, right: 'read' | 'write' | 'delete') => {
    const scope = call.params.scope ?? ''
    rbac.require(call.caller, `${ACTION}/${right}`, scope)
    requireScope(world, scope)
    return scope
  }

  routes.on(HOST, 'GET', LOCKS, (call) => {
    const scope = scopeFor(call, 'read')
    const filter = call.url.searchParams.get('$filter') ?? ''
    if (filter !== '' && filter !== 'atScope()') {
      throw new ArmError(400, 'InvalidFilter', `The filter '${filter}' is not supported.`)
    }
    // Those that hold for the scope, and without the filter those of what is in it: [INF] as for role assignments (contract 6.5).
    const found = [...world.locks.values()].filter((lock) => {
      const held = scopeOf(lock)
      return within(scope, held) || (filter === '' && within(held, scope))
    })
    return listed(kernel, call, found)
  })

  routes.on(HOST, 'GET', `${LOCKS}/:name`, (call) => {
    scopeFor(call, 'read')
    const found = lockOf(call)
    // [INF] no source names the code
    if (!found) throw new ArmError(404, 'LockNotFound', `No lock '${call.params.name}' was found.`)
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'PUT', `${LOCKS}/:name`, (call) => {
    const scope = scopeFor(call, 'write')
    const stored = lockOf(call)
    checkBody(schema, call.body, { stored: stored?.body })
    const { properties } = call.body as { properties: { level: LockLevel } }
    const { body } = addLock(world, scope, properties.level, call.params.name)
    body.properties = properties
    return { status: stored ? 200 : 201, body }
  })

  routes.on(HOST, 'DELETE', `${LOCKS}/:name`, (call) => {
    scopeFor(call, 'delete')
    const found = lockOf(call)
    if (!found) return { status: 204 }
    world.locks.delete(key(found.id))
    return { status: 200 }
  })
}
