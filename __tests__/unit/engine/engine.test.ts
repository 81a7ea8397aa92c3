import { describe, expect, it } from '@jest/globals'
import { type ApplyOptions, applyPlan } from '../../../src/engine/applyPlan.ts'
import { confirm, NotHeldError } from '../../../src/engine/converge.ts'
import { Facts, observe } from '../../../src/engine/facts.ts'
import { hasWork, makePlan, problems } from '../../../src/engine/plan.ts'
import type { AnyStep } from '../../../src/engine/step.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { fakeStep } from './fakeStep.ts'

const quiet = { started: () => {}, waiting: () => {}, ended: () => {} }

function options(overrides: Partial<ApplyOptions> = {}): ApplyOptions {
  let tick = 0
  return {
    signal: new AbortController().signal,
    watch: quiet,
    elapsed: () => ++tick,
    ...overrides
  }
}

async function observed(steps: readonly AnyStep[]): Promise<Facts> {
  const facts = new Facts()
  await observe(steps, facts, options())
  return facts
}

describe('observe', () => {
  it('gives a step the facts of those it reads, whatever the order of the list', async () => {
    const world = new Map([['a', true]])
    const a = fakeStep('a', world)
    let seen: unknown
    const b = {
      ...fakeStep('b', world, { reads: [a] }),
      observe: async (see: (s: typeof a) => { present: boolean }) => {
        seen = see(a)
        return { present: false }
      }
    } as typeof a
    await observed([b, a])
    expect(seen).toEqual({ present: true })
  })

  it('keeps what it learned before a failure', async () => {
    const world = new Map([['a', true]])
    const a = fakeStep('a', world)
    const b = fakeStep('b', world, {
      reads: [a],
      observe: () => Promise.reject(new Error('refused'))
    })
    const facts = new Facts()
    await expect(observe([a, b], facts, options())).rejects.toThrow('refused')
    expect(facts.has(a)).toBe(true)
    expect(facts.has(b)).toBe(false)
  })
})

describe('plan', () => {
  it('has no work when everything is there', async () => {
    const steps = [fakeStep('a', new Map([['a', true]]))]
    expect(hasWork(makePlan(steps, PHASES, await observed(steps)))).toBe(false)
  })

  it('names the phase that makes a missing need', async () => {
    const world = new Map<string, boolean>()
    const a = fakeStep('a', world, { phase: 'namespace' })
    const b = fakeStep('b', world, { phase: 'hub', needs: [a] })
    const plan = makePlan([a, b], ['hub'], await observed([a, b]))
    expect(plan.items.map(({ step }) => step.id)).toEqual(['b'])
    expect(problems(plan)).toEqual([
      expect.objectContaining({
        what: 'Fake /fake/a: does not exist',
        advice: expect.stringContaining('`namespace`')
      })
    ])
  })

  it('says once what stops several steps', async () => {
    const world = new Map<string, boolean>()
    const a = fakeStep('a', world, { phase: 'namespace' })
    const steps = [
      a,
      fakeStep('b', world, { phase: 'hub', needs: [a] }),
      fakeStep('c', world, { phase: 'hub', needs: [a] })
    ]
    expect(problems(makePlan(steps, ['hub'], await observed(steps)))).toHaveLength(1)
  })

  it('does not let a missing optional need stop anything', async () => {
    const world = new Map<string, boolean>()
    const a = fakeStep('a', world, { phase: 'namespace', optional: true })
    const b = fakeStep('b', world, { phase: 'hub', needs: [a] })
    const plan = makePlan([a, b], ['hub'], await observed([a, b]))
    expect(plan.items[0]?.verdict.action).toBe('create')
  })

  it('does not build on a need that is somebody else’s', async () => {
    const world = new Map([['a', true]])
    const problem = { what: 'a is foreign', advice: 'rename' }
    const a = fakeStep('a', world, {
      phase: 'namespace',
      judge: () => ({ action: 'cannot', problems: [problem] })
    })
    const b = fakeStep('b', world, { phase: 'hub', needs: [a] })
    const plan = makePlan([a, b], ['hub'], await observed([a, b]))
    expect(problems(plan)).toEqual([expect.objectContaining(problem)])
  })
})

describe('what is waited for', () => {
  const waits = { action: 'await', reason: 'Azure' } as const

  it('is no work and no change, and is then as it should be', async () => {
    const world = new Map<string, boolean>()
    const a = fakeStep('a', world, {
      judge: ({ present }) => (present ? { action: 'keep' } : waits),
      apply: () => Promise.reject(new Error('nothing is to be written')),
      wait: async () => ({ present: true })
    })
    const facts = await observed([a])
    const plan = makePlan([a], PHASES, facts)
    expect(hasWork(plan)).toBe(false)
    const [result] = await applyPlan(plan.items, facts, options())
    expect(result?.outcome).toBe('waited')
    expect(facts.see(a)).toEqual({ present: true })
  })

  it('is judged again once those it needs are done, and carried out', async () => {
    const world = new Map<string, boolean>()
    const a = fakeStep('a', world)
    const b = fakeStep('b', world, {
      needs: [a],
      judge: ({ present }) => (present ? { action: 'act', reason: 'now' } : waits),
      observe: async () => ({ present: world.get('a') ?? false })
    })
    const facts = await observed([a, b])
    const results = await applyPlan(makePlan([a, b], PHASES, facts).items, facts, options())
    expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'done'])
  })

  it.each([
    [waits, 'still not ready'],
    [
      { action: 'cannot', problems: [{ what: 'a does not fit', advice: 'rename it' }] } as const,
      'a does not fit. rename it'
    ]
  ])('fails when it comes to nothing: %j', async (verdict, message) => {
    const a = fakeStep('a', new Map(), { judge: ({ present }) => (present ? verdict : waits) })
    const waiting = { ...a, wait: async () => ({ present: true }) }
    const facts = await observed([waiting])
    const [result] = await applyPlan(makePlan([waiting], PHASES, facts).items, facts, options())
    expect(result?.outcome).toBe('failed')
    expect(result?.error?.message).toContain(message)
  })

  it('is waited for in any phase when something needs it', async () => {
    const world = new Map<string, boolean>()
    const a = fakeStep('a', world, { phase: 'namespace', judge: () => waits })
    const other = fakeStep('other', world, { phase: 'namespace', judge: () => waits })
    const b = fakeStep('b', world, { phase: 'hub', needs: [a] })
    const plan = makePlan([a, other, b], ['hub'], await observed([a, other, b]))
    expect(plan.items.map(({ step, verdict }) => [step.id, verdict.action])).toEqual([
      ['a', 'await'],
      ['b', 'create']
    ])
  })
})

