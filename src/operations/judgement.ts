import type { Azure } from '../azure/azure.ts'
import type { Branches } from '../github/branches.ts'
import { lifetimeOf, type Tagged } from '../settings/ownerTags.ts'
import type { Ledger } from './session.ts'

/** Whether an environment goes, and why. */
export interface Judgement {
  readonly doomed: boolean
  readonly reason: string
}

/**
 * Whether an environment has expired, by Azure's clock, or its branch is gone.
 *
 * @param carrying what says how long it lives
 * @param branches undefined where branches are of no account
 */
export async function judge(
  carrying: readonly Tagged[],
  branches: Branches | undefined,
  azure: { readonly arm: Pick<Azure['arm'], 'now'> }
): Promise<Judgement> {
  const lives = (reason: string) => ({ doomed: false, reason })
  if (carrying.length === 0) {
    return lives(
      'neither a resource group nor a hub of its own is there to say when it expires; `operation: destroy` removes what is left'
    )
  }
  const lifetimes = carrying.map(lifetimeOf)
  const ends = lifetimes.flatMap(({ expires }) => expires ?? [])
  const unread = ends.find(({ at }) => at === undefined)
  if (unread) {
    return lives(
      `its expiry ${JSON.stringify(unread.text)} is not a date and time in ISO 8601, so it is kept`
    )
  }
  const last = ends.length === 0 ? undefined : Math.max(...ends.map(({ at }) => at ?? 0))
  const now = azure.arm.now()
  if (last !== undefined && now === undefined) return lives('Azure does not tell what time it is')
  if (last !== undefined && last <= (now ?? 0)) {
    return { doomed: true, reason: `it expired at ${new Date(last).toISOString()}` }
  }
  const recorded = [...new Set(lifetimes.flatMap(({ branch }) => branch ?? []))]
  if (branches !== undefined && recorded.length > 0) {
    const gone = await Promise.all(recorded.map((name) => branches.isGone(name)))
    if (gone.every(Boolean)) {
      return { doomed: true, reason: `its branch ${recorded.join(', ')} is gone` }
    }
  }
  if (last === undefined) return lives('it has no expiry')
  return lives(`it lives until ${new Date(last).toISOString()}`)
}

/** Pure: what of the environment's own is not removed, and why; undefined when all of it is. */
export function leftOf(
  { plan, results }: Pick<Ledger, 'plan' | 'results'>,
  dryRun: boolean
): string | undefined {
  const planned = (plan?.items ?? []).flatMap(({ step, verdict }) =>
    verdict.action === 'leave' && verdict.own ? [{ step, reason: verdict.reason }] : []
  )
  const met = results.flatMap(({ step, stays: reason }) => (reason ? [{ step, reason }] : []))
  const [one] = [...planned, ...met]
  if (one) return `${one.step.kind} ${one.step.resource} stays: ${one.reason}`
  const removed = results.some(({ outcome }) => outcome === 'removed')
  return removed || dryRun ? undefined : 'nothing of it was found'
}
