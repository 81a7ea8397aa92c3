import { describe, expect, test } from '@jest/globals'
import type { Joining } from '../../../src/resources/joining.ts'
import type { Hub } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import type { HubSpec } from '../../../src/settings/settings.ts'
import { type HubFacts, hostNameOf, hubStep } from '../../../src/steps/hub.ts'
import type { WantedLifetime } from '../../../src/steps/lifetime.ts'
import {
  ALONE,
  DPS,
  HUB,
  seeing,
  seeNothing,
  signal,
  standIn,
  takeDown,
  target,
  toolsOf,
  tracked
} from '../resources/sample.ts'
import { azureOf, group, groupFacts } from './sample.ts'

const SPEC: HubSpec = { ...target(HUB), location: 'westeurope' }
const JOINING: Joining<Hub> = {
  sku: { name: 'S1', capacity: 1 },
  identity: {},
  properties: {},
  differences: () => [],
  checks: () => [],
  late: () => 'the principal id'
}
const hub = (properties: object = {}): Hub => tracked<Hub>('ours', HUB, { properties })
const LIVE = hub({ hostName: 'hub1.azure-devices.net' })

interface Options {
  readonly spec?: Partial<HubSpec>
  readonly joining?: Partial<Joining<Hub>>
  readonly lifetime?: boolean
  readonly bodies?: unknown[]
}

function stepOf(
  { spec = {}, joining = {}, lifetime = false, bodies = [] }: Options = {},
  tools = toolsOf(
    {},
    {
      get: () => (bodies.length === 0 ? undefined : LIVE),
      put: (_id, { body }: { body: object }) => void bodies.push(body)
    }
  )
) {
  const born = { born: () => ({ 'iot-expires': 'then' }) } as unknown as WantedLifetime
  const { late: _late, ...rest } = JOINING
  return hubStep(
    tools,
    { ...azureOf(), arm: tools.azure.arm },
    {
      spec: { ...SPEC, ...spec },
      joining: { ...rest, ...joining },
      lifetime: lifetime ? born : undefined,
      dps: DPS.toUpperCase(),
      hubs: 1
    },
    { group, needs: [] }
  )
}

describe('a hub', () => {
  test.each<[string, HubFacts, Options, object]>([
    [
      'is made with what a person wants to know',
      { resource: undefined },
      {},
      { action: 'create', unknown: ['properties.hostName'] }
    ],
    [
      'is not made without a region',
      { resource: undefined },
      { spec: { location: undefined } },
      { action: 'cannot' }
    ],
    ['is kept', { resource: LIVE }, {}, { action: 'keep' }],
    ['is not moved', { resource: { ...LIVE, location: 'eastus' } }, {}, { action: 'cannot' }],
    [
      'is not joined to another',
      { resource: LIVE },
      { joining: { differences: () => [{ property: 'p', before: 1, after: 2 }] } },
      { action: 'cannot' }
    ],
    [
      'is waited for until its host name is told',
      { resource: hub() },
      {},
      { action: 'await', reason: 'Azure to tell its host name' }
    ],
    [
      'is waited for until all else is told',
      { resource: LIVE },
      { joining: { late: () => 'its id' } },
      { action: 'await', reason: 'Azure to tell its id' }
    ],
    [
      'that failed and never lived is made again',
      { resource: hub({ provisioningState: 'Failed' }) },
      {},
      { action: 'act' }
    ],
    [
      'that failed and lived is not',
      { resource: hub({ provisioningState: 'Failed', hostName: 'h' }) },
      {},
      { action: 'cannot' }
    ]
  ])('%s', (_what, facts, options, verdict) => {
    expect(stepOf(options).judge(facts, seeNothing)).toMatchObject(verdict)
  })

  test.each<[string, Owner | undefined, boolean, boolean]>([
    ['where the group is shared', 'shared', true, true],
    ['but not where the group is ours', 'ours', true, false],
    ['but not where the group is to be made', undefined, true, false],
    ['but not unless it is the first', 'shared', false, false]
  ])('carries the lifetime %s', async (_where, owner, lifetime, carries) => {
    const bodies: { tags?: object }[] = []
    await stepOf({ lifetime, bodies }).apply({
      facts: { resource: undefined },
      see: seeing([group, groupFacts(owner)]),
      signal,
      ...ALONE,
      progress: () => {},
      verdict: { action: 'create' }
    })
    expect('iot-expires' in (bodies[0]?.tags ?? {})).toBe(carries)
  })

  test('puts out its host name once it is told', () => {
    expect(stepOf().outputs?.({ resource: hub() })).toEqual({ 'hub-id': HUB, hub: 'hub1' })
    expect(stepOf().outputs?.({ resource: LIVE })).toHaveProperty('hub-hostname')
  })

  test.each<[string, HubFacts, object | undefined]>([
    ['is told', { resource: LIVE }, { hostName: 'hub1.azure-devices.net' }],
    ['is none while it is not told', { resource: hub() }, undefined],
    ['is none while nothing is', { resource: tracked<Hub>('ours', HUB) }, undefined],
    ['is none without a hub', { resource: undefined }, undefined]
  ])('has a host name that %s', (_what, facts, state) => {
    expect(stepOf().state?.(facts)).toEqual(state)
  })

  test('is kept by the link of any DPS but the environment’s own', async () => {
    const others = [DPS, `${DPS}2`].map((resource) => ({ kind: 'DPS', resource }))
    const purpose = takeDown({ linkedBy: async () => others })
    const facts = await stepOf({}, toolsOf({ purpose }, { get: () => LIVE })).observe(
      seeNothing,
      signal
    )
    expect(facts.contents).toEqual([others[1]])
  })
})

