import { sameText } from '../azure/answer.ts'
import type { Azure } from '../azure/azure.ts'
import { undefinedIfForbidden } from '../azure/errors/undefinedIfForbidden.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep } from '../engine/step.ts'
import { liesIn } from '../settings/resourceId.ts'

interface Lock {
  readonly id: string
  readonly name?: string
  readonly properties?: { readonly level?: string }
}

/** A lock that Azure would refuse a deletion for, and what it would refuse. */
export interface Obstruction {
  readonly lock: string
  readonly level: string
  readonly on: Lockable
}

export type Lockable = Pick<AnyStep, 'kind' | 'resource'>

const PROVIDER = /\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i

/**
 * Locks on what is to go, on what it lies in, and on what lies in it: each keeps Azure from deleting it, whatever their
 * level. The subscription lists those of everything below; a caller who may not ask it is told of each group's.
 *
 * @returns `complete` is false when some place did not tell its locks
 */
export async function locksOn(
  azure: Azure,
  subscriptionId: string,
  resources: readonly Lockable[],
  signal: AbortSignal
): Promise<{ readonly locks: readonly Obstruction[]; readonly complete: boolean }> {
  const at = (scope: string) =>
    undefinedIfForbidden(() =>
      azure.arm.list<Lock>(`${scope}/providers/Microsoft.Authorization/locks`, VERSIONS.locks, {
        operation: 'list locks',
        signal
      })
    )
  const groups = new Set(
    resources.flatMap(({ resource }) => /^.*?\/resourceGroups\/[^/]+/i.exec(resource)?.[0] ?? [])
  )
  const everywhere = await at(`/subscriptions/${subscriptionId}`)
  const byGroup = everywhere ? [] : await Promise.all([...groups].map(at))
  const told = everywhere ? [everywhere] : byGroup.filter((locks) => locks !== undefined)
  const locks = told.flat().flatMap(({ id, properties }) => {
    const scope = id.replace(PROVIDER, '')
    const { level = 'unknown' } = properties ?? {}
    return resources
      .filter(({ resource }) => liesIn(resource, scope) || liesIn(scope, resource))
      .filter(({ resource }) => !sameText(level, 'CanNotDelete') || isDeleted(resource))
      .map((on) => ({ lock: id, level, on }))
  })
  return { locks, complete: everywhere !== undefined || told.length === byGroup.length }
}

/** A link goes by a PUT and an enrollment group by the data plane: a lock against deletion forbids neither. */
function isDeleted(resource: string): boolean {
  return !/#|\/enrollmentGroups\//i.test(resource)
}
