import type { Azure } from '../azure/azure.ts'
import { groupOf } from '../generations/discovery.ts'
import type { Branches } from '../github/branches.ts'
import { SubscriptionInventory } from '../resources/subscriptionInventory.ts'
import { GROUP_TYPE, typeOf } from '../resources/types.ts'
import { environmentNamed } from '../settings/environment.ts'
import { foldEnvironment } from '../settings/names.ts'
import {
  environmentOf,
  lifetimeOf,
  ownerOf,
  repositoryTag,
  serviceVersionOf,
  type Tagged
} from '../settings/ownerTags.ts'
import { sameId } from '../settings/resourceId.ts'
import {
  type Environment,
  type EnvironmentBase,
  NEWEST_VERSION,
  type SweepSettings
} from '../settings/settings.ts'
import { TARGET_TYPES } from '../settings/targets.ts'
import { destroyEnvironment } from './destroy.ts'
import { Ledger, modelOf, type Session } from './session.ts'

/** Environments torn down at once: each has several deletions in flight of its own, and ARM counts them together. */
const AT_ONCE = 3

/** An environment of this repository, and what may say how long it lives. */
interface Candidate {
  readonly environment: Environment
  /** Model of the service that a later release made it by; undefined when this release speaks it. */
  readonly unspoken: string | undefined
  /** Ids of the resources that are proven to be its own. */
  readonly own: readonly string[]
}

/** Whether an environment goes, and why. */
interface Judgement {
  readonly doomed: boolean
  readonly reason: string
}

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

function candidatesAmong(found: readonly Tagged[], base: EnvironmentBase): readonly Candidate[] {
  const byName = new Map<
    string,
    { environment: Environment; unspoken: string | undefined; own: string[] }
  >()
  for (const resource of found) {
    const name = environmentOf(resource)
    if (name === undefined) continue
    const { text, known } = serviceVersionOf(resource)
    const environment = environmentNamed(base, name, known ?? NEWEST_VERSION)
    if (ownerOf(resource, environment.ownership) !== 'ours') continue
    const folded = foldEnvironment(name)
    const candidate = byName.get(folded) ?? { environment, unspoken: undefined, own: [] }
    if (known === undefined) candidate.unspoken = text
    byName.set(folded, candidate)
    candidate.own.push(resource.id)
    // Its own group, also where another one is given for this run.
    if (sameId(typeOf(resource.id), GROUP_TYPE)) {
      candidate.environment = { ...candidate.environment, group: groupOf(resource.id) }
    }
  }
  return [...byName.values()]
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
    const staying = stays(own, settings.dryRun)
    if (staying !== undefined) return tell(`${reason}, but ${staying}`, 'left')
    return tell(reason, settings.dryRun ? 'would be removed' : 'removed')
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    return tell('it could not be removed', 'failed', failure)
  }
}

/** What of the environment's own is not removed, and why; undefined when all of it is. */
function stays({ plan, results }: Ledger, dryRun: boolean): string | undefined {
  const planned = (plan?.items ?? []).flatMap(({ step, verdict }) =>
    verdict.action === 'leave' && verdict.own ? [{ step, reason: verdict.reason }] : []
  )
  const met = results.flatMap(({ step, stays: reason }) => (reason ? [{ step, reason }] : []))
  const [one] = [...planned, ...met]
  if (one) return `${one.step.kind} ${one.step.resource} stays: ${one.reason}`
  const removed = results.some(({ outcome }) => outcome === 'removed')
  return removed || dryRun ? undefined : 'nothing of it was found'
}

/** What says how long it lives, as it is now: the resource group where that is its own, else its hubs. */
async function carriers(
  { environment, own }: Candidate,
  azure: Azure,
  signal: AbortSignal
): Promise<readonly Tagged[]> {
  const now = await Promise.all(
    own.map(async (id) => ({ id, tags: await azure.tagsOf(id, signal) }))
  )
  const ours = now.filter((resource) => ownerOf(resource, environment.ownership) === 'ours')
  const groups = ours.filter(({ id }) => sameId(typeOf(id), GROUP_TYPE))
  const hubs = ours.filter(({ id }) => sameId(typeOf(id), TARGET_TYPES.hub))
  return groups.length > 0 ? groups : hubs
}

async function judge(
  carrying: readonly Tagged[],
  branches: Branches | undefined,
  azure: Azure
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
