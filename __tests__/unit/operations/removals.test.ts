import { describe, expect, test } from '@jest/globals'
import { type AnyStep, Stays, type StepResult, type Unmanaged } from '../../../src/engine/step.ts'
import { removalSettles } from '../../../src/engine/teardown.ts'
import type { Outcome, Removal } from '../../../src/engine/verdict.ts'
import {
  broughtBack,
  merged,
  removal,
  removedIds,
  stepsToRemove
} from '../../../src/operations/removals.ts'
import { ALONE, ending, REMOVE, seeing, standIn } from '../engine/fakeStep.ts'

/** Of a step whose removal somebody may undo for `settleMs` after its end at `endedAt`. */
function result(id: string, outcome: Outcome, endedAt = 0, settleMs?: number): StepResult {
  const teardown = {
    judge: () => undefined,
    ...(settleMs !== undefined && { settleMs })
  }
  return { step: { ...standIn(id), teardown }, outcome, startedAt: 0, endedAt }
}

const ends = (results: readonly StepResult[]) =>
  results.map(({ step, outcome }) => `${step.id} ${outcome}`)

describe('the results of a removal in rounds', () => {
  test.each<[string, readonly StepResult[], readonly StepResult[], readonly string[]]>([
    [
      'are those of the later round',
      [result('a', 'unchanged')],
      [result('a', 'removed')],
      ['a removed']
    ],
    [
      'are also those of an earlier one',
      [result('a', 'removed'), result('b', 'unchanged')],
      [result('b', 'removed')],
      ['a removed', 'b removed']
    ],
    ['are those of the first', [], [result('a', 'removed')], ['a removed']],
    ['are still those of the first', [result('a', 'removed')], [], ['a removed']]
  ])('%s', (_what, earlier, later, found) => {
    expect(ends(merged(earlier, later))).toEqual(found)
  })

  test('tell what is gone', () => {
    expect([...removedIds([result('a', 'removed'), result('b', 'unchanged')])]).toEqual(['a'])
  })
})

describe('a removal that another writer may undo', () => {
  test.each<[string, readonly StepResult[], number]>([
    ['is waited for until it has settled', [result('a', 'removed', 1000, 500)], 300],
    ['that has settled is not waited for', [result('a', 'removed', 100, 500)], 0],
    ['that was none is not waited for', [result('a', 'unchanged', 1000, 500)], 0],
    ['and that nobody undoes is not waited for', [result('a', 'removed', 1000)], 0],
    [
      'is waited for as long as the last of several',
      [result('a', 'removed', 1000, 500), result('b', 'removed', 1100, 500)],
      400
    ],
    ['is none of nothing', [], 0]
  ])('%s', (_what, results, milliseconds) => {
    expect(removalSettles(results, 1200)).toBe(milliseconds)
  })
})

describe('of a plan', () => {
  const leave: Removal = { action: 'leave', reason: 'it is shared' }
  const items = [
    { step: ending('/a'), verdict: REMOVE },
    { step: ending('/b', { teardown: { settleMs: 1 } }), verdict: REMOVE },
    { step: ending('/c', { teardown: { settleMs: 1 } }), verdict: leave }
  ]

  test('goes what is to be removed', () => {
    const ids = stepsToRemove({ items, unmanaged: [] }).map(({ id }) => id)
    expect(ids).toEqual(['/a', '/b'])
    expect(stepsToRemove(undefined)).toEqual([])
  })

  test('goes again what another writer may bring back', () => {
    expect(broughtBack(items).map(({ step }) => step.id)).toEqual(['/b'])
  })
})

const { signal } = new AbortController()

