import { describe, expect, test } from '@jest/globals'
import { TIES } from '../../../../src/generations/credentialsAndPolicies/ties.ts'
import type { Dps, Hub } from '../../../../src/resources/model.ts'
import { DPS, HUB } from '../../resources/sample.ts'

const hub = (properties: NonNullable<Hub['properties']>): Hub => ({
  id: HUB,
  name: 'hub1',
  properties
})
const dps = (properties: NonNullable<Dps['properties']>): Dps => ({
  id: DPS,
  name: 'dps1',
  properties
})

const BY_HUB = hub({ deviceRegistry: { namespaceResourceId: '/by-hub' } })
const BY_DPS = dps({ deviceRegistryNamespace: { resourceId: '/by-dps' } })

test.each<[string, readonly Hub[], readonly Dps[], string | undefined]>([
  ['a hub says it', [BY_HUB], [BY_DPS], '/by-hub'],
  ['a DPS says it where no hub does', [hub({})], [BY_DPS], '/by-dps'],
  ['nobody says it', [], [], undefined]
])('the namespace is known when %s', (_when, hubs, dpss, id) => {
  expect(TIES.namespaceOf(hubs, dpss)).toBe(id)
})

describe('a DPS', () => {
  test.each<[string, Dps, readonly Hub[], boolean]>([
    [
      'serves a hub that it lists',
      dps({ iotHubs: [{ name: 'Hub1.x' }] }),
      [hub({ hostName: 'hub1.X' })],
      true
    ],
    [
      'does not serve another',
      dps({ iotHubs: [{ name: 'hub2.x' }] }),
      [hub({ hostName: 'hub1.x' })],
      false
    ],
    [
      'does not serve by a link without a name',
      dps({ iotHubs: [{}, { name: '' }] }),
      [hub({}), hub({ hostName: '' })],
      false
    ],
    ['does not serve without a list', dps({}), [hub({ hostName: 'hub1.x' })], false]
  ])('%s', (_what, one, hubs, serves) => {
    expect(TIES.serves(one, hubs, undefined)).toBe(serves)
  })
})
