import { applyPlan } from '../engine/applyPlan.ts'
import { AS_WANTED, checkPlan, holds } from '../engine/checkPlan.ts'
import { confirm } from '../engine/converge.ts'
import { digestOf } from '../engine/digest.ts'
import { observe } from '../engine/facts.ts'
import { makePlan, problems } from '../engine/plan.ts'
import type { AnyStep, Plan } from '../engine/step.ts'
import { isChange, wrote } from '../engine/verdict.ts'
import { tellPlan } from '../report/planLog.ts'
import { checkLine, checkText, planLines } from '../report/text.ts'
import type { EnvironmentSettings } from '../settings/settings.ts'
import { DriftError, failureOf, OtherPlanError, PlanError, VerifyError } from './failures.ts'
import { withVersion } from './serviceVersion.ts'
import { type Ledger, modelOf, pace, type Session } from './session.ts'

/** Observes everything and says what is to be done; writes nothing. */
export async function plan(session: Session<EnvironmentSettings>, ledger: Ledger): Promise<void> {
  await makeThePlan(session, ledger)
  const items = ledger.plan?.items ?? []
  // What is optional may stay undone, as where a condition on a role refuses it each time.
  const changes = items.filter(({ step, verdict }) => isChange(verdict) && !step.optional)
  const unseen = items.flatMap(({ verdict }) =>
    verdict.action === 'unknown' ? [verdict.problem] : []
  )
  if (session.settings.failOnDrift && changes.length + unseen.length > 0)
    throw new DriftError(changes.length, unseen)
}

/** Makes Azure match the inputs, reads everything back and checks it. */
export async function apply(session: Session<EnvironmentSettings>, ledger: Ledger): Promise<void> {
  const { log, signal, settings, time } = session
  const { items } = await makeThePlan(session, ledger)
  const { expectedPlan } = settings
  if (expectedPlan !== undefined && ledger.plan && digestOf(ledger.plan) !== expectedPlan)
    throw new OtherPlanError(
      expectedPlan,
      digestOf(ledger.plan),
      planLines(ledger.plan).map(({ text }) => text)
    )
  if (settings.dryRun) return
  const options = pace(session)
  ledger.results = await applyPlan(items, ledger.facts, options)
  const failure = failureOf(ledger.results)
  if (failure) throw failure
  signal.throwIfAborted()
  for (const { outcome, error } of ledger.results) {
    if (outcome === 'skipped' && error) ledger.warnings.push(error.message)
  }
  if (ledger.results.some(wrote)) {
    log.info('reading everything back, to check it', 'aside')
    const confirmed = await confirm(ledger.steps, settings.phases, ledger.results, {
      ...options,
      sleep: time.sleep
    })
    ledger.facts = confirmed.facts
    ledger.results = confirmed.results
  }
  runChecks(session, ledger)
}

/** Reads only: every check of the tutorial and of the wanted environment. */
export async function verify(session: Session<EnvironmentSettings>, ledger: Ledger): Promise<void> {
  const { settings, ahead } = session
  await ahead.during(async () => {
    ledger.steps = await stepsToBuild(session, ledger)
    await observeWanted(session, ledger)
    ledger.plan = makePlan(ledger.steps, settings.phases, ledger.facts)
    warn(ledger.plan, ledger)
    runChecks(session, ledger)
  })
}

function runChecks({ log, settings }: Session<EnvironmentSettings>, ledger: Ledger): void {
  const { items } = makePlan(ledger.steps, settings.phases, ledger.facts)
  ledger.checks = checkPlan(items, ledger.facts.see, ledger.results)
  const bad = ledger.checks.filter((one) => !one.holds)
  const good = ledger.checks.filter((one) => one.holds)
  log.fold(
    `${good.length} of ${ledger.checks.length} checks hold`,
    [...bad, ...good].map(checkLine)
  )
  for (const one of ledger.checks) {
    if (!one.holds && one.warning && one.what !== AS_WANTED) ledger.warnings.push(checkText(one))
  }
  if (!holds(ledger.checks)) {
    throw new VerifyError(ledger.checks.filter(({ holds: good, warning }) => !good && !warning))
  }
}

async function makeThePlan(session: Session<EnvironmentSettings>, ledger: Ledger) {
  const { log, settings, ahead } = session
  const made = await ahead.during(async () => {
    ledger.steps = await stepsToBuild(session, ledger)
    await observeWanted(session, ledger)
    ledger.plan = makePlan(ledger.steps, settings.phases, ledger.facts)
    return ledger.plan
  })
  const stopped = problems(made).length > 0
  // What stops the run is told in full by its error.
  tellPlan(log, settings.environment.name, made, settings.dryRun && !stopped)
  warn(made, ledger)
  if (stopped) throw new PlanError(made)
  return made
}

async function stepsToBuild(
  session: Session<EnvironmentSettings>,
  ledger: Ledger
): Promise<readonly AnyStep[]> {
  const environment = await withVersion(session, ledger)
  const { generation, azure } = modelOf(session, environment)
  return generation.steps({
    environment,
    azure,
    purpose: { does: 'build' },
    offers: generation.offers
  })
}

function warn({ items }: Plan, { warnings }: Ledger): void {
  for (const { verdict } of items) {
    if ('warning' in verdict && verdict.warning) warnings.push(verdict.warning)
    if (verdict.action === 'unknown')
      warnings.push(`Not checked: ${verdict.problem.what}. ${verdict.problem.advice}`)
  }
}

/** What is asked ahead and not needed after all is given up with the look. */
async function observeWanted(
  session: Session<EnvironmentSettings>,
  { steps, facts }: Ledger
): Promise<void> {
  const { phases, dryRun } = session.settings
  const over = new AbortController()
  const signal = AbortSignal.any([session.signal, over.signal])
  for (const step of steps) step.ask?.(signal)
  try {
    await observe(steps, facts, {
      ...pace(session),
      wanted: ({ phase }) => phases.includes(phase),
      looks: dryRun
    })
  } finally {
    over.abort()
  }
}
