import type { Plan } from '../engine/step.ts'
import type { Verdict } from '../engine/verdict.ts'
import type { Log } from './log.ts'
import { planLines } from './text.ts'
import { byWeight } from './weight.ts'

/** Lines of a plan that leave room on a screen of forty for the rest of the log; what is longer is folded. */
const MOST_OPEN = 30

/** How many of what, in words that follow a number. */
const TO: Readonly<Record<Verdict['action'], string>> = {
  cannot: 'cannot be done',
  unknown: 'not known',
  remove: 'to remove',
  leave: 'left alone',
  change: 'to change',
  create: 'to create',
  act: 'to do',
  await: 'to wait for',
  skip: 'skipped',
  renew: 'to renew',
  keep: 'unchanged'
}

/**
 * Tells the log of a plan: how many of what in one line, and the rest on a click.
 *
 * @param open what is not as it should be is shown without a click, as far as it is no more than somebody reads
 */
export function tellPlan(log: Log, environment: string, plan: Plan, open: boolean): void {
  const title = `Plan for ${environment}: ${counts(plan)}`
  const kept = plan.items.filter(({ verdict }) => verdict.action === 'keep')
  const others = plan.items.filter((item) => !kept.includes(item))
  const shown = planLines({ items: others, unmanaged: [] })
  const length = shown.reduce((sum, { text }) => sum + text.split('\n').length, 0)
  if (!open || length === 0 || length > MOST_OPEN) {
    log.fold(title, planLines(plan))
    return
  }
  log.info(title, 'strong')
  for (const { text, tone } of shown) log.info(text, tone)
  const { unmanaged } = plan
  if (kept.length + unmanaged.length === 0) return
  const more = unmanaged.length === 0 ? '' : `, and ${unmanaged.length} not in the inputs`
  log.fold(`${kept.length} ${TO.keep}${more}`, planLines({ items: kept, unmanaged }))
}

function counts({ items }: Plan): string {
  const each = Map.groupBy(byWeight(items), ({ verdict }) => verdict.action)
  const words = [...each].map(([action, { length }]) => `${length} ${TO[action]}`).join(', ')
  const idle = items.every(({ verdict }) => ['keep', 'renew'].includes(verdict.action))
  return idle ? `nothing to do${words && `, ${words}`}` : words
}
