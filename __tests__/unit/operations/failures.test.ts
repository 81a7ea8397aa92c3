import { describe, expect, test } from '@jest/globals'
import type { Checked } from '../../../src/engine/checkPlan.ts'
import type { StepResult } from '../../../src/engine/step.ts'
import type { Outcome, Verdict } from '../../../src/engine/verdict.ts'
import {
  CancelledError,
  DeadlineError,
  DriftError,
  failureOf,
  LockedError,
  OtherPlanError,
  PlanError,
  VerifyError
} from '../../../src/operations/failures.ts'
import type { LastAzureActivity } from '../../../src/report/lastAzureActivity.ts'
import { HUB, standIn } from '../resources/sample.ts'

const step = standIn(HUB, { kind: 'IoT hub' })
const problem = (what: string) => ({ what, advice: `Mend ${what}.` })
const cannot = (what: string): Verdict => ({ action: 'cannot', problems: [problem(what)] })
const planOf = (...verdicts: readonly Verdict[]) => ({
  items: verdicts.map((verdict) => ({ step, verdict })),
  unmanaged: []
})

describe('what stops a plan', () => {
  test.each<[string, readonly Verdict[], string, string]>([
    ['is one thing', [cannot('a')], 'one thing has to be settled', '1. a.\n   Mend a.'],
    ['is several things', [cannot('a'), cannot('b')], '2 things have to be settled', '2. b.']
  ])('%s', (_what, verdicts, head, line) => {
    const { message } = new PlanError(planOf(...verdicts))
    expect(message).toContain(head)
    expect(message).toContain(line)
  })
})

describe('drift', () => {
  test.each<[string, number, readonly string[], string | undefined, boolean]>([
    ['in one place is told', 1, [], 'in 1 place,', false],
    ['in two places is told', 2, [], 'in 2 places,', false],
    ['in a place and unknown elsewhere is told', 1, ['a'], 'in 1 place,', true],
    ['that is only unknown is told', 0, ['a'], undefined, true]
  ])('%s', (_what, changes, unseen, where, unknown) => {
    const { message } = new DriftError(changes, unseen.map(problem))
    expect(message.includes('Azure differs from')).toBe(where !== undefined)
    if (where !== undefined) expect(message).toContain(where)
    expect(message.includes('is not known everywhere')).toBe(unknown)
    expect(message.includes('- a. Mend a.')).toBe(unknown)
  })
})

test('another plan than was approved is told by what it would do', () => {
  const texts = ['  + IoT hub', '  = DPS', '  . shared', '  ? unknown', '  ~ weight']
  const { message } = new OtherPlanError('aa', 'bb', texts)
  for (const text of ['+ IoT hub', '~ weight', 'is aa', 'now is bb'])
    expect(message).toContain(text)
  for (const text of ['= DPS', '. shared', '? unknown']) expect(message).not.toContain(text)
})

describe('checks', () => {
  const check = (unchecked?: boolean): Checked => ({
    step,
    what: 'lives',
    holds: false,
    remedy: 'x',
    ...(unchecked !== undefined && { unchecked })
  })
  test.each<[string, readonly Checked[], readonly string[]]>([
    ['one that does not hold', [check()], ['1 check does not hold:']],
    ['two that do not hold', [check(), check(false)], ['2 checks do not hold:']],
    ['one that could not be made', [check(true)], ['1 check could not be made:']],
    [
      'both',
      [check(), check(true), check(true)],
      ['1 check does not hold:', '2 checks could not be made:']
    ]
  ])('%s', (_what, failed, heads) => {
    const { message } = new VerifyError(failed)
    expect(message.split('\n').filter((line) => /^\d+ check/.test(line))).toEqual(heads)
  })
})

test('locks are told each, and removed once', () => {
  const on = (lock: string) => ({ lock, level: 'ReadOnly', on: step })
  const { message } = new LockedError([on('/a'), on('/a'), on('/b')])
  expect(message.match(/^- IoT hub/gm)).toHaveLength(3)
  expect(message).toContain('--ids /a /b`')
})

describe('the end of a run', () => {
  const heard = {
    waitingFor: 'Azure to answer',
    lastAnswer: 'Azure last answered. '
  } as LastAzureActivity
  test.each<[string, string, boolean]>([
    ['steps are at work', 'IoT hub (its state)', true],
    ['none is at work', '', false]
  ])('tells what goes on where %s', (_where, working, goesOn) => {
    const deadline = new DeadlineError(30, working, heard).message
    expect(deadline).toContain(
      `It was waiting for: ${working || 'Azure to answer'}. Azure last answered. `
    )
    expect(deadline.includes('Azure continues')).toBe(goesOn)
    expect(new CancelledError('SIGINT', working).message.includes('Azure continues')).toBe(goesOn)
  })
})

describe('failures of steps', () => {
  const result = (outcome: Outcome, message?: string): StepResult => ({
    step,
    outcome,
    startedAt: 0,
    endedAt: 0,
    ...(message !== undefined && { error: new Error(message) })
  })
  test.each<[string, readonly StepResult[], string | undefined]>([
    ['are none', [result('created')], undefined],
    ['are none where an optional step was skipped', [result('skipped', 'a')], undefined],
    ['are none without an error', [result('failed')], undefined],
    ['are the only one', [result('failed', 'a'), result('skipped', 'b')], 'a'],
    [
      'are told together',
      [result('failed', 'a'), result('failed', 'b')],
      '2 steps failed:\n1. a\n2. b'
    ]
  ])('%s', (_what, results, message) => {
    expect(failureOf(results)?.message).toBe(message)
  })
})
