import type { StepResult } from '../engine/step.ts'
import { forMermaid } from '../text/sanitize.ts'
import { shortKind } from './pictureNodes.ts'
import { nameOf } from './text.ts'

/**
 * Mermaid draws as wide as asked for, and shrinks that to the page: 520 pixels with letters of 14 can be read on a
 * telephone. Left of the bars there are no titles of sections.
 */
const LOOK = '%%{init: {"gantt": {"useWidth": 520, "leftPadding": 8, "fontSize": 14}}}%%'
/** Characters of a label that fit beside a bar, wherever that is: half of the width. */
const LONGEST_LABEL = 34

/**
 * A Mermaid Gantt chart of where the time went, or undefined when nothing took any. Milliseconds since the run began serve
 * as instants of 1970 (`dateFormat x`: with `X`, starts are read as milliseconds and ends as seconds). The axis shows them
 * as seconds: minutes and hours would be those of the reader's time zone.
 */
export function timeline(results: readonly StepResult[]): string | undefined {
  const bars = results.filter(({ startedAt, endedAt }) => endedAt > startedAt)
  if (bars.length === 0) return undefined
  const kinds = bars.map(({ step }) => step.kind)
  const rows = bars.map(({ step, outcome, startedAt, endedAt }) => {
    const several = kinds.filter((kind) => kind === step.kind).length > 1
    const start = Math.floor(startedAt)
    const end = Math.max(start + 1, Math.ceil(endedAt))
    const label = shortKind(step.kind) + (several ? ` ${nameOf(step.resource)}` : '')
    return `  ${short(label)} :${outcome === 'failed' ? 'crit, ' : ''}${start}, ${end}`
  })
  return [LOOK, 'gantt', '  dateFormat x', '  axisFormat %s', '  todayMarker off', ...rows].join(
    '\n'
  )
}

function short(label: string): string {
  const safe = forMermaid(label)
  return safe.length <= LONGEST_LABEL ? safe : `${safe.slice(0, LONGEST_LABEL - 1)}…`
}
