import { expect, test } from '@jest/globals'
import type { Azure } from '../../../src/azure/azure.ts'
import { SubscriptionInventory } from '../../../src/resources/subscriptionInventory.ts'
import {
  type Answers,
  armOf,
  DPS,
  GROUP,
  HUB,
  NAMESPACE,
  refused,
  signal,
  tagsOf,
  target,
  tracked
} from './sample.ts'

const versions = { iotHub: 'h', provisioning: 'd', deviceRegistry: 'r' }

function inventoryOf(answers: Answers, given = false) {
  const azure = {
    arm: armOf(answers),
    versions,
    tagsOf: async (id: string) => (id === HUB ? tagsOf('ours', id) : undefined)
  }
  return new SubscriptionInventory(azure as unknown as Azure, {
    subscriptionId: 's',
    group: target(GROUP, { given })
  })
}

const hub = tracked('ours', HUB, {
  properties: {
    deviceRegistry: { namespaceResourceId: NAMESPACE.toUpperCase() },
    hostName: 'Hub1.x'
  }
} as object)
const dps = tracked('ours', DPS, { properties: { iotHubs: [{ name: 'hub1.X' }, {}] } } as object)
const list = (path: string) => (path.endsWith('IotHubs') ? [hub] : [dps])

test.each([
  ['a namespace is used by the hub that is joined to it', NAMESPACE, [HUB]],
  ['a namespace is not used by those of another', `${NAMESPACE}2`, []]
])('%s', async (_what, id, users) => {
  const found = await inventoryOf({ list }).usersOf(id, signal)
  expect(found.map(({ resource }) => resource)).toEqual(users)
})

test.each([
  ['that lists its host', 'HUB1.x', [DPS]],
  ['but no other', 'hub2.x', []],
  ['and no hub without a host', undefined, []]
])('a hub is linked by the DPS %s', async (_which, hostName, linkedBy) => {
  const linking = (path: string) => (path.endsWith('IotHubs') ? [] : [dps])
  const properties = hostName === undefined ? {} : { hostName }
  const found = await inventoryOf({ list: linking }).linkedBy(
    { id: HUB, name: 'hub1', properties },
    signal
  )
  expect(found.map(({ resource }) => resource).filter(() => hostName !== undefined)).toEqual(
    linkedBy
  )
})

test.each<[string, boolean, Error, readonly string[] | string]>([
  ['is not registered: there is none', false, refused(409, 'MissingSubscriptionRegistration'), []],
  ['may not be asked: the group that was given is', true, refused(403, 'Denied'), [HUB]],
  ['may not be asked, and no group was given: it fails', false, refused(403, 'Denied'), 'Denied'],
  ['fails otherwise: so does the list', true, refused(500, 'Broken'), 'Broken']
])('where the subscription %s', async (_what, given, failure, found) => {
  const ask = (path: string) => (path.startsWith(GROUP) ? [hub] : Promise.reject(failure))
  const hubs = inventoryOf({ list: ask }, given).hubs(signal)
  if (typeof found === 'string') await expect(hubs).rejects.toThrow(found)
  else expect((await hubs).map(({ id }) => id)).toEqual(found)
})

test('what carries a tag is of the types asked for, and is read by itself', async () => {
  const tagged = (path: string) => (path.endsWith('resourcegroups') ? [{ id: GROUP }] : [hub, dps])
  const found = await inventoryOf({ list: tagged }).tagged(
    ['a', 'b'],
    ['microsoft.devices/iothubs', 'Microsoft.Resources/resourceGroups'],
    signal
  )
  expect(found.map(({ id }) => id)).toEqual([HUB])
})

test('what was listed is listed again once it is forgotten', async () => {
  let asked = 0
  const inventory = inventoryOf({
    list: () => {
      asked += 1
      return []
    }
  })
  await inventory.hubs(signal)
  await inventory.hubs(signal)
  inventory.forget()
  await inventory.hubs(signal)
  expect(asked).toBe(2)
})
