import { expect, test } from '@jest/globals'
import type { Step } from '../../../src/engine/step.ts'
import type { Verdict } from '../../../src/engine/verdict.ts'
import { idsOf, statesOf } from '../../../src/operations/observedResources.ts'
import { Ledger } from '../../../src/operations/session.ts'
import { standIn } from '../resources/sample.ts'

const telling = (resource: string, more: Partial<Step<object>> = {}) =>
  standIn<object>(resource, {
    outputs: () => ({ hub: resource }),
    state: () => ({ is: resource }),
    ...more
  })

interface World {
  readonly steps: readonly Step<object>[]
  readonly unknown?: boolean
  readonly verdict?: Verdict
  readonly version?: Ledger['version']
}

function ledgerOf({ steps, unknown = false, verdict, version }: World): Ledger {
  const ledger = new Ledger()
  ledger.steps = steps
  ledger.version = version
  if (!unknown) for (const step of steps) ledger.facts.learn(step, {})
  if (verdict) ledger.plan = { items: steps.map((step) => ({ step, verdict })), unmanaged: [] }
  return ledger
}

test.each<[string, World, object, object]>([
  ['is told', { steps: [telling('/a')] }, { hub: '/a' }, { '/a': { is: '/a' } }],
  [
    'is told with its model',
    { steps: [], version: { version: '2026-11-01', reason: 'x' } },
    { 'service-version': '2026-11-01' },
    {}
  ],
  [
    'is the first of several',
    { steps: [telling('/a'), telling('/b')] },
    { hub: '/a' },
    { '/a': { is: '/a' }, '/b': { is: '/b' } }
  ],
  ['is not told before it was observed', { steps: [telling('/a')], unknown: true }, {}, {}],
  [
    'is told where it is planned',
    { steps: [telling('/a')], verdict: { action: 'keep' } },
    { hub: '/a' },
    { '/a': { is: '/a' } }
  ],
  [
    'is not told by its ids where it does not fit',
    { steps: [telling('/a')], verdict: { action: 'cannot', problems: [] } },
    {},
    { '/a': { is: '/a' } }
  ],
  ['has nothing to tell', { steps: [standIn<object>('/a')] }, {}, {}],
  ['has no state', { steps: [telling('/a', { state: () => undefined })] }, { hub: '/a' }, {}]
])('what is there %s', (_what, world, ids, states) => {
  expect(idsOf(ledgerOf(world))).toEqual(ids)
  expect(statesOf(ledgerOf(world))).toStrictEqual(states)
})
