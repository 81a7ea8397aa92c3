import type { StepResult } from '../engine/step.ts'
import { forMermaid } from '../text/sanitize.ts'
import { nameOf } from './text.ts'

/**
 * A Mermaid Gantt chart of where the time went, or undefined when nothing took any. Milliseconds since the run began serve
 * as instants of 1970 (`dateFormat x`: with `X`, starts are read as milliseconds and ends as seconds). The axis shows them
 * as seconds: minutes and hours would be those of the reader's time zone.
 */
export function timeline(results: readonly StepResult[]): string | undefined {
  const bars = results.filter(({ startedAt, endedAt }) => endedAt > startedAt)
  if (bars.length === 0) return undefined
  const rows = bars.map(({ step, outcome, startedAt, endedAt }) => {
    const label = forMermaid(`${step.kind} ${nameOf(step.resource)}`)
    const start = Math.floor(startedAt)
    const end = Math.max(start + 1, Math.ceil(endedAt))
    return `  ${label} :${outcome === 'failed' ? 'crit, ' : ''}${start}, ${end}`
  })
  return [
    'gantt',
    '  dateFormat x',
    '  axisFormat %s',
    '  todayMarker off',
    '  section Seconds',
    ...rows
  ].join('\n')
}
