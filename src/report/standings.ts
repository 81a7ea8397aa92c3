import type { AnyStep } from '../engine/step.ts'
import type { Outcome, Verdict } from '../engine/verdict.ts'
import type { Report } from './report.ts'

/** How something is drawn; each has a colour of its own. */
export const LOOKS = ['new', 'changed', 'same', 'gone', 'failed', 'open', 'shared'] as const
type Look = (typeof LOOKS)[number]

/** How one part of an environment stands after a run, or before it. */
export interface Standing {
  readonly step: AnyStep
  /** In a word or two, for whoever sees no colours. */
  readonly word: string
  readonly look: Look
}

const ENDED: Readonly<Record<Outcome, Look>> = {
  created: 'new',
  changed: 'changed',
  done: 'changed',
  renewed: 'same',
  waited: 'same',
  unchanged: 'same',
  removed: 'gone',
  left: 'same',
  failed: 'failed',
  skipped: 'open',
  'not started': 'open'
}

const PLANNED: Readonly<Record<Verdict['action'], readonly [word: string, look: Look]>> = {
  keep: ['unchanged', 'same'],
  skip: ['skipped', 'open'],
  create: ['to be created', 'new'],
  change: ['to be changed', 'changed'],
  act: ['to be done', 'changed'],
  await: ['not ready yet', 'open'],
  cannot: ['cannot be done', 'failed'],
  unknown: ['not known', 'open'],
  renew: ['to be renewed', 'same'],
  remove: ['to be removed', 'gone'],
  leave: ['stays', 'same']
}

/** Pure: how each part of the plan stands; what does not hold stands out. */
export function standings({ plan, results, checks }: Report): readonly Standing[] {
  const ended = new Map(results.map(({ step, outcome }) => [step.id, outcome]))
  const broken = new Set(checks.filter((one) => !one.holds && !one.warning).map((one) => one.step))
  const planned = plan?.items ?? []
  const ids = new Set(planned.map(({ step }) => step.id))
  // A teardown that was planned anew has only what is left in its plan.
  const gone = results.filter(({ step }) => !ids.has(step.id))
  const now = planned.map(({ step, verdict }): Standing => {
    if (broken.has(step)) return { step, word: 'does not hold', look: 'failed' }
    const outcome = ended.get(step.id)
    if (isShared(verdict) && (outcome === undefined || ENDED[outcome] === 'same'))
      return { step, word: 'shared', look: 'shared' }
    if (outcome !== undefined) return { step, word: outcome, look: ENDED[outcome] }
    const [word, look] = PLANNED[verdict.action]
    return { step, word, look }
  })
  return [
    ...gone.map(({ step, outcome }) => ({ step, word: outcome, look: ENDED[outcome] })),
    ...now
  ]
}

function isShared(verdict: Verdict): boolean {
  const reason = 'reason' in verdict ? verdict.reason : undefined
  return (verdict.action === 'keep' || verdict.action === 'leave') && !!reason?.startsWith('shared')
}
