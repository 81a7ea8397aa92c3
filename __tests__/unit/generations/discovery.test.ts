import { describe, expect, test } from '@jest/globals'
import { discoverEnvironment, type Ties } from '../../../src/generations/discovery.ts'
import type { Dps, Hub } from '../../../src/resources/model.ts'
import type { Environment } from '../../../src/settings/settings.ts'
import {
  DPS,
  GROUP,
  HUB,
  IDENTITY,
  NAMESPACE,
  signal,
  target,
  tracked
} from '../resources/sample.ts'
import { azureOf } from '../steps/sample.ts'
import { ENVIRONMENT, inventoryOf, type Listed, withGroups } from './sample.ts'

const OTHER = '/subscriptions/s/resourceGroups/other'
const [FOUND_HUB, FOUND_DPS] = [HUB, DPS].map((id) => `${id}-found`) as [string, string]

interface World extends Listed {
  readonly wanted?: Partial<Environment>
  readonly namespaceOf?: string | undefined
  /** Id of the DPS that serves. */
  readonly serves?: string
  readonly groups?: readonly object[]
}

function discovered({ wanted = {}, namespaceOf, serves, groups = [], ...listed }: World) {
  const ties: Ties = { namespaceOf: () => namespaceOf, serves: ({ id }) => id === serves }
  return discoverEnvironment(
    withGroups(azureOf(), groups),
    { ...ENVIRONMENT, ...wanted },
    inventoryOf(listed),
    ties,
    signal
  )
}

const hub = (id: string, hostName?: string) =>
  tracked<Hub>('ours', id, { properties: hostName === undefined ? {} : { hostName } })
const dps = (id: string, owner: 'ours' | 'shared' = 'ours') =>
  tracked<Dps>(owner, id, { properties: { serviceOperationsHostName: 'dps.x' } })

describe('an environment is found', () => {
  test.each<[string, World, Partial<Record<'group' | 'identity' | 'namespace' | 'dps', string>>]>([
    [
      'as wanted where nothing is',
      {},
      { group: GROUP, identity: IDENTITY, namespace: NAMESPACE, dps: DPS }
    ],
    [
      'by its tags',
      {
        tagged: [
          tracked('ours', OTHER),
          tracked('ours', `${IDENTITY}2`),
          tracked('ours', `${NAMESPACE}2`)
        ]
      },
      { group: OTHER, identity: `${IDENTITY}2`, namespace: `${NAMESPACE}2` }
    ],
    [
      'without what is shared',
      { tagged: [tracked('shared', `${IDENTITY}2`)] },
      { identity: IDENTITY }
    ],
    [
      'under a name that was given',
      {
        wanted: {
          group: target(GROUP, { given: true }),
          identity: target(IDENTITY, { given: true })
        },
        tagged: [tracked('ours', OTHER), tracked('ours', `${IDENTITY}2`)]
      },
      { group: GROUP, identity: IDENTITY }
    ],
    [
      'with the namespace that its hubs are joined to',
      { namespaceOf: '/ns' },
      { namespace: '/ns' }
    ],
    [
      'with its own namespace before that',
      { namespaceOf: '/ns', tagged: [tracked('ours', `${NAMESPACE}2`)] },
      { namespace: `${NAMESPACE}2` }
    ],
    [
      'with its own DPS',
      { dpss: [dps(FOUND_DPS), dps('/shared', 'shared')], serves: '/shared' },
      { dps: FOUND_DPS }
    ],
    [
      'with the DPS that serves it',
      { dpss: [dps('/shared', 'shared')], serves: '/shared' },
      { dps: '/shared' }
    ],
    ['without a DPS that does not', { dpss: [dps('/shared', 'shared')] }, { dps: DPS }],
    ['whatever the order of lists', { dpss: [dps('/b'), dps('/A')] }, { dps: '/A' }]
  ])('%s', async (_how, world, ids) => {
    const environment = await discovered(world)
    for (const [name, id] of Object.entries(ids))
      expect([name, environment[name as keyof typeof ids].id]).toEqual([name, id])
  })

  test('with hubs of its own besides those that are wanted', async () => {
    const { hubs } = await discovered({ hubs: [hub(HUB.toUpperCase()), hub(FOUND_HUB)] })
    expect(hubs.map(({ id }) => id)).toEqual([HUB, FOUND_HUB])
    expect(hubs[1]).toMatchObject({ name: 'hub1-found', resourceGroup: 'rg', given: true })
  })
})

describe('an enrollment group is found', () => {
  const listing = (...iotHubs: readonly string[]) => [{ enrollmentGroupId: 'found', iotHubs }]
  const world: World = { dpss: [dps(DPS)], hubs: [hub(HUB, 'Hub1.x'), hub(FOUND_HUB)] }
  test.each<[string, World, readonly string[]]>([
    ['that lists none but our hubs', { ...world, groups: listing('hub1.X') }, ['g', 'found']],
    ['but not one that lists others', { ...world, groups: listing('hub1.x', 'other.x') }, ['g']],
    ['but not one that lists none', { ...world, groups: listing() }, ['g']],
    [
      'but not one that says nothing',
      { ...world, groups: [{ enrollmentGroupId: 'found' }] },
      ['g']
    ],
    [
      'but not again',
      { ...world, groups: [{ enrollmentGroupId: 'G', iotHubs: ['hub1.x'] }] },
      ['g']
    ],
    [
      'but not where no hub of ours has a host',
      { ...world, hubs: [hub(HUB)], groups: listing('hub1.x') },
      ['g']
    ],
    [
      'but not where the DPS tells no host',
      { ...world, dpss: [tracked('ours', DPS)], groups: listing('hub1.x') },
      ['g']
    ],
    ['but not where there is no DPS', { ...world, dpss: [], groups: listing('hub1.x') }, ['g']]
  ])('%s', async (_what, found, names) => {
    const { enrollmentGroups } = await discovered(found)
    expect(enrollmentGroups.map(({ name }) => name)).toEqual(names)
  })
})
