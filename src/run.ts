import { connect } from './azure/azure.ts'
import { Permissions } from './azure/clients/permissions.ts'
import { ReadAhead } from './azure/http/readAhead.ts'
import { GENERATIONS } from './generations/generations.ts'
import { offeredText } from './generations/offered.ts'
import type { Means, Started } from './means.ts'
import { apply, plan, verify } from './operations/apply.ts'
import { destroy } from './operations/destroy.ts'
import { explained } from './operations/explain.ts'
import { CancelledError, DeadlineError } from './operations/failures.ts'
import { idsOf, statesOf } from './operations/observedResources.ts'
import { providersOf } from './operations/serviceVersion.ts'
import { Ledger, type Session } from './operations/session.ts'
import { sweep } from './operations/sweep.ts'
import { closing } from './report/closing.ts'
import { fail } from './report/fail.ts'
import type { Log } from './report/log.ts'
import { originOf } from './report/origin.ts'
import { pictureDetails } from './report/pictureDetails.ts'
import { Progress } from './report/progress.ts'
import type { Report } from './report/report.ts'
import { told } from './report/told.ts'
import { writeOutputs, writeSummary } from './report/write.ts'
import { NEWEST_VERSION, type Settings } from './settings/settings.ts'

const OPERATE = { apply, plan, verify, destroy } as const

function operate(session: Session, ledger: Ledger): Promise<void> {
  const { settings } = session
  return settings.operation === 'sweep'
    ? sweep({ ...session, settings }, ledger)
    : OPERATE[settings.operation]({ ...session, settings }, ledger)
}

/** What the settings want, with all that is told of it. Never throws. */
export async function run(settings: Settings, means: Means, started: Started): Promise<void> {
  const { log, stop } = means
  const ended = await operated(settings, means, started)
  const report = told(ended, log.redact)
  const unwritten = writeOutputs(report, log)
  const what = report.environment === undefined ? 'Sweep' : `Environment ${report.environment}`
  const failures = [ended.error, unwritten].filter((error) => error !== undefined)
  if (failures.length > 0) {
    const text = failures.map(({ message }) => message).join('\n')
    const title = ended.error ? `${what} failed` : 'Outputs could not be written'
    fail(log, title, new Error(text, { cause: failures[0] }))
  }
  for (const { text, tone } of closing(report)) log.info(text, tone)
  if (settings.summary) await orWarn(log, 'No step summary', () => writeSummary(report))
  if (settings.comment && settings.githubToken !== undefined) {
    const { githubToken } = settings
    await orWarn(log, 'No comment', async () => {
      const until = patience(stop.signal)
      // Late, for what speaks to GitHub is used by no other run.
      const { writeComment } = await import('./github/comment.ts')
      await writeComment(report, githubToken, log, until)
    })
  }
}

/** GitHub answers within seconds, and after a cancellation the runner waits ten for the whole process. */
const COMMENT_MS = 60_000
const STOPPED_COMMENT_MS = 1_500

/** Aborted when GitHub has had its time, of which there is little once the run is to end. */
function patience(stopped: AbortSignal): AbortSignal {
  const late = new AbortController()
  const waitAtMost = (ms: number) =>
    setTimeout(() => late.abort(new Error(`GitHub did not answer within ${ms / 1000} s.`)), ms)
  const hurry = () => waitAtMost(STOPPED_COMMENT_MS)
  waitAtMost(COMMENT_MS)
  if (stopped.aborted) hurry()
  else stopped.addEventListener('abort', hurry, { once: true })
  return late.signal
}

async function operated(
  settings: Settings,
  { log, stop, onSignal }: Means,
  { environment, elapsed, heard, wire, credential }: Started
): Promise<Report> {
  const { signIn, operation } = settings
  const progress = new Progress(log, elapsed)
  const { signal } = stop
  const ticker = setInterval(() => progress.tick(), 1_000)
  const { timeoutMinutes } = settings
  setTimeout(
    () => stop.abort(new DeadlineError(timeoutMinutes, progress.summary(), heard)),
    timeoutMinutes * 60_000
  )

  const cancel = (name: string) => stop.abort(new CancelledError(name, progress.summary()))
  onSignal(cancel)

  for (const warning of settings.warnings) log.warning('Unusual input', warning)
  const ledger = new Ledger()
  const early: string[] = []
  let error: Error | undefined
  try {
    const warn = (text: string) => {
      early.push(text)
      log.warning('Needs attention', text)
    }
    const ahead = new ReadAhead()
    const connection = { ...wire, ahead, credential, warn }
    const speak = connect(signIn, environment.enrollmentAuth, connection)
    const session = {
      settings,
      generations: GENERATIONS,
      speak,
      ahead,
      log,
      progress,
      time: wire.time,
      signal,
      elapsed
    }
    await operate(session, ledger).catch(async (failure: unknown) => {
      // Asked anew: what was allowed when the run began need not be what is now.
      const azure = speak(GENERATIONS[NEWEST_VERSION].versions)
      throw await explained(failure, ledger, {
        permissions: new Permissions(azure.arm),
        offers: async (soon) =>
          offeredText(
            GENERATIONS,
            await providersOf(azure, GENERATIONS, environment.subscriptionId, soon)
          ),
        signal
      })
    })
  } catch (caught) {
    // A library that was interrupted throws its own abort error; the reason behind it is what the reader needs.
    const cause = signal.aborted ? signal.reason : caught
    error = cause instanceof Error ? cause : new Error(String(cause))
  } finally {
    clearInterval(ticker)
    // Deadline and signals stay: from here on they only hurry the report.
  }
  for (const warning of ledger.warnings) log.warning('Needs attention', warning)
  // What is removed is nobody's to use.
  const ids = operation === 'destroy' || operation === 'sweep' ? {} : idsOf(ledger)
  return {
    operation,
    environment: operation === 'sweep' ? undefined : settings.environment.name,
    dryRun: settings.dryRun,
    version: ledger.version,
    plan: ledger.plan,
    results: ledger.results,
    checks: ledger.checks,
    swept: ledger.swept,
    states: statesOf(ledger),
    ids,
    details: pictureDetails(
      settings.operation === 'sweep'
        ? { location: undefined, hubs: [], policies: [], enrollmentGroups: [] }
        : settings.environment
    ),
    origin: originOf(process.env, signIn, ids['resource-group-id']),
    warnings: [...settings.warnings, ...early, ...ledger.warnings],
    error,
    duration: elapsed()
  }
}

/** What only tells of a run must not fail it. */
async function orWarn(log: Log, title: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    log.warning(title, error instanceof Error ? error.message : String(error))
  }
}
