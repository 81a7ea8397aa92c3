import { describe, expect, test } from '@jest/globals'
import { AS_WANTED, checkPlan, holds } from '../../../src/engine/checkPlan.ts'
import type { Check, StepResult } from '../../../src/engine/step.ts'
import type { Outcome, Verdict } from '../../../src/engine/verdict.ts'
import { standIn } from './fakeStep.ts'

const CHANGE = { property: 'weight', before: 1, after: 2 }
const PROBLEM = { what: 'it does not fit', advice: 'Rename it.' }
const OWN: Check = { what: 'lives', holds: true, remedy: 'x' }
const see = () => ({}) as never

function checksOf(verdict: Verdict, optional = false, outcome?: Outcome, checks = true) {
  const step = standIn('/a', { phase: 'hub', optional, ...(checks && { checks: () => [OWN] }) })
  const results: readonly StepResult[] =
    outcome === undefined ? [] : [{ step, outcome, startedAt: 0, endedAt: 0 }]
  return checkPlan([{ step, verdict }], see, results)
}

describe('what is checked of a step', () => {
  test.each<[Verdict, Partial<Check>]>([
    [{ action: 'keep' }, { holds: true }],
    [{ action: 'renew', reason: 'half' }, { holds: true }],
    [{ action: 'leave', reason: 'shared' }, { holds: true }],
    [
      { action: 'keep', warning: 'odd' },
      { holds: false, warning: true, found: 'odd' }
    ],
    [{ action: 'create' }, { holds: false, found: 'it does not exist' }],
    [
      { action: 'change', changes: [CHANGE] },
      { holds: false, found: 'weight: 1 → 2' }
    ],
    [
      { action: 'act', reason: 'finish it' },
      { holds: false, found: 'finish it' }
    ],
    [
      { action: 'await', reason: 'Azure' },
      { holds: false, found: 'Azure' }
    ],
    [
      { action: 'cannot', problems: [PROBLEM] },
      { holds: false, found: 'it does not fit' }
    ],
    [
      { action: 'unknown', problem: PROBLEM },
      { holds: false, unchecked: true }
    ]
  ])('that is to %j', (verdict, wanted) => {
    const checks = checksOf(verdict)
    expect(checks.map(({ what }) => what)).toEqual(['lives', AS_WANTED])
    expect(checks[1]).toMatchObject(wanted)
    expect(checks[1]?.warning).toBe(wanted.warning)
  })

  test.each<[string, Verdict, boolean, Outcome | undefined, number, boolean | undefined]>([
    ['is undone is a warning', { action: 'create' }, true, undefined, 1, true],
    ['is skipped is a warning', { action: 'skip', warning: 'x' }, false, undefined, 1, true],
    ['is as wanted is checked', { action: 'keep' }, true, undefined, 2, undefined],
    ['this run did has to hold', { action: 'create' }, true, 'created', 2, undefined],
    ['this run did not do is a warning', { action: 'create' }, true, 'skipped', 1, true],
    ['is not optional has to hold', { action: 'create' }, false, undefined, 2, undefined]
  ])('that %s', (_what, verdict, optional, outcome, count, warning) => {
    const checks = checksOf(verdict, optional, outcome)
    expect(checks).toHaveLength(count)
    expect(checks.at(-1)?.warning).toBe(warning)
  })

  test('that looks at nothing itself is its difference alone', () => {
    expect(checksOf({ action: 'keep' }, false, undefined, false)).toHaveLength(1)
  })

  test('tells what is optional in its remedy', () => {
    const remedyOf = (optional: boolean) => checksOf({ action: 'create' }, optional).at(-1)?.remedy
    expect(remedyOf(true)).toContain('It is optional')
    expect(remedyOf(false)).toBe('Run `operation: apply` with the phase `hub`.')
  })
})

test.each<[string, Partial<Check>[], boolean]>([
  ['all hold', [{ holds: true }], true],
  ['there are none', [], true],
  ['what does not hold is a warning', [{ holds: true }, { holds: false, warning: true }], true],
  ['one does not', [{ holds: true }, { holds: false }], false]
])('nothing is broken when %s', (_when, checks, good) => {
  expect(holds(checks.map((check) => ({ ...OWN, ...check })))).toBe(good)
})
