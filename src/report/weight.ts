import type { PlanItem } from '../engine/step.ts'
import type { Verdict } from '../engine/verdict.ts'

/** What stops the run, then what goes, is changed, is new, and is done: a reader may stop anywhere. */
const ORDER: readonly Verdict['action'][] = [
  'cannot',
  'unknown',
  'remove',
  'leave',
  'change',
  'create',
  'act',
  'await',
  'skip',
  'renew',
  'keep'
]

/** What matters most first; what matters alike stays in the order in which it is done. */
export function byWeight(items: readonly PlanItem[]): readonly PlanItem[] {
  return items.toSorted((a, b) => weight(a) - weight(b))
}

/** What ends with its container comes after that. */
function weight({ verdict }: PlanItem): number {
  const along = verdict.action === 'remove' && verdict.with !== undefined ? 0.5 : 0
  return ORDER.indexOf(verdict.action) + along
}
