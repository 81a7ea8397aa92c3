import { changeText } from '../engine/changes.ts'
import type { PlanItem } from '../engine/step.ts'
import { wrote } from '../engine/verdict.ts'
import type { Operation } from '../settings/settings.ts'
import { asCode, forMarkdown } from '../text/sanitize.ts'
import { changed, type Report } from './report.ts'
import { checkText, nameOf, seconds } from './text.ts'
import { timeline } from './timeline.ts'

/** GitHub takes 1 MiB a step; what is beyond half of it nobody reads. */
const LIMIT = 512 * 1024

/** What stands where something was left out. */
const REST = '… the rest is in the log.'

/** A report in GitHub's Markdown. @param limit most characters */
export function summaryMarkdown(report: Report, limit = LIMIT): string {
  const sections = [
    `## ${headline(report)}`,
    failure(report, limit / 2),
    list('Warnings', report.warnings.map(forMarkdown)),
    swept(report),
    resources(report),
    list('Changes', changes(report)),
    list('Not checked', unchecked(report)),
    list('What stays, and why', left(report)),
    checks(report),
    list(
      'Left alone: exists, but is not in the inputs',
      (report.plan?.unmanaged ?? []).map(
        ({ kind, resource }) => `${forMarkdown(kind)} ${asCode(resource)}`
      )
    ),
    chart(report)
  ]
  return cut(
    sections.filter((section) => section !== undefined),
    limit
  )
}

/** Whole sections as far as they fit: half a table or chart would be shown as text. */
function cut(sections: readonly string[], limit: number): string {
  const kept: string[] = []
  let length = REST.length + 3
  for (const section of sections) {
    length += section.length + 2
    if (length > limit) return `${[...kept, REST].join('\n\n')}\n`
    kept.push(section)
  }
  return `${kept.join('\n\n')}\n`
}

const DONE: Readonly<Record<Operation, readonly [did: string, would: string, nothing: string]>> = {
  apply: ['provisioned', 'would change', 'unchanged'],
  plan: ['would change', 'would change', 'no changes'],
  verify: ['differs', 'differs', 'everything holds'],
  destroy: ['removed', 'would be removed', 'nothing to remove'],
  sweep: ['swept', 'would be swept', 'nothing to sweep']
}

function headline(report: Report): string {
  const { environment, operation, dryRun, error, duration } = report
  const name =
    environment === undefined
      ? 'Azure IoT environments'
      : `Azure IoT environment ${forMarkdown(environment)}`
  if (error) return `${name}: ${operation} failed`
  const [did, would, nothing] = DONE[operation]
  const what = changed(report) ? (dryRun ? would : did) : nothing
  const open = unchecked(report).length
  const but = open === 0 ? '' : `, ${open} not checked`
  const dry = dryRun && !['plan', 'verify'].includes(operation) ? ' (dry run)' : ''
  return `${name}: ${what}${but}${dry} in ${seconds(duration)}`
}

/** As many of its lines as there is room for: what happened is told whatever else is not. */
function failure({ error }: Report, limit: number): string | undefined {
  if (!error) return undefined
  const lines = error.message.split('\n').map((line) => `> ${forMarkdown(line)}  `)
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > limit) return ['### What happened', ...kept, `> ${REST}`].join('\n')
    kept.push(line)
  }
  return ['### What happened', ...kept].join('\n')
}

function resources({ results, plan }: Report): string | undefined {
  const rows =
    results.length > 0
      ? results.map(({ step, outcome }) => ({ step, outcome }))
      : (plan?.items ?? []).map(({ step, verdict }) => ({ step, outcome: verdict.action }))
  if (rows.length === 0) return undefined
  return [
    '| Kind | Name | Outcome | ID |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ step, outcome }) => {
      const cells = [
        forMarkdown(step.kind),
        asCode(nameOf(step.resource)),
        outcome,
        asCode(step.resource)
      ]
      return `| ${cells.join(' | ')} |`
    })
  ].join('\n')
}

/** Changes that were made, or would be. */
function changes({ plan, results, dryRun }: Report): readonly string[] {
  const made = new Set(results.filter(wrote).map(({ step }) => step.id))
  return (plan?.items ?? [])
    .filter(({ step, verdict }) => made.has(step.id) || (dryRun && verdict.action !== 'cannot'))
    .flatMap(({ step, verdict }: PlanItem) =>
      ('changes' in verdict ? (verdict.changes ?? []) : []).map((change) =>
        forMarkdown(`${step.kind} ${nameOf(step.resource)}, ${changeText(change)}`)
      )
    )
}

/** What a run that only looks was not allowed to ask. */
function unchecked({ plan, dryRun }: Report): readonly string[] {
  if (!dryRun) return []
  return (plan?.items ?? []).flatMap(({ step, verdict }) => {
    if (verdict.action === 'unknown') return [forMarkdown(verdict.problem.what)]
    const open = 'unchecked' in verdict ? (verdict.unchecked ?? []) : []
    return open.map((what) => forMarkdown(`${step.kind} ${nameOf(step.resource)}: ${what}`))
  })
}

function left({ plan, results }: Report): readonly string[] {
  const planned = (plan?.items ?? []).flatMap(({ step, verdict }) =>
    verdict.action === 'leave' ? [{ step, reason: verdict.reason }] : []
  )
  const met = results.flatMap(({ step, stays }) => (stays ? [{ step, reason: stays }] : []))
  return [...planned, ...met].map(({ step, reason }) =>
    forMarkdown(`${step.kind} ${nameOf(step.resource)}: ${reason}`)
  )
}

function swept({ swept: environments }: Report): string | undefined {
  if (environments.length === 0) return undefined
  return [
    '| Environment | Outcome | Why |',
    '| --- | --- | --- |',
    ...environments.map(
      ({ environment, outcome, reason }) =>
        `| ${forMarkdown(environment)} | ${outcome} | ${forMarkdown(reason)} |`
    )
  ].join('\n')
}

function checks({ checks: all }: Report): string | undefined {
  if (all.length === 0) return undefined
  const bad = all.filter(({ holds }) => !holds)
  const head = `### Checks: ${all.length - bad.length} of ${all.length} hold`
  return [head, ...bad.map((check) => `- ${forMarkdown(checkText(check))}`)].join('\n')
}

function list(title: string, lines: readonly string[]): string | undefined {
  return lines.length === 0
    ? undefined
    : [`### ${title}`, ...lines.map((line) => `- ${line}`)].join('\n')
}

function chart({ results }: Report): string | undefined {
  const drawn = timeline(results)
  return (
    drawn &&
    ['### Where the time went, in seconds since the start', '```mermaid', drawn, '```'].join('\n')
  )
}
