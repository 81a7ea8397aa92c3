import { ArmError } from './armError.ts'
import { key, within } from './ids.ts'
import type { Caller, Kernel, Resource, World } from './kernel.ts'
import { requireUnlocked } from './locks.ts'
import { findRole, type Role } from './roles.ts'

/** `*` stands for any run of characters, slashes included; case does not count. */
export function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .split('*')
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${expression}$`, 'i').test(action)
}

function permits(role: Role, action: string, kind: 'action' | 'dataAction'): boolean {
  const [yes, no] =
    kind === 'action' ? [role.actions, role.notActions] : [role.dataActions, role.notDataActions]
  const hit = (pattern: string): boolean => matches(pattern, action)
  return yes.some(hit) && !no.some(hit)
}

/** A grant as RBAC looks at it. */
interface Grant {
  readonly role: Role
  readonly onlyRoles: readonly string[] | undefined
}

export type Rbac = Kernel['rbac'] & {
  /** Roles in effect for a principal on a scope, the inherited ones included. */
  rolesOf(principalId: string, scope: string): readonly Role[]
  /** 403 unless the caller may give this very role on the scope (ABAC conditions count here). */
  requireGrant(caller: Caller | undefined, roleId: string, scope: string): void
}

const writeGrant = 'Microsoft.Authorization/roleAssignments/write'

function denied(caller: Caller | undefined, action: string, scope: string, abac = false): ArmError {
  return new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${caller?.appId}' with object id '${caller?.objectId}' does not have authorization ` +
      `to perform action '${action}' over scope '${scope}' or the scope is invalid. ` +
      (abac ? 'The assignment that grants it has an ABAC condition that is not fulfilled. ' : '') +
      'If access was recently granted, please refresh your credentials.'
  )
}

/** Role-based access: actions with wildcards and exceptions, inheritance, and grants that take time. */
export function createRbac(world: World, now: () => number, roles: () => readonly Role[]): Rbac {
  const inEffect = (assignment: Resource): boolean =>
    Number(assignment.secret.effectiveAt ?? 0) <= now()

  const grants = (principalId: string, scope: string): Grant[] => {
    const found: Grant[] = []
    for (const assignment of world.roleAssignments.values()) {
      const properties = assignment.body.properties as Record<string, string>
      if (key(properties.principalId ?? '') !== key(principalId)) continue
      if (!within(scope, properties.scope ?? '') || !inEffect(assignment)) continue
      const role = findRole(roles(), properties.roleDefinitionId ?? '')
      const onlyRoles = assignment.secret.onlyRoles as readonly string[] | undefined
      if (role) found.push({ role, onlyRoles })
    }
    return found
  }

  const allows: Rbac['allows'] = (principalId, action, scope, kind = 'action') =>
    grants(principalId, scope).some((grant) => permits(grant.role, action, kind))

  return {
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
      if (!caller || !allows(caller.objectId, action, scope)) throw denied(caller, action, scope)
      requireUnlocked(world, action, scope)
    },
    requireGrant(caller, roleId, scope) {
      const able = grants(caller?.objectId ?? '', scope).filter((grant) =>
        permits(grant.role, writeGrant, 'action')
      )
      if (able.length === 0) throw denied(caller, writeGrant, scope)
      const role = key(roleId).split('/').at(-1) ?? ''
      if (able.every((grant) => grant.onlyRoles && !grant.onlyRoles.some((id) => key(id) === role)))
        throw denied(caller, writeGrant, scope, true)
      requireUnlocked(world, writeGrant, scope)
    }
  }
}
