import type { Azure } from '../azure/azure.ts'
import type { Branches } from '../github/branches.ts'
import { SubscriptionInventory } from '../resources/subscriptionInventory.ts'
import { GROUP_TYPE } from '../resources/types.ts'
import { repositoryTag, type Tagged } from '../settings/ownerTags.ts'
import { NEWEST_VERSION, type SweepSettings } from '../settings/settings.ts'
import { TARGET_TYPES } from '../settings/targets.ts'
import { type Candidate, candidatesAmong, carriersAmong } from './candidates.ts'
import { destroyEnvironment } from './destroy.ts'
import { judge, leftOf } from './judgement.ts'
import { Ledger, modelOf, type Session } from './session.ts'

/** Environments torn down at once: each has several deletions in flight of its own, and ARM counts them together. */
const AT_ONCE = 3

/** Late, for what speaks to GitHub is used by no other operation. */
async function branchesAt(settings: SweepSettings, signal: AbortSignal): Promise<Branches> {
  const { branchesOf } = await import('../github/branches.ts')
  return branchesOf(settings, signal)
}

/** Destroys every environment of this repository that has expired, or whose branch is gone. */
export async function sweep(session: Session<SweepSettings>, ledger: Ledger): Promise<void> {
  const { settings, log, signal } = session
  const { ownership } = settings.base
  // Tags and lists of resources are the same in every model.
  const { azure } = modelOf(session, { serviceVersion: NEWEST_VERSION })
  const inventory = new SubscriptionInventory(azure, settings.base)
  const { hub, identity, namespace, dps } = TARGET_TYPES
  const types = [GROUP_TYPE, hub, identity, namespace, dps]
  const found = await inventory.tagged(repositoryTag(ownership), types, signal)
  const branches = settings.sweep.goneBranches ? await branchesAt(settings, signal) : undefined
  const candidates = candidatesAmong(found, settings.base)
  const names = candidates.map(({ environment }) => environment.name)
  const count = `${names.length === 1 ? 'environment' : 'environments'} of ${ownership.repository}`
  log.info(names.length === 0 ? `No ${count}` : `${names.length} ${count}: ${names.join(', ')}`)

  const waiting = [...candidates]
  const failures: { readonly name: string; readonly error: Error }[] = []
  const work = async () => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const error = await sweepOne(next, branches, session, ledger)
      if (error) failures.push({ name: next.environment.name, error })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  signal.throwIfAborted()
  if (failures.length > 0) {
    const text = failures.map(({ name, error }) => `${name}: ${error.message}`)
    throw new AggregateError(
      failures.map(({ error }) => error),
      [`${failures.length} environments could not be removed:`, ...text].join('\n')
    )
  }
}

/** @returns why it failed; one failure does not stop the others */
async function sweepOne(
  candidate: Candidate,
  branches: Branches | undefined,
  session: Session,
  ledger: Ledger
): Promise<Error | undefined> {
  const { settings, log, signal } = session
  const { environment, unspoken } = candidate
  const { azure } = modelOf(session, environment)
  const tell = (
    reason: string,
    outcome: 'removed' | 'would be removed' | 'left' | 'failed',
    error?: Error
  ) => {
    const swept = {
      environment: environment.name,
      reason,
      outcome,
      ...(error && { error: error.message })
    }
    ledger.swept = [...ledger.swept, swept]
    const tone = outcome === 'failed' ? 'bad' : outcome === 'left' ? 'aside' : 'change'
    log.info(`${outcome.padEnd(16)}  environment ${environment.name}: ${reason}`, tone)
    return error
  }
  if (unspoken !== undefined) {
    return tell(
      `it was made with the service version ${unspoken}, which this release does not know`,
      'left'
    )
  }
  // The list may be minutes old, and a run may have prolonged the environment since.
  const look = async () => judge(await carriers(candidate, azure, signal), branches, azure)
  try {
    const { doomed, reason } = await look()
    if (!doomed) return tell(reason, 'left')
    const own = new Ledger()
    try {
      const refusal = await destroyEnvironment(environment, session, own, async () => {
        const again = await look()
        return again.doomed ? undefined : again.reason
      })
      if (refusal !== undefined) return tell(refusal, 'left')
    } finally {
      ledger.results = [...ledger.results, ...own.results]
      ledger.warnings.push(...own.warnings)
      const items = [...(ledger.plan?.items ?? []), ...(own.plan?.items ?? [])]
      ledger.plan = { items, unmanaged: [] }
    }
    const staying = leftOf(own, settings.dryRun)
    if (staying !== undefined) return tell(`${reason}, but ${staying}`, 'left')
    return tell(reason, settings.dryRun ? 'would be removed' : 'removed')
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    return tell('it could not be removed', 'failed', failure)
  }
}

/** What says how long it lives, as it is now. */
async function carriers(
  { environment, own }: Candidate,
  azure: Azure,
  signal: AbortSignal
): Promise<readonly Tagged[]> {
  const now = await Promise.all(
    own.map(async (id) => ({ id, tags: await azure.tagsOf(id, signal) }))
  )
  return carriersAmong(now, environment.ownership)
}
