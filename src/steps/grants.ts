import { createHash } from 'node:crypto'
import type { Azure } from '../azure/azure.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { RIGHT_TO_GRANT } from '../azure/errors/rightsErrors.ts'
import { retryWhile } from '../azure/http/wait.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, See, Step } from '../engine/step.ts'
import { cannot } from '../engine/verdict.ts'
import { BUDGETS } from '../resources/budgets.ts'
import { awaited } from '../resources/late.ts'
import { groupIdOf, sameId } from '../settings/resourceId.ts'
import type { Phase } from '../settings/settings.ts'
import type { Role } from './roles.ts'

interface RoleAssignment {
  readonly id: string
  readonly properties?: {
    readonly roleDefinitionId?: string
    readonly scope?: string
  }
}

export interface GrantFacts {
  /** Undefined while not known. */
  readonly principalId: string | undefined
  readonly missing: readonly Role[]
  /** Ids of the assignments of these roles on this very scope. */
  readonly held: readonly string[]
  /** False when the deploying identity may not make what is missing; undefined when nothing is, or nobody knows. */
  readonly mayGrant?: boolean | undefined
  /** When this run made the last of them, in milliseconds; undefined when it made none. */
  readonly madeAt?: number
}

const WRITE = 'Microsoft.Authorization/roleAssignments/write'

export interface GrantOptions {
  readonly id: string
  readonly kind: string
  readonly phase: Phase
  /** ARM id that the roles are given on. */
  readonly scope: string
  readonly roles: readonly Role[]
  /** Who gets them; undefined while not known. */
  readonly principal: (
    see: See,
    signal: AbortSignal
  ) => string | undefined | Promise<string | undefined>
  /** Id of the resource that the principal ends with; undefined for one that outlives the environment. */
  readonly principalResource?: string
  /** False while there is nothing yet that a role could be given on. */
  readonly scopeExists: (see: See) => boolean
  readonly needs: readonly AnyStep[]
  /** Steps that tell the principal and the scope. */
  readonly reads: readonly AnyStep[]
}

