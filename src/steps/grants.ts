import { sameText } from '../azure/answer.ts'
import type { Azure } from '../azure/azure.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { RIGHT_TO_GRANT } from '../azure/errors/rightsErrors.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, See, Step, Task } from '../engine/step.ts'
import { cannot } from '../engine/verdict.ts'
import { awaited } from '../resources/late.ts'
import { groupIdOf, sameId } from '../settings/resourceId.ts'
import type { Phase } from '../settings/settings.ts'
import {
  areThere,
  askAssignments,
  assignmentsAhead,
  assignmentsOf,
  assignRoles,
  grants,
  type RoleAssignment,
  scopeOf
} from './roleAssignments.ts'
import type { Role } from './roles.ts'

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
  /** Id of the application that the principal was found by; undefined for an identity of a resource. */
  readonly application?: string
  /** False while there is nothing yet that a role could be given on. */
  readonly scopeExists: (see: See) => boolean
  readonly needs: readonly AnyStep[]
  /** Steps that tell the principal and the scope. */
  readonly reads: readonly AnyStep[]
}

/** All of them, just made. */
function heldBy(principalId: string, madeAt: number): GrantFacts {
  return { principalId, missing: [], held: [], madeAt }
}

/** Roles of one principal on one scope; a role inherited from above counts. */
export function grantsStep(
  azure: Pick<Azure, 'arm' | 'ahead' | 'permissions' | 'time'>,
  options: GrantOptions
): Omit<Step<GrantFacts>, 'wait' | 'unseen'> {
  const { arm, permissions, time } = azure
  const { scope, roles, application } = options

  const read = async (see: See, signal: AbortSignal): Promise<GrantFacts> => {
    const principalId = await options.principal(see, signal)
    if (principalId === undefined || !options.scopeExists(see))
      return { principalId, missing: roles, held: [], mayGrant: await mayGrant(signal) }
    const missingOf = (assignments: readonly RoleAssignment[]) =>
      roles.filter((role) => !assignments.some((one) => grants(one, role, scope)))
    const ahead = (await assignmentsAhead(azure, scope)).filter(({ properties }) =>
      sameText(properties?.principalId, principalId)
    )
    // What the group's list does not show is not absent: the scope itself is asked.
    const held =
      missingOf(ahead).length === 0 ? ahead : await assignmentsOf(azure, scope, principalId, signal)
    const missing = missingOf(held)
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

  const assign = (principalId: string, { facts, signal, progress }: Task<GrantFacts>) =>
    assignRoles(
      azure,
      { scope, principalId, application },
      { roles: facts.missing, signal, progress }
    )

  return {
    id: options.id,
    kind: options.kind,
    resource: scope,
    phase: options.phase,
    needs: options.needs,
    // A grant takes effect while its scope and its principal are still being made.
    begins: options.needs,
    reads: options.reads,
    ask: (signal) => askAssignments(azure, scope, signal),
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
    apply: async (task) => {
      const open = options.needs.flatMap((step) => task.underWay(step) ?? [])
      const ends = Promise.all(open)
      // Whoever fails before it is waited for fails for a reason of its own.
      ends.catch(() => {})
      const early = open.length === 0 ? undefined : await assignEarly(task, ends)
      if (early !== undefined) task.shown(heldBy(early.principalId, early.madeAt))
      await ends
      const principalId = await options.principal(task.see, task.signal)
      if (principalId === undefined) {
        throw new Error(
          `Azure has not told the principal id that ${options.kind} on ${scope} need; run again.`
        )
      }
      const stays =
        early?.principalId === principalId && (await areThere(azure, early.ids, task.signal))
      if (!stays) await assign(principalId, task)
      return heldBy(principalId, stays ? early.madeAt : time.now())
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
        return { action: 'leave', reason: 'neither its principal nor its scope is removed' }
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

  /**
   * No source tells whether Azure takes a role assignment on what it has only begun to make: any refusal means that it has
   * to be made first.
   */
  async function assignEarly(task: Task<GrantFacts>, ends: Promise<unknown>) {
    const over = ends.then(
      () => true,
      () => true
    )
    let principalId: string | undefined
    for (;;) {
      // Listened for before it is looked at: what is told in between would be missed.
      const news = task.news().then(() => false)
      principalId = await options.principal(task.see, task.signal)
      if (principalId !== undefined) break
      if (await Promise.race([over, news])) return undefined
    }
    try {
      return { principalId, ids: await assign(principalId, task), madeAt: time.now() }
    } catch (error) {
      if (error instanceof AzureError) return undefined
      throw error
    }
  }
}
