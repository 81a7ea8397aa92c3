import * as core from '@actions/core'
import { connect } from './azure/azure.ts'
import { createCredential } from './azure/signIn/signIn.ts'
import { realTime } from './azure/time.ts'
import { GENERATIONS } from './generations/generations.ts'
import { writeComment } from './github/comment.ts'
import { apply, plan, verify } from './operations/apply.ts'
import { destroy } from './operations/destroy.ts'
import { CancelledError, DeadlineError } from './operations/failures.ts'
import { Ledger, type Session } from './operations/session.ts'
import { sweep } from './operations/sweep.ts'
import { Heard } from './report/heard.ts'
import { createLog, type Log } from './report/log.ts'
import { outputsOf } from './report/outputs.ts'
import { Progress } from './report/progress.ts'
import type { Report } from './report/report.ts'
import { summaryMarkdown } from './report/summary.ts'
import { told } from './report/told.ts'
import { readSettings } from './settings/inputs.ts'
import { InputError } from './settings/problems.ts'
import { actionInputs } from './settings/reader.ts'
import type { Operation, Settings } from './settings/settings.ts'

const OPERATE: Readonly<Record<Operation, (session: Session, ledger: Ledger) => Promise<void>>> = {
  apply,
  plan,
  verify,
  destroy,
  sweep
}

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
  if (settings.githubToken !== undefined) log.mask(settings.githubToken)
  const ended = await run(settings, log)
  const report = told(ended, log.redact)
  for (const [name, value] of Object.entries(outputsOf(report))) core.setOutput(name, value)
  const what = report.environment === undefined ? 'Sweep' : `Environment ${report.environment}`
  if (ended.error) fail(log, `${what} failed`, ended.error)
  if (settings.summary) await orWarn(log, 'No step summary', () => writeSummary(report))
  if (settings.comment && settings.githubToken !== undefined) {
    const { githubToken } = settings
    const patience = ended.error instanceof CancelledError ? CANCELLED_COMMENT_MS : COMMENT_MS
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('GitHub does not answer.')), patience)
    })
    const write = () => Promise.race([writeComment(report, githubToken, log), late])
    await orWarn(log, 'No comment', write)
  }
}

/** GitHub answers within seconds, and after a cancellation the runner waits ten for the whole process. */
const COMMENT_MS = 60_000
const CANCELLED_COMMENT_MS = 1_000

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

async function run(settings: Settings, log: Log): Promise<Report> {
  const { signIn, environment, operation } = settings
  const started = realTime.now()
  const elapsed = () => realTime.now() - started
  const progress = new Progress(log, elapsed)
  const stop = new AbortController()
  const { signal } = stop
  const ticker = setInterval(() => progress.tick(), 1_000)
  const heard = new Heard(elapsed)
  const notify = (text: string) => {
    heard.notice(text)
    log.info(text)
  }
  const { timeoutMinutes } = settings
  const deadline = setTimeout(
    () => stop.abort(new DeadlineError(timeoutMinutes, progress.summary(), heard)),
    timeoutMinutes * 60_000
  )

  const cancel = (name: string) => stop.abort(new CancelledError(name, progress.summary()))
  for (const name of SIGNALS) process.on(name, cancel)

  for (const warning of settings.warnings) log.warning('Unusual input', warning)
  const ledger = new Ledger()
  const early: string[] = []
  let error: Error | undefined
  try {
    const wire = { ...log, time: realTime, notify, answered: heard.answer }
    const credential = createCredential(signIn, {
      ...wire,
      askGitHub: (audience) => core.getIDToken(audience),
      env: process.env,
      repositoryId: environment.ownership.repositoryId,
      signal
    })
    const warn = (text: string) => {
      early.push(text)
      log.warning('Look at this first', text)
    }
    const speak = connect(settings, { ...wire, credential, warn })
    const session = {
      settings,
      generations: GENERATIONS,
      speak,
      log,
      progress,
      time: realTime,
      signal,
      elapsed
    }
    await OPERATE[operation](session, ledger)
  } catch (caught) {
    // A library that was interrupted throws its own abort error; the reason behind it is what the reader needs.
    const cause = signal.aborted ? signal.reason : caught
    error = cause instanceof Error ? cause : new Error(String(cause))
  } finally {
    clearInterval(ticker)
    clearTimeout(deadline)
    // From here on a second signal must not cut the report short.
  }
  for (const warning of ledger.warnings) log.warning('Look at this', warning)
  return {
    operation,
    environment: operation === 'sweep' ? undefined : environment.name,
    dryRun: settings.dryRun,
    plan: ledger.plan,
    results: ledger.results,
    checks: ledger.checks,
    swept: ledger.swept,
    // What is removed is nobody's to use.
    ids: operation === 'destroy' || operation === 'sweep' ? {} : idsOf(ledger),
    warnings: [...settings.warnings, ...early, ...ledger.warnings],
    error,
    duration: elapsed()
  }
}

/**
 * Whatever is known of the resources, however the run ended; with several hubs the first one's. What is somebody else's, or
 * does not fit, is no resource of this environment.
 */
function idsOf({ steps, facts, plan: made }: Ledger): Readonly<Record<string, string>> {
  const unfit = new Set(
    (made?.items ?? []).filter(({ verdict }) => verdict.action === 'cannot').map(({ step }) => step)
  )
  const ids: Record<string, string> = {}
  for (const step of steps) {
    if (!facts.has(step) || unfit.has(step)) continue
    for (const [name, value] of Object.entries(step.outputs?.(facts.see(step)) ?? {}))
      ids[name] ??= value
  }
  return ids
}

async function writeSummary(report: Report): Promise<void> {
  await core.summary.addRaw(summaryMarkdown(report)).write()
}

/** What only tells of a run must not fail it. */
async function orWarn(log: Log, title: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    log.warning(title, error instanceof Error ? error.message : String(error))
  }
}

function fail(log: Log, title: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  log.failure(title, text)
  if (core.isDebug() && error instanceof Error && error.stack) log.debug(error.stack)
  process.exitCode = 1
}
