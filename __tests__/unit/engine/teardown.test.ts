import { describe, expect, test } from '@jest/globals'
import type { AnyStep, PlanItem, StepResult, Unmanaged } from '../../../src/engine/step.ts'
import { planTeardown, removalSettles, strangersAmong } from '../../../src/engine/teardown.ts'
import type { Removal } from '../../../src/engine/verdict.ts'
import { type End, ending, REMOVE, standIn } from './fakeStep.ts'

const LEAVE: Removal = { action: 'leave', reason: 'shared' }

const see = () => ({}) as never

function verdictsOf(steps: readonly AnyStep[]): Record<string, string> {
  return Object.fromEntries(
    planTeardown(steps, see).items.map(({ step, verdict }) => {
      const {
        action,
        reason,
        with: container
      } = verdict as Removal & { reason?: string; with?: string }
      return [
        step.resource,
        [action, reason ?? (container && `with ${container}`)].filter(Boolean).join(': ')
      ]
    })
  )
}

describe('what goes and what stays', () => {
  test('a step without an end, or with nothing there, is not told of', () => {
    expect(verdictsOf([standIn('/a'), ending('/b', { teardown: { verdict: 'none' } })])).toEqual({})
  })

  test.each<[string, readonly AnyStep[], Record<string, string>]>([
    ['what is ours goes', [ending('/a')], { '/a': 'remove' }],
    [
      'what lies in what goes, goes with it without a request',
      [ending('/a'), ending('/a/b', { teardown: { within: true } })],
      { '/a': 'remove', '/a/b': 'remove: with Fake' }
    ],
    [
      'what has a request of its own goes by it',
      [ending('/a'), ending('/a/b')],
      { '/a': 'remove', '/a/b': 'remove' }
    ],
    [
      'what lies beside it goes by itself',
      [ending('/a'), ending('/b', { teardown: { within: true } })],
      { '/a': 'remove', '/b': 'remove' }
    ],
    [
      'what is left keeps what it lies in',
      [ending('/a'), ending('/a/b', { teardown: { verdict: LEAVE } })],
      { '/a': 'leave: Fake /a/b is in it and stays', '/a/b': 'leave: shared' }
    ],
    [
      'what is left keeps what it uses',
      [ending('/a'), ending('/b', { teardown: { verdict: LEAVE, uses: () => ['/A'] } })],
      { '/a': 'leave: Fake /b uses it and stays', '/b': 'leave: shared' }
    ],
    [
      'what is left keeps nothing else',
      [ending('/a'), ending('/b', { teardown: { verdict: LEAVE, uses: () => ['/c'] } })],
      { '/a': 'remove', '/b': 'leave: shared' }
    ],
    [
      'what is kept keeps others in its turn',
      [
        ending('/g'),
        ending('/g/a'),
        ending('/b', { teardown: { verdict: LEAVE, uses: () => ['/g/a'] } })
      ],
      {
        '/g': 'leave: Fake /g/a is in it and stays',
        '/g/a': 'leave: Fake /b uses it and stays',
        '/b': 'leave: shared'
      }
    ],
    [
      'what follows keeps nothing',
      [ending('/a'), ending('/a/b', { teardown: { verdict: LEAVE, follows: true } })],
      { '/a': 'remove', '/a/b': 'leave: shared' }
    ]
  ])('%s', (_what, steps, verdicts) => {
    expect(verdictsOf(steps)).toEqual(verdicts)
  })

  test('what is kept is told to be this environment’s own', () => {
    const [first] = planTeardown(
      [ending('/a'), ending('/a/b', { teardown: { verdict: LEAVE } })],
      see
    ).items
    expect(first?.verdict).toHaveProperty('own', true)
  })

  test.each<[string, End['verdict'], string]>([
    ['stays with it', LEAVE, 'leave: Fake stays'],
    ['stays where there is none', 'none', 'leave: Fake stays'],
    ['goes with it', REMOVE, 'remove']
  ])('what goes only with another one %s', (_what, verdict, wanted) => {
    const host = ending('/host', { ...(verdict && { teardown: { verdict } }) })
    const devices = ending('/devices', { teardown: { onlyWith: () => host } })
    expect(verdictsOf([devices, host])['/devices']).toBe(wanted)
  })

  const stranger = (resource: string, uses?: readonly string[]): readonly Unmanaged[] => [
    { kind: 'Policy', resource, ...(uses && { uses }) }
  ]
  test.each<[string, readonly AnyStep[], string]>([
    [
      'keeps it',
      [ending('/a', { teardown: { contents: () => stranger('/a/x') } })],
      'leave: Policy /a/x is in it and stays'
    ],
    [
      'keeps it by using it from afar',
      [ending('/a', { teardown: { contents: () => stranger('/x', ['/a']) } })],
      'leave: Policy /x uses it and stays'
    ],
    [
      'keeps nothing from afar',
      [ending('/a', { teardown: { contents: () => stranger('/x') } })],
      'remove'
    ],
    [
      'keeps nothing when a step removes it',
      [ending('/a', { teardown: { contents: () => stranger('/A/B') } }), ending('/a/b')],
      'remove'
    ],
    [
      'keeps nothing as a part of what goes',
      [ending('/a', { teardown: { contents: () => stranger('/a/b/c') } }), ending('/a/b')],
      'remove'
    ],
    [
      'keeps it as a part of what stays',
      [
        ending('/a', { teardown: { contents: () => stranger('/a/b/c') } }),
        ending('/a/b', { teardown: { verdict: LEAVE, follows: true } })
      ],
      'leave: Policy /a/b/c is in it and stays'
    ],
    [
      'keeps it as a part of what goes elsewhere',
      [ending('/a', { teardown: { contents: () => stranger('/b/c', ['/a']) } }), ending('/b')],
      'leave: Policy /b/c uses it and stays'
    ],
    [
      'keeps it as a part of what only follows',
      [
        ending('/a', { teardown: { contents: () => stranger('/a/b/c') } }),
        ending('/a/b', { teardown: { follows: true } })
      ],
      'leave: Policy /a/b/c is in it and stays'
    ]
  ])('what is in it and is not ours %s', (_what, steps, verdict) => {
    expect(verdictsOf(steps)['/a']).toBe(verdict)
  })

  test('what follows is judged once it is known what goes', () => {
    const asked: boolean[] = []
    const follower = ending('/f', {
      teardown: {
        follows: true,
        judge: (_facts, _see, isBeingRemoved) => {
          asked.push(...['/a', '/b', '/c', '/d'].map(isBeingRemoved))
          return REMOVE
        }
      }
    })
    const other = ending('/c', { teardown: { follows: true } })
    planTeardown(
      [other, follower, ending('/a'), ending('/b', { teardown: { verdict: LEAVE } })],
      see
    )
    expect(asked).toEqual([true, false, false, false])
  })

  test.each<[string, End, string]>([
    [
      'with its container where it has no request',
      { within: true, follows: true },
      'remove: with Fake'
    ],
    ['without a request of its own', { remove: undefined as never }, 'remove: with Fake'],
    ['alone where its container stays', { within: true, follows: true }, 'remove']
  ])('what bears the name of what goes ends %s', (_how, teardown, verdict) => {
    const stays = verdict === 'remove'
    const container = ending('/a', stays ? { teardown: { verdict: LEAVE } } : {})
    const grant = ending('/a', { id: 'grant', teardown })
    const items = planTeardown([container, grant], see).items
    const [by] = items.flatMap(({ step, verdict: found }) =>
      step === grant && 'with' in found ? [found.with] : []
    )
    expect(by === undefined ? 'remove' : `remove: with ${by}`).toBe(verdict)
  })

  test('what follows takes nothing with it', () => {
    const follower = ending('/a', { kind: 'Follower', teardown: { follows: true } })
    const grant = ending('/a', { id: 'grant', teardown: { within: true, follows: true } })
    expect(planTeardown([follower, grant], see).items.map(({ verdict }) => verdict)).toEqual([
      REMOVE,
      REMOVE
    ])
  })
})

