import type { StepResult } from '../engine/step.ts'
import { asCode, forMarkdown } from '../text/sanitize.ts'
import type { Report } from './report.ts'
import { SIGNS } from './signs.ts'
import { folded, table } from './table.ts'
import { nameOf, spent } from './text.ts'

/** Nobody reads further, and GitHub shows none of a summary that is too long. */
const MOST_ROWS = 200

/** What a run did, longest first; what stayed as it was is not in it. */
export function doneTable({ results }: Report): string | undefined {
  const done = results
    .filter(({ outcome }) => outcome !== 'unchanged')
    .toSorted((a, b) => took(b) - took(a))
  if (done.length === 0) return undefined
  const begun = done.filter(({ outcome }) => outcome !== 'not started')
  const shown = done.slice(0, MOST_ROWS)
  const rows = shown.map((result) => [
    `${SIGNS[result.outcome]} ${result.outcome}`,
    `${forMarkdown(result.step.kind)} ${asCode(nameOf(result.step.resource))}`,
    result.outcome === 'not started' ? '' : spent(took(result))
  ])
  const rest = done.length - shown.length
  return folded(
    `<b>What was done</b> (${begun.length} of ${results.length}, longest first)`,
    [
      table(['Outcome', 'What', 'Took'], rows),
      ...(rest > 0 ? [`… and ${rest} more, in the log.`] : [])
    ].join('\n\n'),
    true
  )
}

function took({ startedAt, endedAt }: StepResult): number {
  return endedAt - startedAt
}
