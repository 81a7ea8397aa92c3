import type { Report } from '../report/report.ts'
import type { Ledger } from './session.ts'

/**
 * Whatever is known of the resources, however the run ended; with several hubs the first one's. What is somebody else's, or
 * does not fit, is no resource of this environment.
 */
export function idsOf(ledger: Ledger): Readonly<Record<string, string>> {
  const { steps, facts, plan: made } = ledger
  const unfit = new Set(
    (made?.items ?? []).filter(({ verdict }) => verdict.action === 'cannot').map(({ step }) => step)
  )
  const ids: Record<string, string> = ledger.version
    ? { 'service-version': ledger.version.version }
    : {}
  for (const step of steps) {
    if (!facts.has(step) || unfit.has(step)) continue
    for (const [name, value] of Object.entries(step.outputs?.(facts.see(step)) ?? {}))
      ids[name] ??= value
  }
  return ids
}

/** What the steps tell of their resources' state, by the step's id. */
export function statesOf({ steps, facts }: Ledger): Report['states'] {
  return Object.fromEntries(
    steps.flatMap((step) => {
      const state = facts.has(step) ? step.state?.(facts.see(step)) : undefined
      return state === undefined ? [] : [[step.id, state]]
    })
  )
}
