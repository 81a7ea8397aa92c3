import { expect, test } from '@jest/globals'
import { Facts, observe } from '../../../src/engine/facts.ts'
import type { AnyStep } from '../../../src/engine/step.ts'
import { standIn } from './fakeStep.ts'

const { signal } = new AbortController()
const refuses = () => Promise.reject(new Error('refused'))
const there = async () => 'there'

test('what was not observed cannot be looked at', () => {
  expect(() => new Facts().see(standIn('/a'))).toThrow('/a was looked at before it was observed')
})

const of = (resource: string, more: Partial<AnyStep> = {}) =>
  standIn(resource, { observe: there, ...more })

/** Two steps that need each other must not be followed for ever. */
const ring: AnyStep[] = []
const cycle = of('/cycle', { needs: ring })
ring.push(of('/other', { needs: [cycle] }))

test.each<[string, readonly AnyStep[], readonly string[] | 'refused']>([
  ['that nothing wanted needs is not known', [of('/a', { observe: refuses })], []],
  ['that is wanted stops the run', [of('/w', { observe: refuses })], 'refused'],
  ['that something wanted needs stops the run', [of('/w', { needs: [of('/a')] })], ['/w']],
  [
    'among needs that need each other is found',
    [cycle, of('/w', { needs: [cycle] })],
    ['/cycle', '/w']
  ]
])('a step %s', async (_what, steps, known) => {
  const facts = new Facts()
  const wanted = ({ resource }: AnyStep) => resource === '/w'
  const observing = observe(steps, facts, { signal, wanted })
  if (known === 'refused') await expect(observing).rejects.toThrow('refused')
  else {
    await observing
    expect(steps.filter(facts.has).map(({ resource }) => resource)).toEqual(known)
  }
})

test('a step that reads what is not known is not known either', async () => {
  const a = of('/a', { observe: refuses })
  const b = of('/b', { reads: [a] })
  const facts = new Facts()
  await observe([a, b], facts, { signal, wanted: () => false })
  expect([facts.has(a), facts.has(b)]).toEqual([false, false])
})

test.each<[string, boolean, boolean]>([
  ['looks', true, true],
  ['writes', false, false]
])('what may not be seen is left unseen by a run that only %s', async (_what, looks, known) => {
  const step = of('/a', { observe: refuses, unseen: () => 'refused' })
  const facts = new Facts()
  const observing = observe([step], facts, { signal, looks })
  if (known) await observing
  else await expect(observing).rejects.toThrow('refused')
  expect(facts.has(step)).toBe(known)
})

test('what a wanted step reads or needs matters as much', async () => {
  for (const by of ['needs', 'reads'] as const) {
    const broken = of('/a', { observe: refuses })
    const step = of('/w', { [by]: [broken] })
    const wanted = (one: AnyStep) => one === step
    await expect(observe([broken, step], new Facts(), { signal, wanted })).rejects.toThrow(
      'refused'
    )
  }
})
