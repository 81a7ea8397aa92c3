import { ArmError } from '../armError.ts'
import { key, within } from '../ids.ts'
import type { Kernel, Routes } from '../kernel.ts'
import { listed } from '../lists.ts'
import { type Role, rolesIn } from '../roles.ts'
import { checkBody } from '../strict.ts'
import { HOST } from './addresses.ts'
import { envelope, object, text } from './schemas.ts'

const DEFINITIONS = '/*scope/providers/Microsoft.Authorization/roleDefinitions'
const texts = { type: 'array', items: text }

const schema = object(
  {
    ...envelope,
    properties: object(
      {
        roleName: text,
        description: { type: 'string' },
        type: { enum: ['CustomRole'] },
        permissions: {
          type: 'array',
          minItems: 1,
          items: object({
            actions: texts,
            notActions: texts,
            dataActions: texts,
            notDataActions: texts
          })
        },
        assignableScopes: { ...texts, minItems: 1 }
      },
      ['roleName', 'permissions', 'assignableScopes']
    )
  },
  ['properties']
)

interface Definition {
  readonly roleName: string
  readonly permissions: readonly Partial<Pick<Role, 'actions' | 'notActions'>>[]
  readonly assignableScopes: readonly string[]
}

/** Role definitions: the built-in ones, those of the settings, and those that somebody has made (contract 6.2). */
export function registerRoleDefinitions(routes: Routes, kernel: Kernel): void {
  const { world, rbac, clock, subscriptionId } = kernel
  const roles = () => rolesIn(world, kernel.config().roles)
  const idOf = (name: string) =>
    `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${name}`

  const definition = (role: Role) => {
    const { id, name, custom, actions, notActions, dataActions, notDataActions } = role
    return (
      world.roleDefinitions.get(key(idOf(id)))?.body ?? {
        id: idOf(id),
        name: id,
        type: 'Microsoft.Authorization/roleDefinitions',
        properties: {
          roleName: name,
          type: custom ? 'CustomRole' : 'BuiltInRole',
          description: name,
          assignableScopes: ['/'],
          permissions: [{ actions, notActions, dataActions, notDataActions }]
        }
      }
    )
  }
  /** A role is there where it may be assigned. */
  const isAt = (scope: string) => (body: ReturnType<typeof definition>) =>
    (body.properties as Definition).assignableScopes.some((one) => within(scope, one))

  routes.on(HOST, 'GET', DEFINITIONS, (call) => {
    const filter = call.url.searchParams.get('$filter') ?? ''
    const name = /^roleName eq '([^']+)'$/.exec(filter)?.[1]
    const found = roles()
      .filter((role) => name === undefined || key(role.name) === key(name))
      .map(definition)
      .filter(isAt(call.params.scope ?? '/'))
    return listed(
      kernel,
      call,
      found.map((body) => ({ id: String(body.id), body }))
    )
  })

  routes.on(HOST, 'GET', `${DEFINITIONS}/:name`, (call) => {
    const found = roles().find(({ id }) => id === key(call.params.name ?? ''))
    if (found) return { status: 200, body: definition(found) }
    throw new ArmError(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${call.params.name}' does not exist.`
    )
  })

  routes.on(HOST, 'PUT', `${DEFINITIONS}/:name`, (call) => {
    const name = key(call.params.name ?? '')
    const id = idOf(name)
    const stored = world.roleDefinitions.get(key(id))
    checkBody(schema, call.body, { stored: stored?.body })
    const wanted = (call.body as { properties: Definition }).properties
    for (const scope of wanted.assignableScopes) {
      rbac.require(call.caller, 'Microsoft.Authorization/roleDefinitions/write', scope)
    }
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) {
      throw new ArmError(400, 'InvalidRoleDefinitionId', 'The role definition ID must be a GUID.')
    }
    const others = roles().filter((role) => role.id !== name)
    if (others.some((role) => key(role.name) === key(wanted.roleName))) {
      throw new ArmError(
        409,
        'RoleDefinitionWithSameNameExists',
        `A custom role with the same name '${wanted.roleName}' already exists.`
      )
    }
    const now = new Date(clock.now()).toISOString()
    const { createdOn = now } = (stored?.body.properties ?? {}) as { createdOn?: string }
    const body = {
      id,
      name,
      type: 'Microsoft.Authorization/roleDefinitions',
      properties: {
        ...wanted,
        type: 'CustomRole',
        permissions: wanted.permissions.map((one) => ({
          actions: [],
          notActions: [],
          dataActions: [],
          notDataActions: [],
          ...one
        })),
        createdOn,
        updatedOn: now
      }
    }
    world.roleDefinitions.set(key(id), { id, body, secret: {} })
    return { status: 201, body }
  })

  routes.on(HOST, 'DELETE', `${DEFINITIONS}/:name`, (call) => {
    const id = idOf(key(call.params.name ?? ''))
    const found = world.roleDefinitions.get(key(id))
    if (!found) return { status: 204 }
    for (const scope of (found.body.properties as Definition).assignableScopes) {
      rbac.require(call.caller, 'Microsoft.Authorization/roleDefinitions/delete', scope)
    }
    const held = [...world.roleAssignments.values()].some(
      ({ body }) =>
        key((body.properties as { roleDefinitionId: string }).roleDefinitionId) === key(id)
    )
    if (held) {
      throw new ArmError(
        400,
        'RoleDefinitionHasAssignments',
        'There are existing role assignments referencing role.'
      )
    }
    world.roleDefinitions.delete(key(id))
    return { status: 200, body: found.body }
  })
}
