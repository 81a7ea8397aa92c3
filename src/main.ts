import * as core from '@actions/core'
import { connect } from './azure/azure.ts'
import { createCredential } from './azure/signIn.ts'
import { realTime } from './azure/time.ts'
import { apply } from './engine/apply.ts'
import { confirm } from './engine/converge.ts'
import { Facts, observe } from './engine/facts.ts'
import { hasWork, makePlan, problems } from './engine/plan.ts'
import type { AnyStep, Plan, StepResult } from './engine/step.ts'
import { createLog, type Log } from './report/log.ts'
import { outputsOf } from './report/outputs.ts'
import { Progress } from './report/progress.ts'
import type { Report } from './report/report.ts'
import { summaryMarkdown } from './report/summary.ts'
import { planText } from './report/text.ts'
import { readSettings } from './settings/inputs.ts'
import { InputError } from './settings/problems.ts'
import { actionInputs } from './settings/reader.ts'
import type { Settings } from './settings/settings.ts'
import { generationA } from './steps/generationA.ts'

/** One run, from the runner's inputs to its outputs. Never throws: a failure is reported and sets the exit code. */
export async function main(): Promise<void> {
  const log = createLog(core)
  let settings: Settings
  try {
    settings = readSettings(actionInputs())
  } catch (error) {
    return fail(
      log,
      error instanceof InputError ? 'Inputs are not valid' : 'Inputs could not be read',
      error
    )
  }
  const report = await run(settings, log)
  for (const [name, value] of Object.entries(outputsOf(report))) core.setOutput(name, value)
  if (settings.summary) await writeSummary(report, log)
  if (report.error) fail(log, `Environment ${report.environment} failed`, report.error)
}

/** The run is out of time; says what it was waiting for. */
class DeadlineError extends Error {
  constructor(minutes: number, waiting: string) {
    super(
      `The run was stopped after ${minutes} minutes (input \`timeout-minutes\`). It was waiting for: ${waiting || 'Azure to answer'}. ` +
        'Azure goes on with what it has begun; run again to continue from there, or raise `timeout-minutes`.'
    )
    this.name = 'DeadlineError'
  }
}

/** What stops the plan: nothing was written. */
class PlanError extends Error {
  constructor(plan: Plan) {
    const found = problems(plan)
    super(
      [
        `Nothing was changed, because ${found.length === 1 ? 'one thing has' : `${found.length} things have`} to be settled first:`,
        ...found.flatMap(({ what, advice }, index) => [`${index + 1}. ${what}.`, `   ${advice}`])
      ].join('\n')
    )
    this.name = 'PlanError'
  }
}

async function run(settings: Settings, log: Log): Promise<Report> {
  const { signIn, environment, phases, concurrency } = settings
  const started = realTime.now()
  const elapsed = () => realTime.now() - started
  const progress = new Progress(log, elapsed)
  const stop = new AbortController()
  const { signal } = stop
  const ticker = setInterval(() => progress.tick(), 1_000)
  const deadline = setTimeout(
    () => stop.abort(new DeadlineError(settings.timeoutMinutes, progress.summary())),
    settings.timeoutMinutes * 60_000
  )

  const warnings = [...settings.warnings]
  for (const warning of warnings) log.warning('Unusual input', warning)
  let steps: readonly AnyStep[] = []
  let facts = new Facts()
  let plan: Plan | undefined
  let results: readonly StepResult[] = []
  let error: Error | undefined
  try {
    const credential = createCredential(signIn, {
      askGitHub: (audience) => core.getIDToken(audience),
      env: process.env,
      time: realTime,
      mask: log.mask,
      notify: log.info,
      signal
    })
    const azure = connect(settings, { ...log, credential, time: realTime, notify: log.info })
    steps = generationA({ environment, azure })

    await log.group(`Observe environment ${environment.name}`, async () => {
      await observe(steps, facts, { concurrency, signal })
      plan = makePlan(steps, phases, facts.see)
      log.info(planText(plan))
      if (!hasWork(plan) && problems(plan).length === 0) log.info('Nothing to do.')
    })
    plan = plan as unknown as Plan
    for (const { verdict } of plan.items)
      if (verdict.action === 'skip') warnings.push(verdict.warning)
    if (problems(plan).length > 0) throw new PlanError(plan)

    if (!settings.dryRun) {
      const options = { concurrency, signal, elapsed, watch: progress }
      const { items } = plan
      const carryOut = () => apply(items, facts, options)
      results = hasWork(plan) ? await log.group('Apply', carryOut) : await carryOut()
      for (const { outcome, error: cause } of results) {
        if (outcome === 'failed' && cause) throw cause
        if (outcome === 'skipped' && cause) warnings.push(cause.message)
      }
      signal.throwIfAborted()
      if (hasWork(plan)) {
        const confirmed = await log.group('Verify', () =>
          confirm(steps, phases, results, { ...options, sleep: realTime.sleep })
        )
        facts = confirmed.facts
        results = confirmed.results
      }
    }
  } catch (caught) {
    // A library that was interrupted throws its own abort error; the reason behind it is what the reader needs.
    const cause = signal.aborted ? signal.reason : caught
    error = cause instanceof Error ? cause : new Error(String(cause))
  } finally {
    clearInterval(ticker)
    clearTimeout(deadline)
  }
  for (const warning of warnings.slice(settings.warnings.length)) log.warning('Not done', warning)
  return {
    environment: environment.name,
    dryRun: settings.dryRun,
    plan,
    results,
    ids: idsOf(steps, facts),
    warnings,
    error,
    duration: elapsed()
  }
}

/** Whatever is known of the resources, however the run ended; with several hubs the first one's. */
function idsOf(steps: readonly AnyStep[], facts: Facts): Readonly<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const step of steps) {
    if (!facts.has(step)) continue
    for (const [name, value] of Object.entries(step.outputs?.(facts.see(step)) ?? {}))
      ids[name] ??= value
  }
  return ids
}

async function writeSummary(report: Report, log: Log): Promise<void> {
  try {
    await core.summary.addRaw(summaryMarkdown(report)).write()
  } catch (error) {
    log.warning('No step summary', error instanceof Error ? error.message : String(error))
  }
}

function fail(log: Log, title: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  log.failure(title, text)
  if (core.isDebug() && error instanceof Error && error.stack) log.debug(error.stack)
  process.exitCode = 1
}