test('what arrived is a stranger unless this plan removes it', () => {
  const [owner, policy] = [ending('/a'), ending('/a/b')]
  const items: readonly PlanItem[] = [owner, policy].map((step) => ({ step, verdict: REMOVE }))
  const contents = ['/a/b', '/a/b/c', '/a/x'].map((resource) => ({ kind: 'Policy', resource }))
  expect(strangersAmong(contents, owner, items)).toEqual([contents[2]])
})

describe('what another writer may bring back', () => {
  const link = ending('/dps/link', { teardown: { settleMs: 30_000 } })
  const gone = (step: AnyStep, outcome: StepResult['outcome'] = 'removed'): StepResult => ({
    step,
    outcome,
    startedAt: 0,
    endedAt: 10_000
  })

  test.each<[string, readonly StepResult[], number]>([
    ['is waited for from its removal on', [gone(link)], 25_000],
    ['is nothing when nothing settles', [gone(ending('/hub'))], 0],
    ['is nothing that stays', [gone(link, 'left')], 0],
    ['is nothing when what it was in is gone as well', [gone(ending('/dps')), gone(link)], 0],
    ['is there while what it was in stays', [gone(ending('/dps'), 'left'), gone(link)], 25_000]
  ])('%s', (_what, results, ms) => {
    expect(removalSettles(results, 15_000)).toBe(ms)
  })

  test('is nothing any more after a while', () => {
    expect(removalSettles([gone(link)], 60_000)).toBe(0)
  })
})
