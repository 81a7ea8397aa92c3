import { describe, expect, test } from '@jest/globals'
import { confirm, LOOK_AGAIN_MS, LOOKS, NotHeldError } from '../../../src/engine/converge.ts'
import type { AnyStep, Step, StepResult } from '../../../src/engine/step.ts'
import type { Outcome, Verdict } from '../../../src/engine/verdict.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { standIn } from './fakeStep.ts'

const KEEP: Verdict = { action: 'keep' }
const CREATE: Verdict = { action: 'create' }

/** A step whose verdict at each look is given, the last for ever. */
function stepWith(verdicts: readonly Verdict[], more: Partial<Step<number>> = {}): Step<number> {
  let look = -1
  return standIn<number>('/a', {
    kind: 'Fake',
    observe: async () => Math.min(++look, verdicts.length - 1),
    judge: (facts) => verdicts[facts] ?? KEEP,
    apply: async () => verdicts.length - 1,
    ...more
  })
}

const result = (step: AnyStep, outcome: Outcome = 'created', endedAt = 0): StepResult => ({
  step,
  outcome,
  startedAt: 0,
  endedAt
})

async function run(steps: readonly AnyStep[], results: readonly StepResult[]) {
  const slept: number[] = []
  const confirmed = await confirm(steps, PHASES, results, {
    signal: new AbortController().signal,
    watch: { started: () => {}, waiting: () => {}, ended: () => {} },
    elapsed: () => 100,
    sleep: async (ms) => void slept.push(ms)
  })
  return { slept, outcomes: confirmed.results.map(({ outcome }) => outcome) }
}

describe('what was applied', () => {
  test.each<[string, readonly Verdict[], Partial<Step<number>>, readonly number[]]>([
    ['holds at the first look', [KEEP], {}, [0]],
    [
      'that another run waits for is waited for',
      [{ action: 'await', reason: 'Azure' }, KEEP],
      {},
      [0]
    ],
    [
      'is looked at again until it shows',
      [CREATE, CREATE, KEEP],
      {},
      [0, LOOK_AGAIN_MS, 0, LOOK_AGAIN_MS, 0]
    ],
    [
      'and does not fit for a moment is looked at again',
      [{ action: 'cannot', problems: [] }, KEEP],
      {},
      [0, LOOK_AGAIN_MS, 0]
    ],
    ['and another writer undid is done again', [CREATE, KEEP], { settleMs: 50 }, [0, 50]],
    ['and is optional has to be seen', [CREATE, KEEP], { optional: true }, [0, LOOK_AGAIN_MS, 0]]
  ])('%s', async (_what, verdicts, more, slept) => {
    const step = stepWith(verdicts, { wait: async () => verdicts.length - 1, ...more })
    const seen = await run([step], [result(step)])
    expect(seen.slept).toEqual(slept)
  })

  test('and is optional and was not done by this run may stay undone', async () => {
    const [undone, done] = [stepWith([CREATE], { optional: true }), stepWith([KEEP])]
    const results = [result(undone, 'skipped'), result(done)]
    expect((await run([undone, done], results)).slept).toEqual([0])
  })

  test('of a step is brought up to date when it is done again, and of no other', async () => {
    const lost = stepWith([{ action: 'act', reason: 'again' }, KEEP], { settleMs: 1 })
    const other = stepWith([KEEP])
    const { outcomes } = await run([other, lost], [result(other, 'changed'), result(lost)])
    expect(outcomes).toEqual(['changed', 'done'])
  })

  test('is waited for until what others may undo has settled', async () => {
    const step = stepWith([KEEP], { settleMs: 1_000 })
    const unwritten = stepWith([KEEP], { settleMs: 9_000 })
    const results = [result(step, 'created', 100), result(unwritten, 'unchanged', 100)]
    expect((await run([step, unwritten], results)).slept).toEqual([1_000])
  })

  test.each<[string, Outcome, readonly number[]]>([
    ['is not waited for where this run made what it is in', 'created', [0]],
    ['is waited for where that was there', 'changed', [1_000]]
  ])('and nobody else knows of yet %s', async (_what, outcome, slept) => {
    const dps = stepWith([KEEP])
    const link = stepWith([KEEP], { settleMs: 1_000, settledBy: dps })
    const results = [result(dps, outcome), result(link, 'created', 100)]
    expect((await run([dps, link], results)).slept).toEqual(slept)
  })

  test('and never holds is named after so many looks', async () => {
    const step = stepWith(Array<Verdict>(LOOKS).fill(CREATE))
    await expect(run([step], [result(step)])).rejects.toThrow(NotHeldError)
    const late = stepWith([...Array<Verdict>(LOOKS - 1).fill(CREATE), KEEP])
    expect((await run([late], [result(late)])).outcomes).toEqual(['created'])
  })
})

test.each<[Verdict, string]>([
  [
    {
      action: 'cannot',
      problems: [
        { what: 'a', advice: 'x' },
        { what: 'b', advice: 'x' }
      ]
    },
    '(a; b)'
  ],
  [{ action: 'await', reason: 'Azure' }, '(Azure)'],
  [CREATE, '(create)']
])('a difference that stays is told with its reason: %j', (verdict, text) => {
  const { message } = new NotHeldError([{ step: stepWith([verdict]), verdict }])
  expect(message).toContain(`Fake /a ${text}`)
})
