import { ArmError } from './armError.ts'
import { type Attempt, type Attributes, readCondition } from './condition.ts'
import type { Config } from './config.ts'
import { key, within } from './ids.ts'
import type { Caller, Kernel, Resource, World } from './kernel.ts'
import { requireUnlocked } from './locks.ts'
import { findRole, type Role, rolesIn } from './roles.ts'
import { matches } from './wildcard.ts'

function permits(role: Role, action: string, kind: 'action' | 'dataAction'): boolean {
  const [yes, no] =
    kind === 'action' ? [role.actions, role.notActions] : [role.dataActions, role.notDataActions]
  const hit = (pattern: string): boolean => matches(pattern, action)
  return yes.some(hit) && !no.some(hit)
}

/** A grant as RBAC looks at it. */
interface Grant {
  readonly role: Role
  /** Whether its condition holds; always without one. */
  readonly holds: (attempt: Attempt) => boolean
}

export type Rbac = Kernel['rbac'] & {
  /** Every right that a caller was asked for, in lower case. */
  readonly asked: Set<string>
  /** Roles in effect for a principal on a scope, the inherited ones included; their conditions are not told. */
  rolesOf(principalId: string, scope: string): readonly Role[]
  /** 403 unless the caller may write, or delete, this very role assignment; conditions say nothing of one that is not there [INF]. */
  requireGrant(
    caller: Caller | undefined,
    right: 'write' | 'delete',
    assignment: Readonly<Record<string, unknown>> | undefined,
    scope: string
  ): void
}

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments'

const CAUSES = {
  right: 'does not have authorization',
  condition: 'has an authorization with ABAC condition that is not fulfilled',
  either: 'does not have authorization or an ABAC condition not fulfilled'
} as const

export function denied(
  caller: Caller | undefined,
  action: string,
  scope: string,
  cause: keyof typeof CAUSES = 'right'
): ArmError {
  return new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${caller?.appId}' with object id '${caller?.objectId}' ${CAUSES[cause]} to perform action '${action}' over scope '${scope}' ` +
      'or the scope is invalid. If access was recently granted, please refresh your credentials.'
  )
}

/** Role-based access: actions with wildcards and exceptions, inheritance, and grants that take time. */
export function createRbac(
  world: World,
  now: () => number,
  config: () => Pick<Config, 'roles' | 'grantRefusal'>
): Rbac {
  const inEffect = (assignment: Resource): boolean =>
    Number(assignment.secret.effectiveAt ?? 0) <= now()

  const grants = (principalId: string, scope: string): Grant[] => {
    const found: Grant[] = []
    for (const assignment of world.roleAssignments.values()) {
      const properties = assignment.body.properties as Record<string, string>
      if (key(properties.principalId ?? '') !== key(principalId)) continue
      if (!within(scope, properties.scope ?? '') || !inEffect(assignment)) continue
      const role = findRole(rolesIn(world, config().roles), properties.roleDefinitionId ?? '')
      const { condition } = properties
      const holds = condition === undefined ? () => true : readCondition(condition)
      if (role) found.push({ role, holds })
    }
    return found
  }

  const allows: Rbac['allows'] = (principalId, action, scope, kind = 'action') =>
    grants(principalId, scope).some(
      ({ role, holds }) => permits(role, action, kind) && holds({ action })
    )

  const asked = new Set<string>()

  return {
    asked,
    allows,
    reaches: (principalId, scope) =>
      [...world.roleAssignments.values()].some((assignment) => {
        const properties = assignment.body.properties as Record<string, string>
        const held = properties.scope ?? ''
        const near = within(scope, held) || within(held, scope)
        return (
          near && key(properties.principalId ?? '') === key(principalId) && inEffect(assignment)
        )
      }),
    rolesOf: (principalId, scope) => grants(principalId, scope).map((grant) => grant.role),
    holds: (principalId, roleId, scope) =>
      grants(principalId, scope).some((grant) => grant.role.id === key(roleId).split('/').at(-1)),
    require(caller, action, scope) {
      asked.add(key(action))
      if (!caller || !allows(caller.objectId, action, scope)) throw denied(caller, action, scope)
      requireUnlocked(world, action, scope)
    },
    requireGrant(caller, right, assignment, scope) {
      const action = `${ASSIGNMENTS}/${right}`
      asked.add(key(action))
      const able = grants(caller?.objectId ?? '', scope).filter(({ role }) =>
        permits(role, action, 'action')
      )
      const refuse = (cause: 'right' | 'condition') =>
        denied(caller, action, scope, config().grantRefusal === 'either' ? 'either' : cause)
      if (able.length === 0) throw refuse('right')
      if (assignment !== undefined) {
        const source = right === 'write' ? 'request' : 'resource'
        const attempt = { action, [source]: attributesOf(assignment) }
        if (!able.some(({ holds }) => holds(attempt))) throw refuse('condition')
      }
      requireUnlocked(world, action, scope)
    }
  }
}

/** A role assignment as conditions see it. */
function attributesOf(assignment: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(
    Object.entries(assignment)
      .filter(([, value]) => typeof value === 'string')
      .map(([name, value]) => [name.toLowerCase(), String(value)])
  )
}
