import { createHash } from 'node:crypto'
import type { Plan, PlanItem } from './step.ts'
import { type Change, isChange, type Verdict } from './verdict.ts'

/** What a step is going to write, and nothing that only tells of it. */
export interface Intent {
  /** The step's id. */
  readonly step: string
  readonly resource: string
  readonly action: Verdict['action']
  readonly changes: readonly Change[]
}

/**
 * Pure: what a plan is going to write. Not its reasons, notes and times, nor what may not be asked: whoever may only look
 * has the same intents as whoever is going to apply.
 */
export function intentsOf({ items }: Plan): readonly Intent[] {
  return items.filter(({ verdict }) => isChange(verdict)).map(intent)
}

function intent({ step, verdict }: PlanItem): Intent {
  const changes = 'changes' in verdict ? (verdict.changes ?? []) : []
  return { step: step.id, resource: step.resource, action: verdict.action, changes }
}

/** Pure: one word for all of it, equal for plans that write the same. SHA-256 in hexadecimal, its first 32 digits. */
export function digestOf(plan: Plan): string {
  const lines = intentsOf(plan).map((one) => JSON.stringify(canonical(one)))
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 32)
}

/** Names of properties and ids of Azure compare without case, and in any order. */
function canonical({ step, resource, action, changes }: Intent): unknown {
  const each = changes.map(({ property, before, after }) => [property, before, after])
  const ordered = each.map((one) => JSON.stringify(one)).sort()
  return [step.toLowerCase(), resource.toLowerCase(), action, ordered]
}