/** Roles of one principal on one scope; a role inherited from above counts. */
export function grantsStep(
  { arm, permissions, time }: Pick<Azure, 'arm' | 'permissions' | 'time'>,
  options: GrantOptions
): Omit<Step<GrantFacts>, 'wait' | 'unseen'> {
  const { scope, roles } = options
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? ''

  const read = async (see: See, signal: AbortSignal): Promise<GrantFacts> => {
    const principalId = await options.principal(see, signal)
    if (principalId === undefined || !options.scopeExists(see))
      return { principalId, missing: roles, held: [], mayGrant: await mayGrant(signal) }
    const held = await arm.list<RoleAssignment>(path, VERSIONS.authorization, {
      query: { $filter: `principalId eq '${principalId}'` },
      operation: 'list role assignments',
      signal
    })
    const missing = roles.filter((role) => !held.some((one) => grants(one, role, scope)))
    return {
      principalId,
      missing,
      ...(missing.length > 0 && { mayGrant: await mayGrant(signal) }),
      held: held
        .filter((one) => sameId(scopeOf(one), scope))
        .filter((one) => roles.some((role) => grants(one, role, scope)))
        .map(({ id }) => id)
    }
  }

  /** Asked of the group: its resources may not be there yet, and the subscription does not tell what a group allows. */
  const mayGrant = async (signal: AbortSignal): Promise<boolean | undefined> => {
    const group = groupIdOf(scope)
    const able = await permissions.allows(WRITE, group, signal)
    // An identity that only looks is not the one that is going to apply, and cannot tell what that one may do.
    return able === false && (await permissions.readsOnly(group, signal)) ? undefined : able
  }

  return {
    id: options.id,
    kind: options.kind,
    resource: scope,
    phase: options.phase,
    needs: options.needs,
    reads: options.reads,
    observe: read,
    unmetRequirement: ({ missing }) =>
      missing.length === 0
        ? undefined
        : `not granted: ${missing.map(({ name }) => name).join(', ')}`,
    judge: ({ missing, principalId, mayGrant: able }, see) => {
      if (missing.length === 0) return { action: 'keep' }
      const late = principalId === undefined ? awaited(options.reads, see) : undefined
      if (late !== undefined) return { action: 'await', reason: late }
      if (able === false) {
        return cannot({
          what: `${options.kind} ${scope}: the deploying identity may not grant roles there (${missing.map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing)`,
          advice: `Give it ${RIGHT_TO_GRANT}`
        })
      }
      const changes = missing.map(({ name }) => ({
        property: name,
        before: undefined,
        after: 'granted'
      }))
      const unchecked = able === undefined && {
        unchecked: ['whether the deploying identity may grant roles']
      }
      return missing.length === roles.length
        ? {
            action: 'create',
            changes,
            ...(principalId === undefined && { unknown: ['principalId'] }),
            ...unchecked
          }
        : { action: 'change', changes, ...unchecked }
    },
    apply: async ({ facts, see, signal, progress }) => {
      const principalId = await options.principal(see, signal)
      if (principalId === undefined) {
        throw new Error(
          `Azure has not told the principal id that ${options.kind} on ${scope} need; run again.`
        )
      }
      for (const role of facts.missing) {
        await retryWhile(() => assign(principalId, role, signal), {
          ...BUDGETS.principalKnown,
          when: (error) => error instanceof AzureError && error.code === 'PrincipalNotFound',
          notify: () => progress(`principal ${principalId} to become known to Azure RBAC`),
          time,
          signal
        })
      }
      return { principalId, missing: [], held: [], madeAt: time.now() }
    },
    checks: ({ principalId, missing }) =>
      principalId === undefined
        ? []
        : roles.map((role) => ({
            what: `${role.name} is granted to ${principalId}`,
            holds: !missing.includes(role),
            remedy: `Run \`operation: apply\` with the phase \`${options.phase}\`, or \`az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal --role ${role.id} --scope ${scope}\`.`
          })),
    teardown: {
      within: true,
      follows: true,
      judge: ({ held }, _see, isBeingRemoved) => {
        if (held.length === 0) return undefined
        const { principalResource } = options
        if (
          isBeingRemoved(scope) ||
          (principalResource !== undefined && isBeingRemoved(principalResource))
        )
          return { action: 'remove' }
        return { action: 'leave', reason: 'neither its principal nor its scope goes' }
      },
      remove: async ({ facts, signal }) => {
        for (const id of facts.held) {
          await arm.delete(id, {
            apiVersion: VERSIONS.authorization,
            operation: 'remove role assignment',
            signal
          })
        }
      }
    }
  }

  async function assign(principalId: string, role: Role, signal: AbortSignal): Promise<void> {
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`
    try {
      await arm.put(`${path}/${assignmentName(scope, principalId, role)}`, {
        apiVersion: VERSIONS.authorization,
        operation: `grant ${role.name} on`,
        // Naming the type switches off the directory look-up that fails for new identities (contract 6.1).
        body: { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
        signal
      })
    } catch (error) {
      if (!(error instanceof AzureError && error.code === 'RoleAssignmentExists')) throw error
    }
  }
}

/** What an assignment is given on, which its id tells as well. */
function scopeOf({ id, properties }: RoleAssignment): string {
  const inId = id.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/i, '')
  return (properties?.scope ?? inId).replace(/\/$/, '')
}

function grants(assignment: RoleAssignment, role: Role, scope: string): boolean {
  const held = scopeOf(assignment).toLowerCase()
  const wanted = scope.toLowerCase()
  const given = assignment.properties?.roleDefinitionId?.toLowerCase()
  return (
    given?.endsWith(`/${role.id.toLowerCase()}`) === true &&
    (wanted === held || wanted.startsWith(`${held}/`))
  )
}

/**
 * The same grant always gets the same name, so a rerun meets it. The principal is part of it: a recreated identity has a
 * new one, and the old grant's name must not be in its way (contract 12).
 */
export function assignmentName(scope: string, principalId: string, role: Role): string {
  const hash = createHash('sha256')
    .update([scope, principalId, role.id].join('|').toLowerCase())
    .digest()
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
