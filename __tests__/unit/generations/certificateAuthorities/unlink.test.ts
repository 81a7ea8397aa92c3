import { describe, expect, test } from '@jest/globals'
import type { LinkingNamespace } from '../../../../src/generations/certificateAuthorities/model.ts'
import {
  type UnlinkFacts,
  unlinkStep
} from '../../../../src/generations/certificateAuthorities/unlink.ts'
import type { ArmFacts } from '../../../../src/resources/life.ts'
import type { Hub } from '../../../../src/resources/model.ts'
import {
  ALONE,
  clockAt,
  refused,
  seeing,
  signal,
  standIn,
  target,
  tracked
} from '../../resources/sample.ts'
import { azureOf, group } from '../../steps/sample.ts'
import { DPS, dpsEndpoint, HUB, hubEndpoint, NAMESPACE, namespaceWith } from './sample.ts'

interface World {
  readonly of?: 'hub' | 'dps'
  readonly namespace?: LinkingNamespace | undefined
  readonly facts?: ArmFacts<Hub>
  readonly byId?: boolean
  readonly taken?: string | 'unknown'
  /** Endpoints that go before, by their facts. */
  readonly before?: readonly UnlinkFacts[]
  /** An assignment that a run left behind is there. */
  readonly reader?: boolean
}

function worldOf(world: World = {}) {
  const {
    of = 'hub',
    facts = { resource: undefined },
    byId = false,
    taken,
    before = [],
    reader = false
  } = world
  const found = 'namespace' in world ? world.namespace : namespaceWith({}, { h: hubEndpoint() })
  const namespace = standIn<ArmFacts<LinkingNamespace>>(NAMESPACE)
  const resource = standIn<ArmFacts<Hub>>(of === 'hub' ? HUB : DPS)
  const earlier = before.map((one, at) => [standIn<UnlinkFacts>(`/before${at}`), one] as const)
  const step = unlinkStep(
    azureOf({ get: () => (reader ? { id: '/assignment' } : undefined) }),
    {
      target: target(of === 'hub' ? HUB : DPS, { byId }),
      kind: 'IoT hub',
      phase: 'hub',
      apiVersion: 'v',
      checkName: async () =>
        (taken === 'unknown' ? Promise.reject(refused(403, 'Denied')) : { taken }) as never,
      grants: { manage: true }
    },
    { of: target(NAMESPACE), namespace, resource, group, before: earlier.map(([one]) => one) }
  )
  return { step, see: seeing([namespace, { resource: found }], [resource, facts], ...earlier) }
}

const HUB_PLACED = { section: 'messaging', name: 'h', endpoint: hubEndpoint() } as const
const DPS_PLACED = { section: 'provisioning', name: 'd', endpoint: dpsEndpoint() } as const
const DEAD: UnlinkFacts = { placed: HUB_PLACED, exists: false, free: true }
const there = { resource: tracked<Hub>('ours', HUB) }

