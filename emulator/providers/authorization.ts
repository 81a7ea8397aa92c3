import { ArmError } from '../armError.ts'
import { readCondition } from '../condition.ts'
import { key, within } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed } from '../lists.ts'
import type { Rbac } from '../rbac.ts'
import { findRole, rolesIn } from '../roles.ts'
import { checkBody } from '../strict.ts'
import { bornAt, requireScope } from '../world.ts'
import { HOST } from './addresses.ts'
import { envelope, object, text } from './schemas.ts'

const ASSIGNMENTS = '/*scope/providers/Microsoft.Authorization/roleAssignments'
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const schema = object(
  {
    ...envelope,
    properties: object(
      {
        roleDefinitionId: text,
        principalId: text,
        principalType: { enum: ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'] },
        description: text,
        condition: text,
        conditionVersion: { enum: ['2.0'] }
      },
      ['roleDefinitionId', 'principalId']
    )
  },
  ['properties']
)

interface Properties {
  readonly roleDefinitionId: string
  readonly principalId: string
  readonly principalType?: string
  readonly scope: string
  readonly condition?: string
}

const propertiesOf = ({ body }: Resource) => body.properties as Properties

/** Role assignments and the caller's permissions (contract 6 and 20.1). */
export function registerAuthorization(routes: Routes, kernel: Kernel, rbac: Rbac): void {
  const { world, clock } = kernel
  const roles = () => rolesIn(world, kernel.config().roles)
  const idOf = ({ params }: Call) =>
    `${params.scope === '/' ? '' : params.scope}/providers/Microsoft.Authorization/roleAssignments/${params.name}`

  routes.on(HOST, 'GET', `${ASSIGNMENTS}/:name`, (call) => {
    const scope = call.params.scope ?? ''
    rbac.require(call.caller, 'Microsoft.Authorization/roleAssignments/read', scope)
    const found = world.roleAssignments.get(key(idOf(call)))
    if (!found) {
      throw new ArmError(
        404,
        'RoleAssignmentNotFound',
        `The role assignment '${call.params.name}' is not found.`
      )
    }
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'GET', ASSIGNMENTS, (call) => {
    const scope = call.params.scope ?? ''
    rbac.require(call.caller, 'Microsoft.Authorization/roleAssignments/read', scope)
    requireScope(world, scope)
    const filter = call.url.searchParams.get('$filter') ?? ''
    const principal = /^principalId eq '([^']+)'$/.exec(filter)?.[1]
    const atScope = filter === 'atScope()'
    if (filter !== '' && principal === undefined && !atScope) {
      throw new ArmError(400, 'InvalidFilter', `The filter '${filter}' is not supported.`)
    }
    const found = [...world.roleAssignments.values()].filter((one) => {
      // Lists lag behind writes, this one as well [INF].
      const visibleAt = bornAt(world, one.id) + kernel.latency('listLag')
      if (!one.secret.fromConfig && visibleAt > clock.now()) return false
      const { scope: held, principalId } = propertiesOf(one)
      const above = within(scope, held)
      if (principal !== undefined)
        return key(principalId) === key(principal) && (above || within(held, scope))
      return above || (!atScope && within(held, scope))
    })
    return listed(kernel, call, found)
  })

  routes.on(HOST, 'PUT', `${ASSIGNMENTS}/:name`, (call) => {
    const scope = call.params.scope ?? ''
    const id = idOf(call)
    checkBody(schema, call.body)
    const wanted = (call.body as { properties: Properties }).properties
    rbac.requireGrant(call.caller, 'write', { ...wanted }, scope)
    requireScope(world, scope)
    if (wanted.condition !== undefined) readCondition(wanted.condition)
    if (!GUID.test(call.params.name ?? '')) {
      throw new ArmError(400, 'InvalidRoleAssignmentId', 'The role assignment ID must be a GUID.')
    }
    const role = findRole(roles(), wanted.roleDefinitionId)
    if (!role || !/\/roleDefinitions\/[^/]+$/i.test(wanted.roleDefinitionId)) {
      throw new ArmError(
        400,
        'RoleDefinitionDoesNotExist',
        `The specified role definition with ID '${wanted.roleDefinitionId}' does not exist.`
      )
    }
    checkPrincipal(wanted)
    refuseOnUnfinished(scope)
    const same = (one: Resource) => {
      const { principalId, roleDefinitionId, scope: held } = propertiesOf(one)
      return (
        key(principalId) === key(wanted.principalId) &&
        findRole(roles(), roleDefinitionId)?.id === role.id &&
        key(held) === key(scope)
      )
    }
    const stored = world.roleAssignments.get(key(id))
    if (stored && !same(stored)) {
      throw new ArmError(
        400,
        'RoleAssignmentUpdateNotPermitted',
        'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.'
      )
    }
    if (stored) return { status: 200, body: stored.body }
    if ([...world.roleAssignments.values()].some(same)) {
      throw new ArmError(409, 'RoleAssignmentExists', 'The role assignment already exists.')
    }
    const now = new Date(clock.now()).toISOString()
    const body = {
      id,
      name: call.params.name,
      type: 'Microsoft.Authorization/roleAssignments',
      properties: {
        roleDefinitionId: wanted.roleDefinitionId,
        principalId: wanted.principalId,
        principalType: wanted.principalType ?? 'ServicePrincipal',
        scope,
        ...(wanted.condition && { condition: wanted.condition, conditionVersion: '2.0' }),
        createdOn: now,
        updatedOn: now
      }
    }
    const effectiveAt = clock.now() + kernel.latency('grantPropagation')
    world.roleAssignments.set(key(id), { id, body, secret: { effectiveAt } })
    return { status: 201, body }
  })

  routes.on(HOST, 'DELETE', `${ASSIGNMENTS}/:name`, (call) => {
    const scope = call.params.scope ?? ''
    const found = world.roleAssignments.get(key(idOf(call)))
    rbac.requireGrant(call.caller, 'delete', found && { ...propertiesOf(found) }, scope)
    if (!found) return { status: 204 }
    world.roleAssignments.delete(key(found.id))
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'GET', '/*scope/providers/Microsoft.Authorization/permissions', (call) => {
    const scope = call.params.scope ?? ''
    rbac.require(call.caller, 'Microsoft.Authorization/permissions/read', scope)
    const value = rbac
      .rolesOf(call.caller?.objectId ?? '', scope)
      .map(({ actions, notActions, dataActions, notDataActions }) => ({
        actions,
        notActions,
        dataActions,
        notDataActions
      }))
    return { status: 200, body: { value } }
  })

  /** Both refusals are [INF]: what Azure says of a resource that it cannot see yet, or that is busy. */
  function refuseOnUnfinished(scope: string): void {
    const properties = world.resources.get(key(scope))?.body.properties as
      | Readonly<Record<string, unknown>>
      | undefined
    const state = properties?.provisioningState
    if (state === undefined || ['Succeeded', 'Failed', 'Canceled'].includes(String(state))) return
    const { grantsOnUnfinished } = kernel.config()
    if (grantsOnUnfinished === 'absent')
      throw new ArmError(404, 'ResourceNotFound', `The Resource '${scope}' was not found.`)
    if (grantsOnUnfinished === 'busy')
      throw new ArmError(409, 'Conflict', `The resource '${scope}' is in state ${state}.`)
  }

  /** Unknown to the directory, or not yet known to RBAC (contract 6.1 and 11.1). */
  function checkPrincipal({ principalId, principalType }: Properties): void {
    const { hubApp, principals } = kernel.config()
    const others = [hubApp.objectId, ...principals].map(key)
    const known = others.includes(key(principalId)) ? 0 : world.principals.get(key(principalId))
    const typed =
      kernel.latency('typedPrincipalReplication') - kernel.latency('principalReplication')
    // The type switches off the check of the directory, not that of RBAC itself.
    const from =
      known === undefined ? Number.POSITIVE_INFINITY : known + (principalType ? typed : 0)
    if (from > clock.now() && known !== 0) {
      throw new ArmError(
        400,
        'PrincipalNotFound',
        `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${kernel.tenantId}.`
      )
    }
    if (principalType !== undefined && principalType !== 'ServicePrincipal') {
      throw new ArmError(
        400,
        'UnmatchedPrincipalType',
        `The PrincipalId '${principalId}' has type 'ServicePrincipal', which is different from specified PrinciaplType '${principalType}'.`
      )
    }
  }
}
