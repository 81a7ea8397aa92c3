import { describe, expect, test } from '@jest/globals'
import type { AnyStep, PlanItem } from '../../../src/engine/step.ts'
import { removalOrder } from '../../../src/engine/teardown.ts'
import type { Removal } from '../../../src/engine/verdict.ts'
import { ending, REMOVE } from './fakeStep.ts'

const LEAVE: Removal = { action: 'leave', reason: 'shared' }

describe('the order of removals', () => {
  const goes = (step: AnyStep, more: object = {}): PlanItem => ({
    step,
    verdict: { ...REMOVE, ...more }
  })
  const first = (steps: readonly PlanItem[], of: AnyStep) =>
    removalOrder(steps)(of).map(({ resource }) => resource)

  test('is the reverse of the making, however far away', () => {
    const a = ending('/a')
    const b = ending('/b', { needs: [a] })
    const c = ending('/c', { needs: [b, a] })
    const items = [goes(a), { step: b, verdict: LEAVE }, goes(c)]
    expect([first(items, a), first(items, c)]).toEqual([['/c'], []])
  })

  test('has what lies in it go first', () => {
    const [a, b] = [ending('/a'), ending('/a/b')]
    expect([first([goes(a), goes(b)], a), first([goes(a), goes(b)], b)]).toEqual([['/a/b'], []])
  })

  test('has what ends with its container wait for that alone', () => {
    const [a, b, c] = [ending('/a'), ending('/a'), ending('/c')]
    const items = [goes(a), goes(b, { with: 'Fake' }), goes(c)]
    expect([first(items, b), first(items, a)]).toEqual([['/a'], []])
  })

  test('has what it outlives go first, although that needs it not', () => {
    const hub = ending('/hub')
    const ca = ending('/ca', { teardown: { goesAfter: () => [hub] } })
    const items = [goes(hub), goes(ca)]
    expect([first(items, ca), first(items, hub)]).toEqual([['/hub'], []])
  })

  test('does not wait for what needs it and outlives it', () => {
    const a = ending('/a')
    const b = ending('/b', { needs: [a], teardown: { goesAfter: () => [a] } })
    const items = [goes(a), goes(b)]
    expect([first(items, a), first(items, b)]).toEqual([[], ['/a']])
  })

  test.each<[string, 'dps' | 'other', boolean, readonly string[]]>([
    ['not for a CA that outlives what the link needs', 'dps', false, []],
    ['for a CA that outlives it no more than the link does', 'dps', true, ['/dps', '/ca']],
    ['for a CA that outlives something else', 'other', false, ['/ca']]
  ])('has a link wait %s', (_what, last, linkToo, before) => {
    const [dps, other] = [ending('/dps'), ending('/other')]
    const link = ending('/link', {
      needs: [dps],
      teardown: linkToo ? { goesAfter: () => [dps] } : {}
    })
    const outlived = last === 'dps' ? dps : other
    const ca = ending('/ca', { needs: [link], teardown: { goesAfter: () => [outlived] } })
    expect(first([goes(dps), goes(other), goes(link), goes(ca)], link)).toEqual(before)
  })
})