describe('the endpoint of a hub or DPS', () => {
  test.each<[string, World, Partial<UnlinkFacts>]>([
    ['that is gone is dead', {}, { exists: false, free: true }],
    ['that is there is not asked for', { facts: there }, { exists: true, free: false }],
    [
      'that goes is waited for',
      { facts: { resource: undefined, leaving: true } },
      { exists: true, free: false, leaving: true }
    ],
    ['whose name is taken may live', { taken: 'x' }, { exists: false, free: false }],
    [
      'whose name Azure does not tell of may live',
      { taken: 'unknown' },
      { exists: false, free: false }
    ],
    ['that was given by its id may live', { byId: true }, { exists: false, free: false }],
    [
      'that was never linked is none',
      { namespace: namespaceWith({}) },
      { exists: false, free: false }
    ],
    [
      'that was never linked and goes is none',
      { namespace: namespaceWith({}), facts: { resource: undefined, leaving: true } },
      { exists: true, free: false }
    ]
  ])('%s', async (_what, world, found) => {
    const { step, see } = worldOf(world)
    const facts = await step.observe(see, signal)
    expect(facts).toMatchObject(found)
    expect(facts.leaving).toBe(found.leaving)
    expect(facts.placed === undefined).toBe('namespace' in world)
  })

  test.each<[string, World, boolean]>([
    [
      'that is left is found once the endpoint is gone',
      { namespace: namespaceWith({}), reader: true },
      true
    ],
    [
      'is not looked for while the hub is there',
      { namespace: namespaceWith({}), facts: there, reader: true },
      false
    ],
    ['is not looked for without a namespace', { namespace: undefined, reader: true }, false]
  ])('Reader on its group %s', async (_what, world, found) => {
    const { step, see } = worldOf(world)
    expect('reader' in (await step.observe(see, signal))).toBe(found)
  })

  const hubLinked = namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint() })
  const deadDps = { ...DEAD, placed: DPS_PLACED }
  test.each<[string, World, UnlinkFacts, string]>([
    ['is dropped', {}, DEAD, 'act: drop the endpoint'],
    ['is kept while the hub is there', {}, { ...DEAD, exists: true }, 'keep'],
    ['is kept while its name may be taken', {}, { ...DEAD, free: false }, 'keep'],
    ['is none to drop', {}, { ...DEAD, placed: undefined }, 'keep'],
    [
      'is waited for while the hub goes',
      {},
      { ...DEAD, leaving: true },
      'await: Azure to finish deleting IoT hub'
    ],
    [
      'is gone, and Reader is taken back',
      {},
      { ...DEAD, placed: undefined, reader: '/r' },
      'act: take back Reader'
    ],
    [
      'of a DPS is kept while hubs are linked',
      { of: 'dps', namespace: hubLinked },
      deadDps,
      'keep: hubs are linked'
    ],
    [
      'of a DPS is dropped where no hub is linked',
      { of: 'dps', namespace: namespaceWith({ d: dpsEndpoint() }) },
      deadDps,
      'act: drop'
    ],
    [
      'of a DPS is dropped after the last hub’s',
      { of: 'dps', namespace: hubLinked, before: [DEAD] },
      deadDps,
      'act: drop'
    ],
    [
      'of a DPS is kept while a hub’s is not dead',
      { of: 'dps', namespace: hubLinked, before: [{ ...DEAD, exists: true }] },
      deadDps,
      'keep: hubs'
    ],
    [
      'of a DPS is kept while another hub’s stays',
      {
        of: 'dps',
        namespace: hubLinked,
        before: [{ ...DEAD, placed: { ...HUB_PLACED, name: 'x' } }]
      },
      deadDps,
      'keep: hubs'
    ],
    [
      'of a DPS minds no endpoint of another kind',
      {
        of: 'dps',
        namespace: namespaceWith({ d: dpsEndpoint() }, { x: { endpointType: 'Other' } })
      },
      deadDps,
      'act: drop'
    ],
    [
      'of a DPS that is there is kept anyway',
      { of: 'dps', namespace: hubLinked },
      { ...deadDps, exists: true },
      'keep$'
    ],
    [
      'of a hub minds no other hubs',
      { namespace: namespaceWith({}, { h: hubEndpoint(), i: hubEndpoint({ resourceId: '/i' }) }) },
      DEAD,
      'act: drop'
    ]
  ])('%s', (_what, world, facts, line) => {
    const { step, see } = worldOf(world)
    const verdict = step.judge(facts, see)
    expect('reason' in verdict ? `${verdict.action}: ${verdict.reason}` : verdict.action).toMatch(
      new RegExp(`^${line}`)
    )
  })

  test.each<[string, UnlinkFacts, string | undefined, string | undefined]>([
    ['that is not there is none', { ...DEAD, placed: undefined }, HUB, undefined],
    ['comes with its hub', { ...DEAD, exists: true, free: false }, HUB, 'remove'],
    ['is its namespace’s where that goes', { ...DEAD, exists: true }, NAMESPACE, undefined],
    ['comes when it is dead', DEAD, undefined, 'remove'],
    ['does not come while its hub stays', { ...DEAD, exists: true }, undefined, undefined],
    ['does not come while its name may be taken', { ...DEAD, free: false }, undefined, undefined],
    ['is Reader’s, taken back', { ...DEAD, placed: undefined, reader: '/r' }, undefined, 'remove']
  ])('its end %s', (_what, facts, gone, action) => {
    const { step, see } = worldOf()
    expect(step.teardown?.judge(facts, see, (one) => one === gone)?.action).toBe(action)
  })
})

