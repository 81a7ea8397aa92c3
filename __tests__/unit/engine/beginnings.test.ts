import { describe, expect, test } from '@jest/globals'
import { applyPlan } from '../../../src/engine/applyPlan.ts'
import { Facts, observe } from '../../../src/engine/facts.ts'
import { makePlan } from '../../../src/engine/plan.ts'
import type { AnyStep, Step, Task } from '../../../src/engine/step.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { type FakeFacts, fakeStep } from './fakeStep.ts'

const quiet = { started: () => {}, waiting: () => {}, ended: () => {} }

/** A resource that Azure accepts, or shows as finished, at once and finishes, or fails, when it is told to. */
function resource(events: string[], tells: 'begun' | 'shown' = 'begun') {
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

describe('a step that another one needs, and that looks finished', () => {
  const needing = (
    needs: readonly AnyStep[],
    act: (task: Task<FakeFacts>) => Promise<void>,
    more: Partial<Step<FakeFacts>> = {}
  ): Step<FakeFacts> => ({
    ...fakeStep('needing', new Map(), { needs }),
    createsEarly: true,
    ...more,
    apply: async (task) => {
      await act(task)
      return { present: true }
    }
  })
  const outcomes = async (steps: readonly AnyStep[]) =>
    (await carriedOut(steps)).map(({ outcome, error }) => error?.message ?? outcome)

  test('lets a creation start that can do with that, and nothing that stands on this', async () => {
    const events: string[] = []
    const hub = resource(events, 'shown')
    const near = needing([hub.step], async ({ see }) => {
      events.push(`near sees ${see(hub.step).present}`)
      setImmediate(hub.end)
    })
    const far = needing([near], async () => void events.push('far'))
    expect(await outcomes([hub.step, near, far])).toEqual(['created', 'created', 'created'])
    expect(events).toEqual(['near sees true', 'hub finished', 'far'])
  })

  test.each<[string, 'shown' | 'begun', Partial<Step<FakeFacts>>]>([
    ['is no creation', 'shown', { judge: () => ({ action: 'act', reason: 'x' }) }],
    ['does not say that it can', 'shown', { createsEarly: false }],
    ['can, but only for what has more than begun', 'begun', {}]
  ])('is waited for by one that %s', async (_what, tells, more) => {
    const events: string[] = []
    const hub = resource(events, tells)
    const near = needing([hub.step], async () => void events.push('near'), more)
    setImmediate(hub.end)
    await carriedOut([hub.step, near])
    expect(events).toEqual(['hub finished', 'near'])
  })

  test('can be waited for by what started early, which ends after it', async () => {
    const events: string[] = []
    const hub = resource(events, 'shown')
    const near = needing([hub.step], async ({ shownEnd }) => {
      setImmediate(hub.end)
      await shownEnd
      events.push('near')
    })
    expect(await outcomes([hub.step, near])).toEqual(['created', 'created'])
    expect(events).toEqual(['hub finished', 'near'])
    const alone = needing([], async ({ shownEnd }) => void events.push(`${shownEnd}`))
    await carriedOut([alone])
    expect(events.at(-1)).toBe('undefined')
  })

  test('fails the run when its operation fails; what started early is told as what it came to', async () => {
    const gaveUp = new Error('Azure gave up')
    for (const [act, came] of [
      [async () => {}, 'created'],
      [async ({ shownEnd }: Task<FakeFacts>) => void (await shownEnd), 'not started'],
      [() => Promise.reject(new Error('refused')), 'refused']
    ] as const) {
      const hub = resource([], 'shown')
      const near = needing([hub.step], async (task) => {
        setImmediate(hub.end, gaveUp)
        await act(task)
      })
      expect(await outcomes([hub.step, near])).toEqual(['Azure gave up', came])
    }
  })

  test('is seen as it was shown until it has come about, also when it fails', async () => {
    const seen: boolean[] = []
    const hub = resource([], 'shown')
    const near = needing([hub.step], async ({ see }) => {
      seen.push(see(hub.step).present)
      hub.end(new Error('Azure gave up'))
      await new Promise(setImmediate)
      seen.push(see(hub.step).present)
    })
    await carriedOut([hub.step, near])
    expect(seen).toEqual([true, true])
  })

  test('is as it came about, whatever is told of it afterwards', async () => {
    const seen: boolean[] = []
    let late: () => void = () => {}
    const hub = fakeStep('hub', new Map())
    const step: Step<FakeFacts> = {
      ...hub,
      apply: async (task) => {
        late = () => {
          task.begun({ present: false })
          task.shown({ present: false })
        }
        return { present: true }
      }
    }
    const near = beside(step, async ({ see }) => {
      late()
      seen.push(see(step).present)
    })
    await carriedOut([step, near])
    expect(seen).toEqual([true])
  })

  test('is as it was before the run when it fails and may stay undone', async () => {
    const seen: boolean[] = []
    const hub = resource([], 'shown')
    const step = { ...hub.step, optional: true }
    const near = needing([step], async ({ see }) => {
      hub.end(new Error('Azure gave up'))
      await new Promise(setImmediate)
      seen.push(see(step).present)
    })
    expect(await outcomes([step, near])).toEqual(['Azure gave up', 'created'])
    expect(seen).toEqual([false])
  })
})
