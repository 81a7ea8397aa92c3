import { describe, expect, it } from '@jest/globals'
import { applyPlan } from '../../../src/engine/applyPlan.ts'
import { checkPlan } from '../../../src/engine/checkPlan.ts'
import { Facts, observe } from '../../../src/engine/facts.ts'
import { OddShapeError } from '../../../src/engine/oddShape.ts'
import { makePlan } from '../../../src/engine/plan.ts'
import type { AnyStep } from '../../../src/engine/step.ts'
import { planTeardown } from '../../../src/engine/teardown.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { fakeStep } from './fakeStep.ts'

const odd = (): never => {
  throw new TypeError('a.map is not a function')
}
const options = { signal: new AbortController().signal }
const watch = { started: () => {}, waiting: () => {}, ended: () => {} }

function step(overrides: Partial<AnyStep>): AnyStep {
  return { ...fakeStep('a', new Map()), ...overrides }
}

async function seen(one: AnyStep): Promise<Facts> {
  const facts = new Facts()
  await observe([one], facts, options)
  return facts
}

describe('what comes in an odd shape is told of the step', () => {
  const cases: Readonly<Record<string, () => Promise<unknown>>> = {
    'that observes': () => seen(step({ observe: async () => odd() })),
    'that judges': async () => {
      const one = step({ judge: odd })
      return makePlan([one], PHASES, await seen(one))
    },
    'that is asked what is not managed': async () => {
      const one = step({ unmanaged: odd })
      return makePlan([one], PHASES, await seen(one))
    },
    'that judges what goes': async () => {
      const one = step({ teardown: { judge: odd } })
      return planTeardown([one], (await seen(one)).see)
    },
    'that checks': async () => {
      const one = step({ checks: odd })
      return checkPlan([{ step: one, verdict: { action: 'keep' } }], (await seen(one)).see)
    },
    'that applies': async () => {
      const one = step({ apply: async () => odd() })
      const items = [{ step: one, verdict: { action: 'create' } as const }]
      const [result] = await applyPlan(items, await seen(one), {
        ...options,
        watch,
        elapsed: () => 0
      })
      throw result?.error
    }
  }

  it.each(Object.entries(cases))('%s', async (_what, run) => {
    const error = await run().catch((caught: unknown) => caught)
    if (!(error instanceof OddShapeError)) throw error
    expect(error.message).toContain('Fake /fake/a')
    expect(error.message).toContain('What to do: run again')
    expect(error.cause).toBeInstanceOf(TypeError)
  })

  it('and any other error stays as it is', async () => {
    const refused = new Error('refused')
    const one = step({ observe: () => Promise.reject(refused) })
    await expect(seen(one)).rejects.toBe(refused)
  })
})