describe('an endpoint is dropped', () => {
  const linked = (state?: string) => namespaceWith({}, { h: hubEndpoint() }, state)
  const without = (state?: string) => namespaceWith({}, {}, state)

  /** Drops it from namespaces that are seen one after the other, the last one for good; writes are answered in turn. */
  async function drop(
    namespaces: readonly LinkingNamespace[],
    refusals: readonly (Error | undefined)[] = []
  ) {
    const [seen, answers] = [[...namespaces], [...refusals]]
    const time = clockAt()
    let written = 0
    const get = (id: string) => {
      if (id !== NAMESPACE) return undefined
      return seen.length > 1 ? seen.shift() : seen[0]
    }
    const put = () => {
      written += 1
      const refusal = answers.shift()
      if (refusal) throw refusal
    }
    const none = standIn<ArmFacts<never>>('/none')
    const step = unlinkStep(
      azureOf({ get, put }, { time }),
      {
        target: target(HUB),
        kind: 'IoT hub',
        phase: 'hub',
        apiVersion: 'v',
        checkName: async () => undefined,
        grants: { manage: false }
      },
      { of: target(NAMESPACE), namespace: none, resource: none, group, before: [] }
    )
    const task = { ...ALONE, facts: DEAD, see: seeing(), signal, progress: () => {} }
    const result = await step.apply({ ...task, verdict: { action: 'act', reason: 'drop' } }).then(
      ({ placed }) => (placed === undefined ? 'gone' : 'there'),
      (error: Error) => error.message
    )
    return { result, written, slept: time.slept }
  }

  const again = 10_000
  test.each<[string, Parameters<typeof drop>, string, number, readonly number[]]>([
    ['by one write', [[linked(), linked(), without()]], 'gone', 1, []],
    [
      'once the namespace is at rest, and looked at once it is again',
      [[linked(), linked('Updating'), linked(), linked('Updating'), without()]],
      'gone',
      1,
      [10_000, 10_000]
    ],
    [
      'by another write where others changed the namespace',
      [[linked(), linked(), linked(), without()], [refused(409, 'Busy')]],
      'gone',
      2,
      [again]
    ],
    [
      'by another write where Azure did not answer',
      [[linked(), linked(), linked(), without()], [refused(503, 'Busy')]],
      'gone',
      2,
      [again]
    ],
    [
      'by another write where it is still there',
      [[linked(), linked(), linked(), linked(), without()]],
      'gone',
      2,
      [again]
    ],
    [
      'by no other write under a lock',
      [[linked()], [refused(409, 'ScopeLocked')]],
      'Azure said ScopeLocked',
      1,
      []
    ],
    [
      'by no other write after a refusal',
      [[linked()], [refused(403, 'Denied')]],
      'Azure said Denied',
      1,
      []
    ],
    [
      'by no other write after a failure of ours',
      [[linked()], [new Error('broken')]],
      'broken',
      1,
      []
    ]
  ])('%s', async (_what, given, result, written, slept) => {
    const seen = await drop(...given)
    expect(seen.result).toContain(result)
    expect([seen.written, seen.slept]).toEqual([written, slept])
  })
})