test.each([
  ['as Azure tells it, in one case', 'HUB1.Azure-Devices.net', 'hub1.azure-devices.net'],
  ['that it would get', undefined, 'hub1.azure-devices.net']
])('a hub has the host name %s', (_how, hostName, host) => {
  const step = standIn<HubFacts>(HUB)
  const facts = { resource: hostName === undefined ? undefined : hub({ hostName }) }
  expect(hostNameOf(azureOf(), SPEC, step, seeing([step, facts]))).toBe(host)
})

describe('a hub of a fleet', () => {
  const LISTED = hub({ hostName: 'listed.azure-devices.net' })
  const READ = hub({ hostName: 'read.azure-devices.net' })

  test.each<[string, number, readonly Hub[], Partial<Joining<Hub>>, string]>([
    ['is taken from the list of many', 4, [LISTED], {}, 'listed'],
    ['is read by itself where there are few', 3, [LISTED], {}, 'read'],
    ['is read by itself where the list does not show it', 4, [], {}, 'read'],
    ['is read by itself where the list shows no host name', 4, [hub()], {}, 'read'],
    [
      'is read by itself where the list shows it otherwise than wanted',
      4,
      [LISTED],
      { differences: () => [{ property: 'p', before: 1, after: 2 }] },
      'read'
    ],
    [
      'is read by itself where the list does not tell all',
      4,
      [LISTED],
      { late: () => 'the principal id' },
      'read'
    ]
  ])('%s', async (_what, hubs, list, joining, from) => {
    const azure = azureOf({ get: () => READ, list: () => list })
    Object.assign(azure.arm, { ask: () => {} })
    const { late: _late, ...rest } = JOINING
    const step = hubStep(
      toolsOf({}, {}),
      azure,
      { spec: SPEC, joining: { ...rest, ...joining }, lifetime: undefined, dps: DPS, hubs },
      { group, needs: [] }
    )
    const found = await azure.ahead.during(async () => {
      step.ask?.(signal)
      return step.observe(seeing([group, { resource: tracked('ours', HUB) }]), signal)
    })
    expect(found.resource?.properties?.hostName).toBe(`${from}.azure-devices.net`)
  })
})
