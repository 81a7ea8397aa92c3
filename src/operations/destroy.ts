import { realTime } from '../azure/time.ts'
import { apply as carryOut } from '../engine/apply.ts'
import { Facts, observe } from '../engine/facts.ts'
import type { AnyStep, PlanItem } from '../engine/step.ts'
import { planTeardown, removalOrder } from '../engine/teardown.ts'
import { planText } from '../report/text.ts'
import type { Environment } from '../settings/settings.ts'
import { asFound } from '../steps/found.ts'
import { generationA } from '../steps/generationA.ts'
import { Neighbours } from '../steps/neighbours.ts'
import { failureOf } from './failures.ts'
import { type Ledger, pace, type Session } from './session.ts'

/** A read may lag behind a deletion for seconds (contract 11.6). */
const LOOKS = 6
const LOOK_AGAIN_MS = 5_000

/** Removes what this action made for the environment of the inputs, and nothing else. */
export async function destroy(session: Session, ledger: Ledger): Promise<void> {
  await destroyEnvironment(session.settings.environment, session, ledger)
}

/** Removes what this action made for an environment, in the reversed order of its making. */
export async function destroyEnvironment(
  wanted: Environment,
  session: Session,
  ledger: Ledger
): Promise<void> {
  const { log, azure, signal, settings } = session
  const context = await log.group(`Observe environment ${wanted.name}`, async () => {
    const neighbours = new Neighbours(azure, wanted)
    const environment = await asFound(azure, wanted, neighbours, signal)
    const found = { environment, azure, neighbours }
    ledger.steps = generationA(found)
    await observe(ledger.steps, ledger.facts, pace(session))
    ledger.plan = planTeardown(ledger.steps, ledger.facts.see)
    log.info(ledger.plan.items.length === 0 ? 'Nothing to remove.' : planText(ledger.plan))
    return found
  })
  const { items = [] } = ledger.plan ?? {}
  if (settings.dryRun || !items.some(goes)) return
  ledger.results = await log.group(`Destroy environment ${wanted.name}`, () =>
    carryOut(items, ledger.facts, pace(session), {
      act: async (step, task) => {
        if (task.verdict.action === 'remove' && !task.verdict.with)
          await step.teardown?.remove?.(task)
      },
      before: removalOrder(items)
    })
  )
  const failure = failureOf(ledger.results)
  if (failure) throw failure
  signal.throwIfAborted()
  await log.group('Verify', async () => {
    ledger.facts = await untilGone(
      items.filter(goes).map(({ step }) => step),
      () => generationA({ ...context, neighbours: new Neighbours(azure, wanted) }),
      session
    )
    log.info('Everything that was to be removed is gone.')
  })
}

const goes = ({ verdict }: PlanItem) => verdict.action === 'remove'

/** Reads everything back until nothing of what was removed is seen any more. */
async function untilGone(
  removed: readonly AnyStep[],
  look: () => readonly AnyStep[],
  session: Session
): Promise<Facts> {
  for (let looks = 1; ; looks++) {
    const steps = look()
    const facts = new Facts()
    await observe(steps, facts, pace(session))
    const left = planTeardown(steps, facts.see).items.filter(
      (item) => goes(item) && removed.some(({ id }) => id === item.step.id)
    )
    if (left.length === 0) return facts
    if (looks === LOOKS) {
      const names = left.map(({ step }) => `${step.kind} ${step.resource}`)
      throw new Error(
        `Azure still shows what was removed: ${names.join(', ')}. Something else may be making it again; look for another workflow that applies this environment, then run again.`
      )
    }
    await realTime.sleep(LOOK_AGAIN_MS, session.signal)
  }
}
