import { realTime } from '../azure/time.ts'
import { apply as carryOut } from '../engine/apply.ts'
import { confirm } from '../engine/converge.ts'
import { observe } from '../engine/facts.ts'
import { hasWork, isWork, makePlan, problems } from '../engine/plan.ts'
import type { Plan } from '../engine/step.ts'
import { verify as check, holds } from '../engine/verify.ts'
import { generationA } from '../generations/credentialsAndPolicies/generationA.ts'
import { checkText, planText } from '../report/text.ts'
import { DriftError, failureOf, PlanError, VerifyError } from './failures.ts'
import { type Ledger, pace, type Session } from './session.ts'

/** Observes everything and says what is to be done; writes nothing. */
export async function plan(session: Session, ledger: Ledger): Promise<void> {
  await makeThePlan(session, ledger)
  const items = ledger.plan?.items ?? []
  const changes = items.filter(({ verdict }) => isWork(verdict) && verdict.action !== 'renew')
  const unseen = items.flatMap(({ verdict }) =>
    verdict.action === 'unknown' ? [verdict.problem] : []
  )
  if (session.settings.failOnDrift && changes.length + unseen.length > 0)
    throw new DriftError(changes.length, unseen)
}

/** Makes Azure match the inputs, reads everything back and checks it. */
export async function apply(session: Session, ledger: Ledger): Promise<void> {
  const { log, signal, settings } = session
  const { items } = await makeThePlan(session, ledger)
  if (settings.dryRun) return
  const options = pace(session)
  const changes = hasWork({ items, unmanaged: [] })
  const work = () => carryOut(items, ledger.facts, options)
  ledger.results = changes ? await log.group('Apply', work) : await work()
  const failure = failureOf(ledger.results)
  if (failure) throw failure
  signal.throwIfAborted()
  for (const { outcome, error } of ledger.results) {
    if (outcome === 'skipped' && error) ledger.warnings.push(error.message)
  }
  await log.group('Verify', async () => {
    if (changes) {
      const confirmed = await confirm(ledger.steps, settings.phases, ledger.results, {
        ...options,
        sleep: realTime.sleep
      })
      ledger.facts = confirmed.facts
      ledger.results = confirmed.results
    }
    runChecks(session, ledger)
  })
}

/** Reads only: every check of the tutorial and of the wanted environment. */
export async function verify(session: Session, ledger: Ledger): Promise<void> {
  const { log, settings } = session
  ledger.steps = generationA({ environment: settings.environment, azure: session.azure })
  await log.group('Verify', async () => {
    await observeWanted(session, ledger)
    ledger.plan = makePlan(ledger.steps, settings.phases, ledger.facts)
    warn(ledger.plan, ledger)
    runChecks(session, ledger)
  })
}

function runChecks({ log, settings }: Session, ledger: Ledger): void {
  const { items } = makePlan(ledger.steps, settings.phases, ledger.facts)
  ledger.checks = check(items, ledger.facts.see, ledger.results)
  for (const one of ledger.checks) log.info(checkText(one))
  for (const one of ledger.checks) {
    if (!one.holds && one.warning && one.what !== 'is as wanted')
      ledger.warnings.push(checkText(one))
  }
  if (!holds(ledger.checks)) {
    throw new VerifyError(ledger.checks.filter(({ holds: good, warning }) => !good && !warning))
  }
}

async function makeThePlan(session: Session, ledger: Ledger) {
  const { log, settings, azure } = session
  ledger.steps = generationA({ environment: settings.environment, azure })
  const made = await log.group(`Observe environment ${settings.environment.name}`, async () => {
    await observeWanted(session, ledger)
    ledger.plan = makePlan(ledger.steps, settings.phases, ledger.facts)
    log.info(planText(ledger.plan))
    if (!hasWork(ledger.plan) && problems(ledger.plan).length === 0) log.info('Nothing to do.')
    return ledger.plan
  })
  warn(made, ledger)
  if (problems(made).length > 0) throw new PlanError(made)
  return made
}

function warn({ items }: Plan, { warnings }: Ledger): void {
  for (const { verdict } of items) {
    if ('warning' in verdict && verdict.warning) warnings.push(verdict.warning)
    if (verdict.action === 'unknown')
      warnings.push(`Not checked: ${verdict.problem.what}. ${verdict.problem.advice}`)
  }
}

function observeWanted(session: Session, { steps, facts }: Ledger): Promise<void> {
  const { phases, dryRun } = session.settings
  return observe(steps, facts, {
    ...pace(session),
    wanted: ({ phase }) => phases.includes(phase),
    looks: dryRun
  })
}
