import type { PlanItem } from '../engine/step.ts'
import { changed, type Report } from './report.ts'
import { asCode, forMarkdown } from './sanitize.ts'
import { changeText, nameOf, seconds } from './text.ts'
import { timeline } from './timeline.ts'

/** GitHub takes 1 MiB a step; what is beyond half of it nobody reads. */
const LIMIT = 512 * 1024

/** The step summary of a run, in GitHub's Markdown. */
export function summaryMarkdown(report: Report): string {
  const sections = [
    `## ${headline(report)}`,
    failure(report),
    list('Warnings', report.warnings.map(forMarkdown)),
    resources(report),
    list('Changes', changes(report)),
    list(
      'Left alone: exists, but is not in the inputs',
      (report.plan?.unmanaged ?? []).map(({ kind, resource }) => forMarkdown(`${kind} ${resource}`))
    ),
    chart(report)
  ]
  const text = sections.filter((section) => section !== undefined).join('\n\n')
  return text.length <= LIMIT
    ? `${text}\n`
    : `${text.slice(0, LIMIT)}\n\n… cut; the whole is in the log.\n`
}

function headline(report: Report): string {
  const name = forMarkdown(report.environment)
  if (report.error) return `Azure IoT environment ${name}: failed`
  if (report.dryRun)
    return `Azure IoT environment ${name}: ${changed(report) ? 'would change' : 'no changes'} (dry run)`
  return `Azure IoT environment ${name}: ${changed(report) ? 'provisioned' : 'unchanged'} in ${seconds(report.duration)}`
}

function failure({ error }: Report): string | undefined {
  if (!error) return undefined
  return [
    '### What happened',
    ...error.message.split('\n').map((line) => `> ${forMarkdown(line)}  `)
  ].join('\n')
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

function changes({ plan }: Report): readonly string[] {
  return (plan?.items ?? []).flatMap(({ step, verdict }: PlanItem) =>
    ('changes' in verdict ? (verdict.changes ?? []) : []).map((change) =>
      forMarkdown(`${step.kind} ${nameOf(step.resource)}, ${changeText(change)}`)
    )
  )
}

function list(title: string, lines: readonly string[]): string | undefined {
  return lines.length === 0
    ? undefined
    : [`### ${title}`, ...lines.map((line) => `- ${line}`)].join('\n')
}

function chart({ results }: Report): string | undefined {
  const drawn = timeline(results)
  return drawn && ['### Where the time went', '```mermaid', drawn, '```'].join('\n')
}
