import { AzureError } from '../azure/errors/azureError.ts'
import { applyPlan } from '../engine/applyPlan.ts'
import { LOOK_AGAIN_MS, LOOKS } from '../engine/converge.ts'
import { Facts, observe } from '../engine/facts.ts'
import { planTeardown, removalSettles } from '../engine/teardown.ts'
import { tellPlan } from '../report/planLog.ts'
import { type Lockable, locksOn } from '../resources/locks.ts'
import { SubscriptionInventory } from '../resources/subscriptionInventory.ts'
import type { Environment, EnvironmentSettings } from '../settings/settings.ts'
import { failureOf, LockedError } from './failures.ts'
import { broughtBack, merged, removal, removedIds, stepsToRemove } from './removals.ts'
import { withVersion } from './serviceVersion.ts'
import { type Ledger, modelOf, pace, type Session } from './session.ts'

/** What arrives while an environment goes keeps its container; then what is left is planned anew, so often at most. */
const ROUNDS = 3

/** An environment as it was found, and all that may use its parts. */
interface Found {
  readonly environment: Environment
  readonly inventory: SubscriptionInventory
}

/** Removes what this action made for the environment of the inputs, and nothing else. */
export async function destroy(
  session: Session<EnvironmentSettings>,
  ledger: Ledger
): Promise<void> {
  await destroyEnvironment(await withVersion(session, ledger), session, ledger)
}

/**
 * Removes what this action made for an environment, in the reversed order of its making.
 *
 * @param veto asked directly before the first deletion: why nothing may be deleted after all
 * @returns what the veto said
 */
export async function destroyEnvironment(
  wanted: Environment,
  session: Session,
  ledger: Ledger,
  veto: () => Promise<string | undefined> = async () => undefined
): Promise<string | undefined> {
  const { log, signal, settings } = session
  const found = await look(wanted, session, ledger).catch(async (error: unknown) => {
    throw (await lockBehind(error, wanted, session)) ?? error
  })
  if (settings.dryRun || !stepsToRemove(ledger.plan).length) return undefined
  await requireNoLocks(wanted, session, ledger)

  for (let round = 1; stepsToRemove(ledger.plan).length > 0; round++) {
    const { items = [] } = ledger.plan ?? {}
    const goes = await removal(items, ledger.facts, pace(session))
    const refusal = round === 1 ? await veto() : undefined
    if (refusal !== undefined) return refusal
    const results = await applyPlan(items, ledger.facts, pace(session), goes)
    ledger.results = merged(ledger.results, results)
    const failure = failureOf(results)
    if (failure) throw failure
    signal.throwIfAborted()
    if (round === ROUNDS || !results.some(({ stays }) => stays)) break
    // Something arrived meanwhile. What was to go with its container may still go by itself.
    found.inventory.forget()
    ledger.plan = await plan(found, session, ledger)
    tellPlan(log, wanted.name, ledger.plan, false)
  }
  ledger.facts = await untilGone(found, session, ledger)
  log.info(`Environment ${wanted.name}: everything that was to be removed is gone.`)
  return undefined
}

/** Finds what there is of the environment, and plans. */
async function look(wanted: Environment, session: Session, ledger: Ledger): Promise<Found> {
  const { log, settings, signal } = session
  const { generation, azure } = modelOf(session, wanted)
  const inventory = new SubscriptionInventory(azure, wanted)
  const environment = await generation.discover(azure, wanted, inventory, signal)
  const found: Found = { environment, inventory }
  ledger.plan = await plan(found, session, ledger)
  if (ledger.plan.items.length === 0) log.info(`Environment ${wanted.name}: nothing to remove.`)
  else tellPlan(log, wanted.name, ledger.plan, settings.dryRun)
  return found
}

async function plan(found: Found, session: Session, ledger: Ledger) {
  ledger.steps = stepsToTakeDown(found, session)
  ledger.facts = new Facts()
  await observe(ledger.steps, ledger.facts, pace(session))
  return planTeardown(ledger.steps, ledger.facts.see)
}

function stepsToTakeDown({ environment, inventory }: Found, session: Session) {
  const { generation, azure } = modelOf(session, environment)
  return generation.steps({
    environment,
    azure,
    purpose: { does: 'take down', inventory },
    offers: generation.offers
  })
}

/** A lock on any part would stop Azure half-way: all parts are looked at before the first goes. */
async function requireNoLocks(
  environment: Environment,
  session: Session,
  ledger: Ledger
): Promise<void> {
  const { locks, complete } = await locksAt(stepsToRemove(ledger.plan), environment, session)
  if (!complete) {
    ledger.warnings.push(
      'Whether anything here is locked is not known: give the deploying identity `Microsoft.Authorization/locks/read`, which Reader includes. A lock would stop the destroy half-way.'
    )
  }
  if (locks.length > 0) throw new LockedError(locks)
}

/** A ReadOnly lock refuses even the list of a service's keys, and Azure's client drops the words that name the lock. */
async function lockBehind(
  error: unknown,
  environment: Environment,
  session: Session
): Promise<LockedError | undefined> {
  if (!(error instanceof AzureError && error.code === 'ScopeLocked')) return undefined
  const locked = [{ kind: 'Resource', resource: error.resource }]
  const { locks } = await locksAt(locked, environment, session)
  return locks.length > 0 ? new LockedError(locks) : undefined
}

function locksAt(resources: readonly Lockable[], environment: Environment, session: Session) {
  const { azure } = modelOf(session, environment)
  return locksOn(azure, environment.subscriptionId, resources, session.signal)
}

/** Reads everything back until nothing of what was removed is seen any more; what another writer brought back goes again. */
async function untilGone(found: Found, session: Session, ledger: Ledger): Promise<Facts> {
  const { signal, elapsed, time } = session
  const removed = removedIds(ledger.results)
  for (let looks = 1; ; looks++) {
    await time.sleep(removalSettles(ledger.results, elapsed()), signal)
    found.inventory.forget()
    const steps = stepsToTakeDown(found, session)
    const facts = new Facts()
    await observe(steps, facts, pace(session))
    const { items } = planTeardown(steps, facts.see)
    // Also what may not go any more: it is there.
    const left = items.filter(({ step }) => removed.has(step.id))
    if (left.length === 0) return facts
    if (looks === LOOKS) {
      const names = left.map(({ step }) => `${step.kind} ${step.resource}`)
      throw new Error(
        `Azure still shows what was removed: ${names.join(', ')}. Something else may be making it again; look for another workflow that applies this environment, then run again.`
      )
    }
    const undone = broughtBack(left)
    if (undone.length > 0) {
      const goes = await removal(undone, facts, pace(session))
      const again = await applyPlan(undone, facts, pace(session), goes)
      const failure = failureOf(again)
      if (failure) throw failure
      ledger.results = merged(ledger.results, again)
    }
    if (undone.length < left.length) await time.sleep(LOOK_AGAIN_MS, signal)
  }
}
