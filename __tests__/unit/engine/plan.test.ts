import { describe, expect, test } from '@jest/globals'
import { makePlan, problems } from '../../../src/engine/plan.ts'
import type { AnyStep, Step } from '../../../src/engine/step.ts'
import type { Verdict } from '../../../src/engine/verdict.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { standIn } from './fakeStep.ts'

const PROBLEM = { what: 'it does not fit', advice: 'Rename it.' }
const CREATE: Verdict = { action: 'create' }
const KEEP: Verdict = { action: 'keep' }
const AWAIT: Verdict = { action: 'await', reason: 'Azure' }
const CANNOT: Verdict = { action: 'cannot', problems: [PROBLEM] }

const known = { see: () => ({}) as never, has: () => true }

function stepWith(verdict: Verdict, more: Partial<Step<unknown>> = {}): AnyStep {
  return standIn('/a', { kind: 'Fake', judge: () => verdict, ...more })
}

/** The verdicts of a plan for hubs alone, of a step that needs another of an earlier phase. */
function planOf(verdict: Verdict, need: AnyStep): readonly string[] {
  const hub = standIn('/hub', { phase: 'hub', needs: [need], judge: () => verdict })
  const plan = makePlan([need, hub], ['hub'], known)
  return plan.items.map(({ step, verdict: { action } }) => `${step.resource} ${action}`)
}

describe('a need of a phase that was not selected', () => {
  test.each<[string, Verdict, AnyStep, readonly string[]]>([
    ['is of no account to what is kept', KEEP, stepWith(AWAIT), ['/hub keep']],
    ['that is there serves', CREATE, stepWith(KEEP), ['/hub create']],
    ['that drifted serves', CREATE, stepWith(CREATE), ['/hub create']],
    ['that does not fit stops it', CREATE, stepWith(CANNOT), ['/hub cannot']],
    [
      'that lacks something stops it',
      CREATE,
      stepWith(CREATE, { unmetRequirement: () => 'does not exist' }),
      ['/hub cannot']
    ],
    [
      'that lacks something stops no waiting',
      AWAIT,
      stepWith(KEEP, { unmetRequirement: () => 'does not exist' }),
      ['/hub await']
    ],
    [
      'that is optional stops nothing',
      CREATE,
      stepWith(KEEP, { optional: true, unmetRequirement: () => 'does not exist' }),
      ['/hub create']
    ],
    ['that Azure works on is waited for', CREATE, stepWith(AWAIT), ['/a await', '/hub create']],
    [
      'that is late is waited for',
      CREATE,
      stepWith(KEEP, { late: () => 'Azure' }),
      ['/a await', '/hub create']
    ],
    [
      'that is late and does not fit stops it',
      CREATE,
      stepWith(CANNOT, { late: () => 'Azure' }),
      ['/hub cannot']
    ],
    ['of something awaited is waited for', AWAIT, stepWith(AWAIT), ['/a await', '/hub await']]
  ])('%s', (_what, verdict, need, actions) => {
    expect(planOf(verdict, need)).toEqual(actions)
  })

  test('is waited for and nothing else', () => {
    const need = stepWith(KEEP, { late: () => 'Azure to tell' })
    const hub = standIn('/hub', { phase: 'hub', needs: [need], judge: () => CREATE })
    const [first] = makePlan([need, hub], ['hub'], known).items
    expect(first?.verdict).toEqual({ action: 'await', reason: 'Azure to tell', only: true })
  })
})

describe('a plan', () => {
  test.each<[string, Verdict, boolean, boolean]>([
    ['mentions what is kept', KEEP, false, true],
    ['does not mention what is exceptional and kept', KEEP, true, false],
    ['mentions what is exceptional and due', CREATE, true, true],
    ['mentions what is exceptional and warns', { ...KEEP, warning: 'odd' }, true, true]
  ])('%s', (_what, verdict, exceptional, mentioned) => {
    const { items } = makePlan([stepWith(verdict, { exceptional })], PHASES, known)
    expect(items.length === 1).toBe(mentioned)
  })

  test('lists what is not managed, of what is known', () => {
    const unmanaged = [{ kind: 'Policy', resource: '/p' }]
    const steps = [stepWith(KEEP, { unmanaged: () => unmanaged }), stepWith(KEEP)]
    expect(makePlan(steps, PHASES, known).unmanaged).toEqual(unmanaged)
    expect(makePlan(steps, [], { ...known, has: () => false }).unmanaged).toEqual([])
  })

  test('has the problems of what cannot go on, and of nothing else', () => {
    const items = [CANNOT, CREATE, CANNOT].map((verdict) => ({ step: stepWith(verdict), verdict }))
    expect(problems({ items, unmanaged: [] })).toEqual([PROBLEM])
  })
})
