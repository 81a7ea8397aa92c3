import { describe, expect, test } from '@jest/globals'
import type { Joining } from '../../../src/resources/joining.ts'
import type { Dps } from '../../../src/resources/model.ts'
import { dpsStep } from '../../../src/steps/dps.ts'
import {
  DPS,
  HUB,
  seeNothing,
  signal,
  takeDown,
  target,
  toolsOf,
  tracked
} from '../resources/sample.ts'
import { azureOf, group } from './sample.ts'

const TOLD = {
  idScope: '0ne1',
  serviceOperationsHostName: 'dps1.azure-devices-provisioning.net',
  deviceProvisioningHostName: 'global.azure-devices-provisioning.net'
}
const JOINING: Joining<Dps> = {
  sku: { name: 'S1', capacity: 1 },
  identity: {},
  properties: {},
  differences: () => [],
  checks: () => []
}
const CHANGE = { property: 'namespace', before: undefined, after: 'ns1' }
const again = (lost = true) => ({ lost: () => (lost ? [CHANGE] : []), join: async () => {} })
const dps = (properties: object): Dps => tracked<Dps>('ours', DPS, { properties })
const without = (...names: readonly (keyof typeof TOLD)[]) =>
  dps(
    Object.fromEntries(Object.entries(TOLD).filter(([name]) => !names.some((one) => one === name)))
  )

function stepOf(
  joining: Partial<Joining<Dps>> = {},
  tools = toolsOf(),
  groups: readonly string[] = []
) {
  const list = async () => groups.map((enrollmentGroupId) => ({ enrollmentGroupId }))
  return dpsStep(
    tools,
    azureOf({}, { data: { list } }),
    {
      target: target(DPS),
      location: 'westeurope',
      joining: { ...JOINING, ...joining },
      subscriptionId: 's',
      hubs: [target(HUB)]
    },
    { group, needs: [] }
  )
}

describe('a DPS', () => {
  test.each<[string, Dps | undefined, Partial<Joining<Dps>>, object]>([
    ['is made', undefined, {}, { action: 'create' }],
    ['is kept', dps(TOLD), {}, { action: 'keep' }],
    ['is not moved', { ...dps(TOLD), location: 'eastus' }, {}, { action: 'cannot' }],
    ['is not joined to another', dps(TOLD), { differences: () => [CHANGE] }, { action: 'cannot' }],
    [
      'that lost its namespace is joined again',
      dps(TOLD),
      { again: again() },
      { action: 'change', changes: [CHANGE] }
    ],
    ['that lost nothing is kept', dps(TOLD), { again: again(false) }, { action: 'keep' }],
    [
      'is waited for until its ID scope is told',
      without('idScope'),
      {},
      { reason: 'Azure to tell its ID scope' }
    ],
    [
      'is waited for until its service host is told',
      without('serviceOperationsHostName'),
      {},
      { reason: 'Azure to tell its service host name' }
    ],
    [
      'is waited for until its device host is told',
      without('deviceProvisioningHostName'),
      {},
      { reason: 'Azure to tell its device host name' }
    ],
    [
      'is waited for until all else is told',
      dps(TOLD),
      { late: () => 'its id' },
      { reason: 'Azure to tell its id' }
    ],
    [
      'that failed and never lived is made again',
      dps({ provisioningState: 'Failed' }),
      {},
      { action: 'act' }
    ],
    [
      'that failed and lived is not',
      dps({ ...TOLD, provisioningState: 'Failed' }),
      {},
      { action: 'cannot' }
    ]
  ])('%s', (_what, resource, joining, verdict) => {
    expect(stepOf(joining).judge({ resource }, seeNothing)).toMatchObject(verdict)
  })

  test('is checked for what devices need', () => {
    const holds = (resource: Dps) =>
      stepOf()
        .checks?.({ resource }, seeNothing)
        .map((check) => check.holds)
    expect([holds(dps(TOLD)), holds(without('idScope'))]).toEqual([[true], [false]])
  })

  test('puts out what is told', () => {
    const outputs = (resource: Dps) => Object.keys(stepOf().outputs?.({ resource }) ?? {})
    expect(outputs(dps({}))).toEqual(['dps-id', 'dps'])
    expect(outputs(dps(TOLD))).toEqual([
      'dps-id',
      'dps',
      'dps-hostname',
      'dps-id-scope',
      'dps-device-hostname'
    ])
  })

  test.each<[string, Dps, readonly string[]]>([
    ['its enrollment groups', dps(TOLD), [`${DPS}/enrollmentGroups/g`]],
    [
      'links of hubs that are not ours',
      dps({ ...TOLD, iotHubs: [{ name: 'HUB1.x' }, { name: 'hub2.x' }] }),
      [`${DPS}/enrollmentGroups/g`, `${DPS}#hub2`]
    ],
    [
      'a link without a name',
      dps({ ...TOLD, iotHubs: [{}] }),
      [`${DPS}/enrollmentGroups/g`, `${DPS}#`]
    ]
  ])('that is to go is kept by %s', async (_what, found, contents) => {
    const tools = toolsOf({ purpose: takeDown() }, { get: () => found })
    const facts = await stepOf({}, tools, ['g']).observe(seeNothing, signal)
    expect(facts.contents?.map(({ resource }) => resource)).toEqual(contents)
  })

  test('that is to go has to tell its service host, by which its groups are asked for', async () => {
    const observe = (found: Dps) =>
      stepOf({}, toolsOf({ purpose: takeDown() }, { get: () => found })).observe(seeNothing, signal)
    await expect(observe(without('serviceOperationsHostName'))).rejects.toThrow('its service host')
    expect(await observe(without('idScope'))).toHaveProperty('resource.id', DPS)
  })
})
