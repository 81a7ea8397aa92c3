import { createHash } from 'node:crypto'
import type { Azure } from '../azure/azure.ts'
import { VERSIONS } from '../azure/versions.ts'
import { groupIdOf, sameId } from '../settings/resourceId.ts'
import type { Role } from './roles.ts'

export interface RoleAssignment {
  readonly id: string
  readonly properties?: {
    readonly roleDefinitionId?: string
    readonly principalId?: string
    readonly principalType?: string
    readonly scope?: string
  }
}

const OPERATION = 'list role assignments'

/** ARM path of the role assignments at a scope. */
export function assignmentsAt(scope: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments`
}

/**
 * Sends ahead one list for all scopes of a group: without a filter Azure tells what is assigned at, above and below the
 * scope (Microsoft's "List Azure role assignments using REST": `atScope()` is what leaves out subscopes).
 */
export function askAssignments(
  { arm, ahead }: Pick<Azure, 'arm' | 'ahead'>,
  scope: string,
  signal: AbortSignal
): void {
  const path = assignmentsAt(groupIdOf(scope))
  ahead.ask(path, () =>
    arm.list<RoleAssignment>(path, VERSIONS.authorization, { operation: OPERATION, signal })
  )
}

/** @returns what the list of the scope's group told; nothing when it was not asked for ahead, or refused */
export async function assignmentsAhead(
  { ahead }: Pick<Azure, 'ahead'>,
  scope: string
): Promise<readonly RoleAssignment[]> {
  return (await ahead.peek<readonly RoleAssignment[]>(assignmentsAt(groupIdOf(scope)))) ?? []
}

/** @returns what a principal holds at the scope, inherited ones included @throws AzureError */
export function assignmentsOf(
  { arm }: Pick<Azure, 'arm'>,
  scope: string,
  principalId: string,
  signal: AbortSignal
): Promise<readonly RoleAssignment[]> {
  return arm.list<RoleAssignment>(assignmentsAt(scope), VERSIONS.authorization, {
    query: { $filter: `principalId eq '${principalId}'` },
    operation: OPERATION,
    signal
  })
}

/** What an assignment is given on, which its id tells as well. */
export function scopeOf({ id, properties }: RoleAssignment): string {
  const inId = id.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/i, '')
  return (properties?.scope ?? inId).replace(/\/$/, '')
}

/** Pure: whether it gives the role on the scope, from there or from above. */
export function grants(assignment: RoleAssignment, role: Role, scope: string): boolean {
  const held = scopeOf(assignment).toLowerCase()
  const wanted = scope.toLowerCase()
  const given = assignment.properties?.roleDefinitionId?.toLowerCase()
  return (
    given?.endsWith(`/${role.id.toLowerCase()}`) === true &&
    (wanted === held || wanted.startsWith(`${held}/`))
  )
}

/**
 * Pure: the principal of an assignment that was made here, for this scope, role and application: its name tells. Nobody has
 * to ask the directory for it.
 */
export function principalOfOwn(
  assignments: readonly RoleAssignment[],
  scope: string,
  role: Role,
  application: string
): string | undefined {
  const own = assignments.find((one) => {
    const { principalId, principalType } = one.properties ?? {}
    return (
      principalId !== undefined &&
      // A principal that was deleted is told as `Unknown` (general knowledge).
      principalType === 'ServicePrincipal' &&
      sameId(scopeOf(one), scope) &&
      grants(one, role, scope) &&
      one.id.toLowerCase().endsWith(`/${assignmentName(scope, principalId, role, application)}`)
    )
  })
  return own?.properties?.principalId
}

/**
 * The same grant always gets the same name, so a rerun meets it. The principal is part of it: a recreated identity has a
 * new one, and the old grant's name must not be in its way (contract 12).
 *
 * @param application whose service principal it is, where the directory had to tell that
 */
export function assignmentName(
  scope: string,
  principalId: string,
  role: Role,
  application?: string
): string {
  const parts = [scope, principalId, role.id, ...(application === undefined ? [] : [application])]
  const hash = createHash('sha256').update(parts.join('|').toLowerCase()).digest()
  // Version 8 (RFC 9562): a GUID whose bits are the application's own.
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32)
  ].join('-')
}
