import { describe, expect, it } from '@jest/globals'
import type { Provider } from '../../../src/azure/clients/providers.ts'
import { GENERATIONS } from '../../../src/generations/generations.ts'
import { newestOffered, offeredText } from '../../../src/generations/offered.ts'
import { regionsOf, shortcoming } from '../../../src/resources/offer.ts'

const B = '2026-11-01'
const A = '2025-11-01-preview'
const EVERYWHERE = ['West Europe', 'East US']

type Types = Readonly<Record<string, readonly [versions: string, locations?: readonly string[]]>>

function provider(namespace: string, types: Types): Provider {
  return {
    namespace,
    resourceTypes: Object.entries(types).map(([resourceType, [versions, locations]]) => ({
      resourceType,
      apiVersions: versions.split(' '),
      locations: locations ?? EVERYWHERE
    }))
  }
}

const DEVICES = provider('Microsoft.Devices', {
  IotHubs: [`${B} 2025-08-01-preview`],
  provisioningServices: [`${B} 2025-02-01-preview`]
})
const OLD_DEVICES = provider('Microsoft.Devices', {
  IotHubs: ['2025-08-01-preview 2023-06-30'],
  // A stable version that is newer than the first model and knows no link (contract B 1.3).
  provisioningServices: ['2026-08-31 2025-02-01-preview']
})
const NAMESPACES = `${B} 2026-04-01 ${A} 2025-10-01`
const registry = (types: Types) => provider('microsoft.deviceregistry', types)
const AUTHORITIES = 'namespaces/certificateAuthorities'
const CREDENTIALS = 'namespaces/credentials'
const BOTH = registry({ namespaces: [NAMESPACES], [AUTHORITIES]: [B], [CREDENTIALS]: [A] })

const place = (location?: string, hub?: string) => ({
  location,
  hubs: [{ location: hub ?? location }] as never
})
const choose = (providers: readonly Provider[], where = place('westeurope'), only: string[] = []) =>
  newestOffered(GENERATIONS, providers, where, only)

describe('the model that is taken', () => {
  it.each<[string, readonly Provider[], string]>([
    ['both are offered', [BOTH, DEVICES], B],
    [
      'only the new one has its child type',
      [registry({ namespaces: [NAMESPACES], [AUTHORITIES]: [B] }), DEVICES],
      B
    ],
    [
      'only the tutorial’s has its child type',
      [registry({ namespaces: [NAMESPACES], [CREDENTIALS]: [A] }), DEVICES],
      A
    ],
    [
      'neither child type is listed, though the versions are',
      [registry({ namespaces: [NAMESPACES] }), DEVICES],
      B
    ],
    ['hub and DPS lack the new version', [BOTH, OLD_DEVICES], A],
    [
      'the new child type is only a preview',
      [
        registry({
          namespaces: [NAMESPACES],
          [AUTHORITIES]: ['2026-11-02-preview'],
          [CREDENTIALS]: [A]
        }),
        DEVICES
      ],
      A
    ],
    [
      'the new child type is in another region',
      [
        registry({
          namespaces: [NAMESPACES],
          [AUTHORITIES]: [B, ['Central US']],
          [CREDENTIALS]: [A]
        }),
        DEVICES
      ],
      A
    ],
    [
      'the tutorial’s child type is in another region',
      [
        registry({
          namespaces: [NAMESPACES],
          [AUTHORITIES]: [B],
          [CREDENTIALS]: [A, ['Central US']]
        }),
        DEVICES
      ],
      B
    ],
    ['a provider is unreadable', [DEVICES], B]
  ])('when %s', (_what, providers, wanted) => {
    const { version, reason } = choose(providers)
    expect([version, reason]).toEqual([wanted, expect.stringContaining('offered in westeurope')])
  })

  it('says that the tutorial’s may go, where it is taken for want of the new one', () => {
    expect(choose([BOTH, OLD_DEVICES]).reason).toContain('this one may be withdrawn')
    expect(choose([BOTH, DEVICES]).reason).not.toContain('may be withdrawn')
  })

  it('is the tutorial’s where inputs need it and it is offered, and the new one where it is not', () => {
    const asked = choose([BOTH, DEVICES], place('westeurope'), ['identity'])
    expect(asked).toEqual({
      version: A,
      reason: 'offered in westeurope, and only it has `identity`'
    })
    const gone = [registry({ namespaces: [B], [AUTHORITIES]: [B] }), DEVICES]
    expect(choose(gone, place('westeurope'), ['identity']).version).toBe(B)
  })

  it('is the preferred one while no provider may be read', () => {
    expect(choose([])).toMatchObject({
      version: B,
      reason: expect.stringMatching(/^what the providers offer may not be read/)
    })
    expect(choose([], place('westeurope'), ['identity'])).toMatchObject({
      version: A,
      reason: expect.stringContaining('only it has `identity`')
    })
  })

  it('minds no region that is not given', () => {
    expect(choose([BOTH, DEVICES], place())).toEqual({
      version: B,
      reason: 'offered in this subscription'
    })
  })

  it('is none where neither is offered: both are listed with their regions', () => {
    expect(() => choose([BOTH, DEVICES], place('atlantis'))).toThrow(
      /Neither model of the service is offered in atlantis\.\n {2}2026-11-01: offered in westeurope, eastus\n {2}2025-11-01-preview: offered in westeurope, eastus\nWhat to do: .*`location`/
    )
    expect(() => choose([registry({ namespaces: ['2026-04-01'] }), OLD_DEVICES])).toThrow(
      /offered nowhere/
    )
  })
})

describe('an offer', () => {
  const offer = {
    namespace: 'Microsoft.Devices',
    type: 'iothubs',
    version: B,
    region: 'hub-location'
  } as const
  const regions = (hub?: string) => ({ location: ['eastus'], 'hub-location': [hub] })

  it.each<[string, readonly Provider[], string | undefined, string | undefined]>([
    ['is met', [DEVICES], 'westeurope', undefined],
    ['is met where no region is given', [DEVICES], undefined, undefined],
    ['is not known without its provider', [], 'westeurope', undefined],
    ['is not known without its type', [provider('Microsoft.Devices', {})], 'westeurope', undefined],
    ['lacks the version', [OLD_DEVICES], 'westeurope', 'does not offer the api-version'],
    ['lacks the region', [DEVICES], 'atlantis', 'is not offered in the region atlantis'],
    [
      'is everywhere where no region is listed',
      [provider('Microsoft.Devices', { IotHubs: [B, []] })],
      'atlantis',
      undefined
    ]
  ])('%s', (_what, providers, hub, wanted) => {
    const found = shortcoming(offer, providers, regions(hub))
    if (wanted === undefined) expect(found).toBeUndefined()
    else expect(found?.what).toContain(wanted)
  })

  it('is told with the regions that all of a model have in common', () => {
    const { offers } = GENERATIONS[B]
    const some = registry({
      namespaces: [NAMESPACES],
      [AUTHORITIES]: [B, ['East US', 'Central US']]
    })
    expect(regionsOf(offers, [some, DEVICES])).toEqual(['eastus'])
    expect(regionsOf(offers, [some, OLD_DEVICES])).toEqual([])
    expect(regionsOf(offers, [])).toBeUndefined()
    expect(offeredText(GENERATIONS, [])).toEqual([
      `  ${B}: no provider says where it is offered`,
      `  ${A}: no provider says where it is offered`
    ])
  })
})
