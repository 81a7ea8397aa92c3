import { describe, expect, test } from '@jest/globals'
import { applyPlan } from '../../../src/engine/applyPlan.ts'
import { Facts, observe } from '../../../src/engine/facts.ts'
import { makePlan } from '../../../src/engine/plan.ts'
import type { AnyStep, Step, Task } from '../../../src/engine/step.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { type FakeFacts, fakeStep } from './fakeStep.ts'

const quiet = { started: () => {}, waiting: () => {}, ended: () => {} }

/** A resource that Azure accepts, or shows as finished, at once and finishes, or fails, when it is told to. */
function resource(events: string[], tells: 'begun' | 'usable' = 'begun') {
  let end: (failure?: Error) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve())
  })
  const step: Step<FakeFacts> = {
    ...fakeStep('hub', new Map()),
    apply: async (task: Task<FakeFacts>) => {
      task[tells]({ present: true })
      await ended
      events.push('hub finished')
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

async function carriedOut(steps: readonly AnyStep[], signal = new AbortController().signal) {
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

describe('a step that another one needs, and that Azure shows as finished', () => {
  const needing = (of: AnyStep, act: (task: Task<FakeFacts>) => Promise<void>) =>
    beside(of, act, [])

  test('lets it start while its operation goes on, and what it shows is seen by all that stand on it', async () => {
    const events: string[] = []
    const hub = resource(events, 'usable')
    const near = needing(hub.step, async ({ see }) => void events.push(`${see(hub.step).present}`))
    const far = needing(near, async ({ see }) => {
      events.push(`${see(hub.step).present}`)
      hub.end()
    })
    const results = await carriedOut([hub.step, near, far])
    expect(events).toEqual(['true', 'true', 'hub finished'])
    expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created'])
  })

  test('has what Azure refuses meanwhile done again after its end', async () => {
    const events: string[] = []
    const hub = resource(events, 'usable')
    const near = needing(hub.step, async () => {})
    const far = needing(near, async () => {
      events.push('asked')
      if (events.length > 1) return
      setImmediate(hub.end)
      throw new Error('busy')
    })
    const results = await carriedOut([hub.step, near, far])
    expect(events).toEqual(['asked', 'hub finished', 'asked'])
    expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created'])
  })

  test('fails the run when its operation fails, beside the refusal of what stands on it', async () => {
    const hub = resource([], 'usable')
    let asked = 0
    const near = needing(hub.step, async () => {
      asked++
      setImmediate(hub.end, new Error('Azure gave up'))
      throw new Error('busy')
    })
    const results = await carriedOut([hub.step, near])
    expect(asked).toBe(1)
    expect(results.map(({ outcome, error }) => [outcome, error?.message])).toEqual([
      ['failed', 'Azure gave up'],
      ['failed', 'busy']
    ])
  })

  test('has nothing done again after its end, or once the run is over', async () => {
    const over = new AbortController()
    for (const signal of [new AbortController().signal, over.signal]) {
      const hub = resource([], 'usable')
      let asked = 0
      const near = needing(hub.step, async ({ underWay }) => {
        asked++
        if (signal === over.signal) over.abort()
        hub.end()
        if (signal !== over.signal) await underWay(hub.step)
        throw new Error('refused')
      })
      const [, result] = await carriedOut([hub.step, near], signal)
      expect([asked, result?.outcome, result?.error?.message]).toEqual([1, 'failed', 'refused'])
    }
  })
})
