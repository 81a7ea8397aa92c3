import { expect, test } from '@jest/globals'
import { digestOf, intentsOf } from '../../../src/engine/digest.ts'
import type { Verdict } from '../../../src/engine/verdict.ts'
import { standIn } from './fakeStep.ts'

const CHANGE = { property: 'weight', before: 1, after: 2 }
const OTHER = { property: 'a', before: 1, after: 2 }

const planOf = (...verdicts: readonly Verdict[]) => ({
  items: verdicts.map((verdict, index) => ({ step: standIn(`/Step${index}`), verdict })),
  unmanaged: []
})

test.each<[string, Verdict, readonly object[]]>([
  ['what is kept is no intent', { action: 'keep' }, []],
  ['what is waited for is no intent', { action: 'await', reason: 'Azure' }, []],
  ['a change is, with its properties', { action: 'change', changes: [CHANGE] }, [CHANGE]],
  ['a creation is, with what it shows', { action: 'create', changes: [CHANGE] }, [CHANGE]],
  ['a creation that shows nothing is', { action: 'create' }, []],
  ['an act is', { action: 'act', reason: 'push' }, []]
])('%s', (_what, verdict, changes) => {
  const intents = intentsOf(planOf(verdict))
  expect(intents.flatMap((intent) => intent.changes)).toEqual(changes)
  expect(intents).toHaveLength(verdict.action === 'keep' || verdict.action === 'await' ? 0 : 1)
})

test.each<[string, ReturnType<typeof planOf>, boolean]>([
  ['reasons', planOf({ action: 'act', reason: 'other' }), true],
  ['another action', planOf({ action: 'create' }), false],
  ['one step more', planOf({ action: 'act', reason: 'push' }, { action: 'create' }), false]
])('a digest changes with what is written, not with %s', (_what, plan, same) => {
  expect(digestOf(plan) === digestOf(planOf({ action: 'act', reason: 'push' }))).toBe(same)
})

test('a digest knows no order of properties', () => {
  const ofChanges = (changes: readonly (typeof CHANGE)[]) =>
    digestOf(planOf({ action: 'change', changes }))
  expect(ofChanges([CHANGE, OTHER])).toBe(ofChanges([OTHER, CHANGE]))
})
