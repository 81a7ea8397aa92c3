import type { StepResult } from '../engine/step.ts'
import { forMermaid } from './sanitize.ts'
import { nameOf } from './text.ts'

/**
 * A Mermaid Gantt chart of where the time went, or undefined when nothing took any. Seconds since the run began serve as
 * Unix times, which is how Mermaid gets an axis that starts at zero.
 */
export function timeline(results: readonly StepResult[]): string | undefined {
  const bars = results.filter(({ startedAt, endedAt }) => endedAt > startedAt)
  if (bars.length === 0) return undefined
  const rows = bars.map(({ step, outcome, startedAt, endedAt }) => {
    const label = forMermaid(`${step.kind} ${nameOf(step.resource)}`)
    const start = Math.floor(startedAt / 1000)
    const end = Math.max(start + 1, Math.ceil(endedAt / 1000))
    return `  ${label} :${outcome === 'failed' ? 'crit, ' : ''}${start}, ${end}`
  })
  return ['gantt', '  dateFormat X', '  axisFormat %M:%S', '  section Seconds', ...rows].join('\n')
}
