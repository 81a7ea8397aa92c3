import type { StepResult } from '../engine/step.ts'
import { forMermaid } from '../text/sanitize.ts'
import { shortKind } from './pictureNodes.ts'
import { nameOf } from './text.ts'

/**
 * Mermaid draws as wide as asked for, and shrinks that to the page: 520 pixels with letters of 12 can be read on a
 * telephone. Left of the bars there are no titles of sections.
 */
const LOOK = '%%{init: {"gantt": {"useWidth": 520, "leftPadding": 8, "fontSize": 12}}}%%'
/** Characters of a label that fit into a bar or beside it, wherever that stands: a third of the width. */
const LONGEST_LABEL = 26

/**
 * A Mermaid Gantt chart of where the time went, or undefined when nothing took any. Milliseconds since the run began serve
 * as instants of 1970 (`dateFormat x`: with `X`, starts are read as milliseconds and ends as seconds). The axis shows them
 * as seconds: minutes and hours would be those of the reader's time zone.
 */
export function timeline(results: readonly StepResult[]): string | undefined {
  const bars = results.filter(({ startedAt, endedAt }) => endedAt > startedAt)
  if (bars.length === 0) return undefined
  const rows = bars.map((bar) => {
    const { step, outcome, startedAt, endedAt } = bar
    const several = bars.some((other) => other !== bar && other.step.kind === step.kind)
    const start = Math.floor(startedAt)
    const end = Math.max(start + 1, Math.ceil(endedAt))
    const label = short(step.kind, several ? nameOf(step.resource) : '')
    return `  ${label} :${outcome === 'failed' ? 'crit, ' : ''}${start}, ${end}`
  })
  return [LOOK, 'gantt', '  dateFormat x', '  axisFormat %s', '  todayMarker off', ...rows].join(
    '\n'
  )
}

/** Characters of a name that tell it from its siblings, if they have an end of their own. */
const LEAST_NAME = 4

/** A name is told by its end: its beginning is the environment's. */
function short(kind: string, name: string): string {
  const [safe, own] = [shortKind(kind).replaceAll(' the ', ' '), name].map(forMermaid) as [
    string,
    string
  ]
  const whole = `${safe} ${own}`.trim()
  if (whole.length <= LONGEST_LABEL) return whole
  const room = LONGEST_LABEL - safe.length - ' …'.length
  if (own !== '' && room >= LEAST_NAME) return `${safe} …${own.slice(-room)}`
  return safe.length <= LONGEST_LABEL ? safe : `${safe.slice(0, LONGEST_LABEL - 1)}…`
}
