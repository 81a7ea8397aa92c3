import { describe, expect, test } from '@jest/globals'
import { applyPlan } from '../../../src/engine/applyPlan.ts'
import { Facts, observe } from '../../../src/engine/facts.ts'
import { makePlan } from '../../../src/engine/plan.ts'
import type { AnyStep, Step, Task } from '../../../src/engine/step.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { type FakeFacts, fakeStep } from './fakeStep.ts'

const quiet = { started: () => {}, waiting: () => {}, ended: () => {} }
const signal = new AbortController().signal

/** A resource that Azure accepts at once and finishes, or fails, when it is told to. */
function resource(events: string[], name = 'hub') {
  let end: (failure?: Error) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve())
  })
  const step: Step<FakeFacts> = {
    ...fakeStep(name, new Map()),
    apply: async (task: Task<FakeFacts>) => {
      task.begun({ present: true })
      await ended
      events.push(`${name} finished`)
      return { present: true }
    }
  }
  return { step, end }
}

/** What may be done beside it. */
function beside(
  of: AnyStep,
  act: (task: Task<FakeFacts>) => Promise<void>,
  begins: readonly AnyStep[] = [of]
): Step<FakeFacts> {
  return {
    ...fakeStep('grant', new Map(), { needs: [of] }),
    begins,
    apply: async (task: Task<FakeFacts>) => {
      await act(task)
      return { present: true }
    }
  }
}

async function carriedOut(steps: readonly AnyStep[]) {
  const facts = new Facts()
  await observe(steps, facts, { signal })
  const { items } = makePlan(steps, PHASES, facts)
  return applyPlan(items, facts, { signal, watch: quiet, elapsed: () => 0 })
}

describe('a step that another one only has to begin for', () => {
  test('starts while that one goes on, and sees what was told when it was accepted', async () => {
    const events: string[] = []
    const hub = resource(events)
    const grant = beside(hub.step, async ({ see }) => {
      events.push(`grant sees ${see(hub.step).present}`)
      hub.end()
    })
    await carriedOut([hub.step, grant])
    expect(events).toEqual(['grant sees true', 'hub finished'])
  })

  test('starts after it where it does not say that a beginning is enough', async () => {
    const events: string[] = []
    const hub = resource(events)
    const grant = beside(hub.step, async () => void events.push('grant'), [])
    hub.end()
    await carriedOut([hub.step, grant])
    expect(events).toEqual(['hub finished', 'grant'])
  })

  test('can wait for its end, and sees then what came of it', async () => {
    const events: string[] = []
    const hub = resource(events)
    const grant = beside(hub.step, async ({ underWay }) => {
      const end = underWay(hub.step)
      events.push(end ? 'under way' : 'ended')
      hub.end()
      await end
      events.push(underWay(hub.step) ? 'under way' : 'ended')
    })
    await carriedOut([hub.step, grant])
    expect(events).toEqual(['under way', 'hub finished', 'ended'])
  })

  test('hears of more that is told before the end', async () => {
    const events: string[] = []
    let more: (facts: FakeFacts) => void = () => {}
    const hub = resource(events)
    const telling: Step<FakeFacts> = {
      ...hub.step,
      apply: (task: Task<FakeFacts>) => {
        more = (facts) => task.begun(facts)
        return hub.step.apply(task)
      }
    }
    const grant = beside(telling, async ({ see, news }) => {
      const told = news()
      more({ present: false })
      await told
      events.push(`grant sees ${see(telling).present}`)
      hub.end()
    })
    await carriedOut([telling, grant])
    expect(events[0]).toBe('grant sees false')
  })

  test('is not started, and no failure of its own, when that one fails', async () => {
    const hub = resource([])
    const grant = beside(hub.step, async ({ underWay }) => {
      const end = underWay(hub.step)
      hub.end(new Error('Azure gave up'))
      await end
    })
    const results = await carriedOut([hub.step, grant])
    expect(results.map(({ outcome, error }) => [outcome, error?.message])).toEqual([
      ['failed', 'Azure gave up'],
      ['not started', undefined]
    ])
  })
})
