import { changeText } from '../engine/changes.ts'
import { wrote } from '../engine/verdict.ts'
import { asCode, forMarkdown } from '../text/sanitize.ts'
import { changesMarkdown } from './changesMarkdown.ts'
import { doneTable } from './doneTable.ts'
import { headline } from './headline.ts'
import { nextFacts, standing } from './nextFacts.ts'
import { picture } from './picture.ts'
import type { Report } from './report.ts'
import { standings } from './standings.ts'
import { folded, list, mermaid, table } from './table.ts'
import { checkText, nameOf } from './text.ts'
import { timeline } from './timeline.ts'
import { unchecked } from './unchecked.ts'

/** GitHub takes 1 MiB a step; what is beyond half of it nobody reads. */
const LIMIT = 512 * 1024

/** What stands where something was left out. */
const REST = '… the rest is in the log.'

/**
 * A report in GitHub's Markdown.
 *
 * @param limit most characters
 * @param little what is read in passing, as a comment is: a link to the run in the place of what folds, where no cut takes
 *   it away
 */
export function summaryMarkdown(report: Report, limit = LIMIT, little = false): string {
  const sections = [
    `## ${headline(report)}`,
    failure(report, limit / 2),
    help(report),
    nextFacts(report),
    standing(report),
    little ? runLink(report) : undefined,
    list('Warnings', report.warnings.map(forMarkdown)),
    list('What does not hold', broken(report)),
    swept(report),
    mermaid(picture(report)),
    planned(report),
    doneTable(report),
    list('Changes', changes(report)),
    list('Not checked', unchecked(report)),
    list('What stays, and why', left(report)),
    list(
      'Left alone: exists, but is not in the inputs',
      (report.plan?.unmanaged ?? []).map(
        ({ kind, resource }) => `${forMarkdown(kind)} ${asCode(resource)}`
      )
    ),
    ...(little ? [] : [resourceIds(report), allChecks(report), chart(report)])
  ]
  return cut(
    sections.filter((section) => section !== undefined),
    limit
  )
}

function help({ error, origin }: Report): string | undefined {
  return error && origin.help && `[Troubleshooting](${origin.help}), for the version in use.`
}

function runLink({ origin }: Report): string | undefined {
  return origin.run && `[The summary of the run](${origin.run}) has IDs, checks and times.`
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

/** As many of its lines as there is room for: what happened is told whatever else is not. */
function failure({ error }: Report, limit: number): string | undefined {
  if (!error) return undefined
  const lines = error.message.split('\n').map((line) => {
    // Markdown would drop what tells advice from what it is about.
    const indent = /^ {2}/.test(line) ? '&emsp;' : ''
    return `> ${indent}${forMarkdown(line.trimStart())}  `
  })
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > limit) return ['### What happened', ...kept, `> ${REST}`].join('\n')
    kept.push(line)
  }
  return ['### What happened', ...kept].join('\n')
}

/** Every resource with its id, of which a list breaks long lines and a table would not. */
function resourceIds(report: Report): string | undefined {
  const { results } = report
  const all =
    results.length > 0
      ? results.map(({ step, outcome }) => ({ step, word: outcome }))
      : standings(report)
  const lines = all.map(
    ({ step, word }) => `- ${forMarkdown(step.kind)}, ${word}: ${asCode(step.resource)}`
  )
  return lines.length === 0 ? undefined : folded(`Resource IDs (${lines.length})`, lines.join('\n'))
}

/** What a plan is going to do. */
function planned({ plan, dryRun, operation }: Report): string | undefined {
  if (!dryRun || operation === 'verify' || plan === undefined) return undefined
  const text = changesMarkdown(plan)
  return text === '' ? undefined : `### What is to be done\n${text}`
}

/** Changes that were made, property by property. */
function changes({ plan, results }: Report): readonly string[] {
  const made = new Set(results.filter(wrote).map(({ step }) => step.id))
  return (plan?.items ?? []).flatMap(({ step, verdict }) =>
    verdict.action === 'change' && made.has(step.id)
      ? verdict.changes.map((change) =>
          forMarkdown(`${step.kind} ${nameOf(step.resource)}, ${changeText(change)}`)
        )
      : []
  )
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
  return table(
    ['Environment', 'Outcome', 'Why'],
    environments.map(({ environment, outcome, reason }) => [
      forMarkdown(environment),
      outcome,
      forMarkdown(reason)
    ])
  )
}

/** What does not hold and is told nowhere else: an error or a warning says it already, as a rule. */
function broken({ checks, error, warnings }: Report): readonly string[] {
  const said = [error?.message ?? '', ...warnings].join('\n')
  return checks
    .filter(({ holds, found }) => !holds && !(found !== undefined && said.includes(found)))
    .map(checkText)
    .filter((text) => !said.includes(text))
    .map(forMarkdown)
}

/** Every check that was made, for whoever wants to know what "all hold" means. */
function allChecks({ checks }: Report): string | undefined {
  if (checks.length === 0) return undefined
  const holding = checks.filter(({ holds }) => holds)
  const lines = holding.map((check) => `- ${forMarkdown(checkText(check))}`)
  return folded(`Checks that hold (${holding.length} of ${checks.length})`, lines.join('\n'))
}

function chart({ results }: Report): string | undefined {
  const drawn = mermaid(timeline(results))
  return drawn && folded('Where the time went, in seconds since the start', drawn)
}
