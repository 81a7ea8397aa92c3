import { describe, expect, test } from '@jest/globals'
import type { Provider, ResourceType } from '../../../src/azure/clients/providers.ts'
import {
  listed,
  type Offer,
  type Regions,
  regionsOf,
  shortcoming
} from '../../../src/resources/offer.ts'

const OFFER: Offer = {
  namespace: 'Microsoft.Devices',
  type: 'IotHubs',
  version: 'v2',
  region: 'hub-location'
}
const DPS: Offer = { ...OFFER, type: 'provisioningServices', region: 'location' }

function provider(type: Partial<ResourceType>, namespace = 'microsoft.devices'): Provider {
  const all = { resourceType: 'iothubs', apiVersions: ['v1', 'v2'], locations: ['West Europe'] }
  return { namespace, resourceTypes: [{ ...all, ...type }] }
}
const inRegion = (...wanted: readonly (string | undefined)[]): Regions => ({
  location: ['nowhere'],
  'hub-location': wanted
})

describe('what a provider says of a type', () => {
  test.each<[string, readonly Provider[], boolean]>([
    ['is found without case', [provider({})], true],
    ['is not that of another provider', [provider({}, 'Microsoft.Other')], false],
    ['is not that of another type', [provider({ resourceType: 'other' })], false],
    ['is none where the provider lists no types', [{ namespace: 'Microsoft.Devices' }], false],
    ['is none where no provider is read', [], false]
  ])('%s', (_what, providers, found) => {
    expect(listed(OFFER, providers) !== undefined).toBe(found)
  })

  test.each<[string, readonly Provider[], Regions, string | undefined]>([
    ['nothing is wrong where it is offered', [provider({})], inRegion('westeurope'), undefined],
    ['nothing is known where it is not listed', [], inRegion('eastus'), undefined],
    [
      'nothing is wrong without a region among the inputs',
      [provider({})],
      inRegion(undefined),
      undefined
    ],
    [
      'nothing is wrong where the type has no regions',
      [provider({ locations: [] })],
      inRegion('eastus'),
      undefined
    ],
    [
      'a version is missing',
      [provider({ apiVersions: ['v1'] })],
      inRegion('westeurope'),
      'api-version v2'
    ],
    [
      'a region is missing',
      [provider({})],
      inRegion('westeurope', 'eastus'),
      'in the region eastus'
    ]
  ])('%s', (_what, providers, regions, what) => {
    const found = shortcoming(OFFER, providers, regions)?.what
    if (what === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(what)
  })
})

describe('regions of several types', () => {
  const dps = (locations: readonly string[]) =>
    provider({ resourceType: 'provisioningServices', locations })
  test.each<[string, readonly Provider[], readonly string[] | undefined]>([
    ['are unknown where nothing is listed', [], undefined],
    ['are those of the one that is listed', [provider({})], ['westeurope']],
    ['are none where a version is missing', [provider({ apiVersions: ['v1'] })], []]
  ])('%s', (_what, providers, regions) => {
    expect(regionsOf([OFFER], providers)).toEqual(regions)
  })

  test('are those that all of them have', () => {
    const both: Provider = {
      namespace: 'Microsoft.Devices',
      resourceTypes: [
        ...(provider({ locations: ['East US', 'West Europe'] }).resourceTypes ?? []),
        ...(dps(['West Europe', 'North Europe']).resourceTypes ?? [])
      ]
    }
    expect(regionsOf([OFFER, DPS], [both])).toEqual(['westeurope'])
    expect(regionsOf([{ ...OFFER, type: 'unlisted' }, DPS], [both])).toEqual([
      'westeurope',
      'northeurope'
    ])
  })
})
