import { forMarkdown } from '../text/sanitize.ts'
import type { Report } from './report.ts'
import { nameOf } from './text.ts'

/** What a run that only looks was not allowed to ask, a line of Markdown each. */
export function unchecked({ plan, dryRun }: Report): readonly string[] {
  if (!dryRun) return []
  return (plan?.items ?? []).flatMap(({ step, verdict }) => {
    if (verdict.action === 'unknown') return [forMarkdown(verdict.problem.what)]
    const open = 'unchecked' in verdict ? (verdict.unchecked ?? []) : []
    return open.map((what) => forMarkdown(`${step.kind} ${nameOf(step.resource)}: ${what}`))
  })
}
