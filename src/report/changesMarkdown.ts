import type { Plan, PlanItem } from '../engine/step.ts'
import { isChange } from '../engine/verdict.ts'
import { asCode, forMarkdown } from '../text/sanitize.ts'
import { signOf } from './signs.ts'
import { nameOf, planDetails, reasonOf } from './text.ts'
import { byWeight } from './weight.ts'

/** What a plan is going to change, as a list in GitHub's Markdown; what matters most comes first. */
export function changesMarkdown({ items }: Plan): string {
  return byWeight(items)
    .filter(({ verdict }) => isChange(verdict))
    .flatMap((item) => [headline(item), ...details(item)])
    .join('\n')
}

function headline({ step, verdict }: PlanItem): string {
  const reason = reasonOf(verdict)
  const why = reason === undefined ? '' : `: ${forMarkdown(reason)}`
  const what = `${forMarkdown(step.kind)} ${asCode(nameOf(step.resource))}`
  return `- ${signOf(verdict)} **${verdict.action}** ${what}${why}`
}

function details(item: PlanItem): readonly string[] {
  return planDetails(item).map((text) => `  - ${forMarkdown(text)}`)
}
