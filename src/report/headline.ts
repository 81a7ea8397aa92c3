import { holds } from '../engine/checkPlan.ts'
import { intentsOf } from '../engine/digest.ts'
import type { StepResult } from '../engine/step.ts'
import { wrote } from '../engine/verdict.ts'
import { asCode } from '../text/sanitize.ts'
import type { Report } from './report.ts'
import { spent } from './text.ts'
import { unchecked } from './unchecked.ts'

/** A run in one line of Markdown: a mark, what it is about, what came of it, and how long that took. */
export function headline(report: Report): string {
  const { environment } = report
  const about = environment === undefined ? 'all environments' : asCode(environment)
  return `${mark(report)} Azure IoT · ${about} · ${came(report)}`
}

/** The same for the log, without mark and Markdown. */
export function headlineText(report: Report): string {
  return `Azure IoT, ${report.environment ?? 'all environments'}: ${came(report)}`
}

function came(report: Report): string {
  const { operation, dryRun, duration } = report
  const open = unchecked(report).length
  const but = open === 0 ? '' : `, ${open} not checked`
  const dry = dryRun && !['plan', 'verify'].includes(operation) ? ' (dry run)' : ''
  return `${outcome(report)}${but}${dry} ${ended(report) ? 'after' : 'in'} ${spent(duration)}`
}

function mark(report: Report): string {
  if (report.error) return '❌'
  const { operation, checks, plan, results, dryRun } = report
  const planned = dryRun && operation !== 'verify' && plan && intentsOf(plan).length > 0
  const stays = results.some((one) => one.stays)
  return planned || stays || unchecked(report).length > 0 || !holds(checks) ? '⚠️' : '✅'
}

/** What came of it, in words that stand before `in 17 s`. */
function outcome(report: Report): string {
  const { operation, error, results, checks, dryRun, plan, swept } = report
  if (error) return failure(report)
  if (operation === 'sweep') return counts(swept.map((one) => one.outcome)) ?? 'nothing to sweep'
  if (operation === 'verify')
    return `everything holds, ${checks.filter((one) => one.holds).length} of ${checks.length} checks`
  const nothing = operation === 'destroy' ? 'nothing to remove' : 'unchanged'
  if (!dryRun) return counts(results.filter(wrote).map((one) => one.outcome)) ?? nothing
  const planned = plan ? intentsOf(plan).length : 0
  if (operation === 'destroy') return planned === 0 ? nothing : `${planned} would be removed`
  return planned === 0 ? 'no changes' : `${planned} ${planned === 1 ? 'change' : 'changes'} planned`
}

/** `13 created, 2 changed`, the most first. */
function counts(words: readonly string[]): string | undefined {
  const each = Map.groupBy(words, (word) => word)
  const sorted = [...each].sort(([, a], [, b]) => b.length - a.length)
  return sorted.map(([word, all]) => `${all.length} ${word}`).join(', ') || undefined
}

/** Words for what could not be done, by what was to be done. */
const UNDONE: Readonly<Record<string, string>> = {
  create: 'could not be created',
  change: 'could not be changed',
  remove: 'could not be removed'
}

/** What ends a run before its time, by the name of its error. */
const ENDED: Readonly<Record<string, string>> = {
  CancelledError: 'cancelled',
  DeadlineError: 'out of time'
}

/** What stops a run before it does anything, by the name of its error. */
const STOPPED: Readonly<Record<string, string>> = {
  PlanError: 'nothing was changed',
  OtherPlanError: 'nothing was changed, because the plan is not the approved one',
  LockedError: 'nothing was removed, because of a lock',
  DriftError: 'Azure differs from the inputs'
}

function ended({ error }: Report): string | undefined {
  return error && ENDED[error.name]
}

function failure(report: Report): string {
  const { operation, error, results, checks, plan } = report
  const early = ended(report) ?? STOPPED[error?.name ?? '']
  if (early !== undefined) return early
  const failed = results.filter((one) => one.outcome === 'failed')
  const [first] = failed
  if (first) {
    const more = failed.length === 1 ? '' : ` and ${failed.length - 1} more`
    return `${first.step.kind}${more} ${undone(first, plan)}`
  }
  const broken = checks.filter((one) => !one.holds && !one.warning)
  if (broken.length > 0)
    return `${broken.length} of ${checks.length} ${checks.length === 1 ? 'check does' : 'checks do'} not hold`
  return `${operation} failed`
}

function undone({ step }: StepResult, plan: Report['plan']): string {
  const item = plan?.items.find((one) => one.step === step)
  return UNDONE[item?.verdict.action ?? ''] ?? 'failed'
}
