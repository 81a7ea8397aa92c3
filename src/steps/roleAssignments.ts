import { createHash } from 'node:crypto'
import type { Azure } from '../azure/azure.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { retryWhile } from '../azure/http/wait.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Task } from '../engine/step.ts'
import { BUDGETS } from '../resources/budgets.ts'
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

/** Who gets roles, and on what. */
export interface Assignee {
  /** ARM id. */
  readonly scope: string
  readonly principalId: string
  /** Whose service principal it is, where the directory had to tell that. */
  readonly application: string | undefined
}

/**
 * Assigns roles; one that is assigned already, under whatever name, is none the worse.
 *
 * @returns ids of those that bear our names
 * @throws AzureError
 */
export async function assignRoles(
  { arm, time }: Pick<Azure, 'arm' | 'time'>,
  { scope, principalId, application }: Assignee,
  {
    roles,
    signal,
    progress
  }: Pick<Task<unknown>, 'signal' | 'progress'> & { readonly roles: readonly Role[] }
): Promise<readonly string[]> {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? ''
  const ids: string[] = []
  for (const role of roles) {
    const id = `${assignmentsAt(scope)}/${assignmentName(scope, principalId, role, application)}`
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`
    const assign = () =>
      arm.put(id, {
        apiVersion: VERSIONS.authorization,
        operation: `grant ${role.name} on`,
        // Naming the type switches off the directory look-up that fails for new identities (contract 6.1).
        body: { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
        signal
      })
    try {
      await retryWhile(assign, {
        ...BUDGETS.principalKnown,
        when: (error) => error instanceof AzureError && error.code === 'PrincipalNotFound',
        notify: () => progress(`principal ${principalId} to become known to Azure RBAC`),
        time,
        signal
      })
      ids.push(id)
    } catch (error) {
      if (!(error instanceof AzureError && error.code === 'RoleAssignmentExists')) throw error
    }
  }
  return ids
}

/** Whether none of these assignments has gone, as with a resource that Azure began anew. @throws AzureError */
export async function areThere(
  { arm }: Pick<Azure, 'arm'>,
  ids: readonly string[],
  signal: AbortSignal
): Promise<boolean> {
  const options = { operation: 'read role assignment', signal }
  const found = await Promise.all(ids.map((id) => arm.get(id, VERSIONS.authorization, options)))
  return found.every((one) => one !== undefined)
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