describe('apply', () => {
  it('starts a step after those it needs and runs independent ones side by side', async () => {
    const world = new Map<string, boolean>()
    const log: string[] = []
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const a = fakeStep('a', world, { apply: async () => void log.push('a') })
    const b = fakeStep('b', world, {
      needs: [a],
      apply: async () => {
        log.push('b waits')
        await gate
        log.push('b')
      }
    })
    const c = fakeStep('c', world, {
      needs: [a],
      apply: async () => {
        log.push('c')
        release()
      }
    })
    const steps = [c, b, a]
    const facts = await observed(steps)
    await applyPlan(makePlan(steps, PHASES, facts).items, facts, options())
    expect(log[0]).toBe('a')
    expect(log).toEqual(expect.arrayContaining(['b waits', 'c', 'b']))
    expect(log.indexOf('c')).toBeLessThan(log.indexOf('b'))
  })

  it('starts nothing new after a failure, lets the running finish and says how each ended', async () => {
    const world = new Map<string, boolean>()
    const fails = fakeStep('fails', world, { apply: () => Promise.reject(new Error('no')) })
    const slow = fakeStep('slow', world, {
      apply: () => new Promise((resolve) => setTimeout(resolve, 5))
    })
    const after = fakeStep('after', world, { needs: [slow] })
    const steps = [fails, slow, after]
    const facts = await observed(steps)
    const results = await applyPlan(makePlan(steps, PHASES, facts).items, facts, options())
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'created', 'not started'])
    expect(results[0]?.error?.message).toBe('no')
  })

  it('goes on when an optional step fails', async () => {
    const world = new Map<string, boolean>()
    const optional = fakeStep('optional', world, {
      optional: true,
      apply: () => Promise.reject(new Error('no'))
    })
    const after = fakeStep('after', world, { needs: [optional] })
    const facts = await observed([optional, after])
    const results = await applyPlan(
      makePlan([optional, after], PHASES, facts).items,
      facts,
      options()
    )
    expect(results.map(({ outcome }) => outcome)).toEqual(['skipped', 'created'])
  })

  it('starts nothing once cancelled', async () => {
    const world = new Map<string, boolean>()
    const steps = [fakeStep('a', world)]
    const facts = await observed(steps)
    const signal = AbortSignal.abort()
    const results = await applyPlan(
      makePlan(steps, PHASES, facts).items,
      facts,
      options({ signal })
    )
    expect(results.map(({ outcome }) => outcome)).toEqual(['not started'])
    expect(world.size).toBe(0)
  })
})

describe('confirm', () => {
  const sleepless = { ...options(), sleep: async () => {} }

  it('does again what another writer undid', async () => {
    const world = new Map<string, boolean>()
    const link = fakeStep('link', world, { settleMs: 1000 })
    const facts = await observed([link])
    const results = await applyPlan(makePlan([link], PHASES, facts).items, facts, options())
    world.set('link', false)
    await confirm([link], PHASES, results, sleepless)
    expect(world.get('link')).toBe(true)
  })

  it('waits until what was written has settled', async () => {
    const world = new Map<string, boolean>()
    const link = fakeStep('link', world, { settleMs: 1000 })
    const facts = await observed([link])
    const results = await applyPlan(makePlan([link], PHASES, facts).items, facts, options())
    const slept: number[] = []
    await confirm([link], PHASES, results, {
      ...options({ elapsed: () => (results[0]?.endedAt ?? 0) + 100 }),
      sleep: async (ms) => void slept.push(ms)
    })
    expect(slept[0]).toBe(900)
  })

  it('gives late reads time, and then names what does not hold', async () => {
    const world = new Map<string, boolean>()
    const stubborn = fakeStep('stubborn', world)
    const facts = await observed([stubborn])
    const results = await applyPlan(makePlan([stubborn], PHASES, facts).items, facts, options())
    let looks = 0
    world.set('stubborn', false)
    const sleep = async () => {
      if (++looks === 3) world.set('stubborn', true)
    }
    await confirm([stubborn], PHASES, results, { ...options(), sleep })
    world.set('stubborn', false)
    await expect(confirm([stubborn], PHASES, results, sleepless)).rejects.toThrow(NotHeldError)
    await expect(confirm([stubborn], PHASES, results, sleepless)).rejects.toThrow('/fake/stubborn')
  })
})
