import { describe, expect, test } from '@jest/globals'
import type { AnyStep, PlanItem, StepResult } from '../../../src/engine/step.ts'
import type { Outcome, Verdict } from '../../../src/engine/verdict.ts'
import { judge, leftOf } from '../../../src/operations/judgement.ts'
import type { Tags } from '../../../src/settings/ownerTags.ts'
import { GROUP, NOW, standIn } from '../resources/sample.ts'

const at = (ms: number): Tags => ({ 'iot-expires': new Date(NOW + ms).toISOString() })
const BRANCH: Tags = { 'iot-branch': 'b' }
const branchesOf = (...gone: readonly string[]) =>
  ({ isGone: async (name: string) => gone.includes(name) }) as never

interface World {
  readonly carriers: readonly Tags[]
  /** Branches that are gone; undefined where branches are of no account. */
  readonly gone?: readonly string[]
  /** What Azure says the time is. */
  readonly now?: number | undefined
}

describe('an environment', () => {
  test.each<[string, World, string]>([
    ['that nothing speaks of lives', { carriers: [] }, 'lives: neither a resource group nor a hub'],
    ['without an end lives', { carriers: [{}] }, 'lives: it has no expiry'],
    ['before its end lives', { carriers: [at(1)] }, 'lives: it lives until 2026-01-01'],
    ['at its end goes', { carriers: [at(0)] }, 'goes: it expired at 2026-01-01'],
    ['after its end goes', { carriers: [at(-1)] }, 'goes: it expired at 2025-12-31'],
    ['lives until the last of its ends', { carriers: [at(-1), at(1)] }, 'lives: it lives until'],
    [
      'whose end is no instant lives',
      { carriers: [{ 'iot-expires': 'soon' }, at(-1)] },
      'lives: its expiry "soon"'
    ],
    [
      'with an end lives while Azure tells no time',
      { carriers: [at(-1)], now: undefined },
      'lives: Azure does not tell'
    ],
    ['without an end needs no time', { carriers: [{}], now: undefined }, 'lives: it has no expiry'],
    [
      'whose branch is gone goes',
      { carriers: [BRANCH], gone: ['b'] },
      'goes: its branch b is gone'
    ],
    [
      'whose branch is gone goes before its end',
      { carriers: [{ ...BRANCH, ...at(1) }], gone: ['b'] },
      'goes: its branch'
    ],
    ['whose branch lives lives', { carriers: [BRANCH], gone: [] }, 'lives: it has no expiry'],
    ['whose branch is of no account lives', { carriers: [BRANCH] }, 'lives: it has no expiry'],
    [
      'one of whose branches lives lives',
      { carriers: [BRANCH, { 'iot-branch': 'c' }], gone: ['b'] },
      'lives: it has no expiry'
    ],
    ['with no branch lives', { carriers: [{}], gone: [] }, 'lives: it has no expiry']
  ])('%s', async (_what, world, line) => {
    const now = 'now' in world ? world.now : NOW
    const carrying = world.carriers.map((tags) => ({ id: GROUP, tags }))
    const branches = world.gone && branchesOf(...world.gone)
    const { doomed, reason } = await judge(carrying, branches, { arm: { now: () => now } })
    expect(`${doomed ? 'goes' : 'lives'}: ${reason}`).toContain(line)
  })
})

describe('of an environment that was swept', () => {
  const step = standIn('/hub', { kind: 'IoT hub' })
  const items = (verdict: Verdict): readonly PlanItem[] => [{ step, verdict }]
  const result = (of: AnyStep, outcome: Outcome, stays?: string): StepResult => ({
    step: of,
    outcome,
    startedAt: 0,
    endedAt: 0,
    ...(stays !== undefined && { stays })
  })
  const LEFT: Verdict = { action: 'leave', reason: 'in use' }
  const REMOVED = [result(step, 'removed')]

  test.each<
    [string, readonly PlanItem[] | undefined, readonly StepResult[], boolean, string | undefined]
  >([
    ['all is gone', items({ action: 'remove' }), REMOVED, false, undefined],
    ['what is shared is no part', items(LEFT), REMOVED, false, undefined],
    [
      'its own is left',
      items({ ...LEFT, own: true }),
      REMOVED,
      false,
      'IoT hub /hub stays: in use'
    ],
    [
      'something arrived',
      items({ action: 'remove' }),
      [...REMOVED, result(step, 'left', 'new')],
      false,
      'IoT hub /hub stays: new'
    ],
    ['nothing was found', [], [], false, 'nothing of it was found'],
    ['nothing was planned', undefined, [], false, 'nothing of it was found'],
    [
      'nothing was removed',
      items({ action: 'remove' }),
      [result(step, 'not started')],
      false,
      'nothing of it was found'
    ],
    ['a dry run removes nothing', items({ action: 'remove' }), [], true, undefined]
  ])('%s', (_what, planned, results, dryRun, left) => {
    const plan = planned && { items: planned, unmanaged: [] }
    expect(leftOf({ plan, results }, dryRun)).toBe(left)
  })
})
