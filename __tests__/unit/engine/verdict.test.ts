import { describe, expect, it } from '@jest/globals'
import {
  isChange,
  isDue,
  isWork,
  VERDICTS,
  type Verdict,
  wrote
} from '../../../src/engine/verdict.ts'

const problem = { what: 'it is not so', advice: 'make it so' }
const EACH: readonly Verdict[] = [
  { action: 'keep' },
  { action: 'skip', warning: 'refused' },
  { action: 'create' },
  { action: 'change', changes: [] },
  { action: 'act', reason: 'once' },
  { action: 'await', reason: 'late' },
  { action: 'cannot', problems: [problem] },
  { action: 'unknown', problem },
  { action: 'renew', reason: 'half of its time is over' },
  { action: 'remove' },
  { action: 'leave', reason: 'shared' }
]
const actions = (of: (verdict: Verdict) => boolean) => EACH.filter(of).map(({ action }) => action)

describe('a verdict', () => {
  it('is each in the table, with a sign of its own', () => {
    expect(new Set(actions(() => true))).toEqual(new Set(Object.keys(VERDICTS)))
    expect(new Set(Object.values(VERDICTS).map(({ sign }) => sign)).size).toBe(EACH.length)
  })

  it('leads to a write, makes Azure another, or has to be seen to', () => {
    expect(actions(isWork)).toEqual(['create', 'change', 'act', 'renew', 'remove'])
    expect(actions(isChange)).toEqual(['create', 'change', 'act', 'remove'])
    expect(actions(isDue)).toEqual(['create', 'change', 'act', 'await', 'renew', 'remove'])
  })

  it('that was waited for or renewed is no change once it is done', () => {
    const outcomes = Object.values(VERDICTS).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => wrote({ outcome }))).toEqual([
      'created',
      'changed',
      'done',
      'removed'
    ])
  })
})