describe('a removal', () => {
  const CONTAINER = '/container'
  const PART = '/container/parts/one'

  /** Carries out these steps one after the other, as planned. @returns what stays, by resource */
  async function carryOut(steps: readonly (readonly [AnyStep, Removal])[]) {
    const items = steps.map(([step, verdict]) => ({ step, verdict }))
    let now = 1_000
    const { act } = await removal(
      items,
      { see: (step) => `facts of ${step.id}` as never },
      { signal, elapsed: () => now }
    )
    now = 4_000
    const staying: Record<string, string> = {}
    for (const { step, verdict } of items) {
      if (verdict.action !== 'remove') continue
      const task = {
        ...ALONE,
        verdict,
        facts: undefined,
        see: seeing(),
        signal,
        progress: () => {}
      }
      const stays = await act(step, task)
      if (stays instanceof Stays) staying[step.resource] = stays.reason
    }
    return staying
  }

  const kept = async () => new Stays('somebody uses it')
  const stays = (resource: string, more: object = {}) =>
    ending(resource, { teardown: { remove: kept, ...more } })
  const withContainer: Removal = { action: 'remove', with: CONTAINER }

  test.each<[string, readonly (readonly [AnyStep, Removal])[], Record<string, string>]>([
    [
      'takes everything, where nothing keeps it',
      [
        [ending(PART), REMOVE],
        [ending(CONTAINER), REMOVE]
      ],
      {}
    ],
    [
      'leaves what contains something that stays',
      [
        [stays(PART), REMOVE],
        [ending(CONTAINER), REMOVE]
      ],
      {
        [PART]: 'somebody uses it',
        [CONTAINER]: `Fake ${PART} is in it and stays`
      }
    ],
    [
      'takes what contains something that only follows',
      [
        [stays(PART, { follows: true }), REMOVE],
        [ending(CONTAINER), REMOVE]
      ],
      { [PART]: 'somebody uses it' }
    ],
    [
      'takes what lies beside something that stays',
      [
        [stays('/other'), REMOVE],
        [ending(CONTAINER), REMOVE]
      ],
      { '/other': 'somebody uses it' }
    ],
    [
      'leaves what was to end with a container that stays',
      [
        [stays(CONTAINER), REMOVE],
        [ending(PART), withContainer]
      ],
      { [CONTAINER]: 'somebody uses it', [PART]: 'the Fake stays' }
    ],
    [
      'takes what ends with a container that goes',
      [
        [ending(CONTAINER), REMOVE],
        [ending(PART), withContainer]
      ],
      {}
    ]
  ])('%s', async (_what, steps, staying) => {
    expect(await carryOut(steps)).toEqual(staying)
  })

  test('tells what of the contents does not go, also what was kept since the plan', async () => {
    const [goes, remains, foreign] = ['/a', '/b', '/c'].map(
      (resource): Unmanaged => ({ kind: 'Fake', resource })
    ) as [Unmanaged, Unmanaged, Unmanaged]
    let strangers: readonly Unmanaged[] = []
    const container = ending(CONTAINER, {
      teardown: {
        remove: async (task) => {
          strangers = task.strangers([goes, remains, foreign])
        }
      }
    })
    await carryOut([
      [ending(goes.resource), REMOVE],
      [stays(remains.resource), REMOVE],
      [container, REMOVE]
    ])
    expect(strangers).toEqual([remains, foreign])
  })

  describe('of what Azure tells late', () => {
    const arrived: Unmanaged = { kind: 'Fake', resource: '/c' }
    /** A container with this in it from the beginning. @returns what happened to it, in order */
    async function lookedAt(contents: readonly Unmanaged[], planned: Removal = REMOVE) {
      const seen: unknown[] = []
      const container = ending(CONTAINER, {
        teardown: {
          lookAhead: async ({ facts, strangers }) => {
            const [one] = strangers([{ kind: 'Fake', resource: PART }, ...contents])
            seen.push(`looked ahead with ${facts}`)
            return one && new Stays(`${one.resource} came`)
          },
          remove: async ({ lookedAgoMs }) => void seen.push(`removed ${lookedAgoMs} ms later`)
        }
      })
      const part = ending(PART, {
        teardown: { remove: async () => void seen.push('removed the part') }
      })
      const staying = await carryOut([
        [part, REMOVE],
        [container, planned]
      ])
      return { seen, staying }
    }

    test('looks before anything goes, and says how long ago that was', async () => {
      expect(await lookedAt([])).toEqual({
        seen: [
          `looked ahead with facts of ${CONTAINER}`,
          'removed the part',
          'removed 3000 ms later'
        ],
        staying: {}
      })
    })

    test('leaves what holds something that is not to go', async () => {
      expect(await lookedAt([arrived])).toEqual({
        seen: [`looked ahead with facts of ${CONTAINER}`, 'removed the part'],
        staying: { [CONTAINER]: '/c came' }
      })
    })

    test('does not look at what stays', async () => {
      const { seen } = await lookedAt([arrived], { action: 'leave', reason: 'it is shared' })
      expect(seen).toEqual(['removed the part'])
    })
  })
})
