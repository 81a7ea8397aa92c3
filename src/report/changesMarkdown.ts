import { bornText, changeText } from '../engine/changes.ts'
import type { Plan, PlanItem } from '../engine/step.ts'
import { isChange } from '../engine/verdict.ts'
import { forMarkdown } from '../text/sanitize.ts'
import { nameOf } from './text.ts'

/** What a plan is going to change, as a list in GitHub's Markdown; what matters most comes first. */
export function changesMarkdown({ items }: Plan): string {
  return items
    .filter(({ verdict }) => isChange(verdict))
    .toSorted((a, b) => weight(a) - weight(b))
    .flatMap((item) => [headline(item), ...details(item)])
    .join('\n')
}

/** What goes, then what is changed, then what is new: a reviewer may stop reading. */
const ORDER = ['remove', 'change', 'act', 'create']

function weight({ verdict }: PlanItem): number {
  return ORDER.indexOf(verdict.action)
}

function headline({ step, verdict }: PlanItem): string {
  const reason = 'reason' in verdict && verdict.reason ? `: ${forMarkdown(verdict.reason)}` : ''
  return `- **${verdict.action}** ${forMarkdown(`${step.kind} ${nameOf(step.resource)}`)}${reason}`
}

function details({ verdict }: PlanItem): readonly string[] {
  const changes = 'changes' in verdict ? (verdict.changes ?? []) : []
  const text = verdict.action === 'create' ? bornText : changeText
  return changes.map((change) => `  - ${forMarkdown(text(change))}`)
}
