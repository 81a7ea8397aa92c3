import { describe, expect, test } from '@jest/globals'
import type { EnrollmentGroup } from '../../../src/azure/clients/enrollmentGroup.ts'
import type { EnrollmentGroupSpec } from '../../../src/settings/settings.ts'
import {
  boundCheck,
  changesOf,
  isSymmetric,
  sameHosts,
  servesAllAlone,
  servesOthers,
  wantedBody,
  writable
} from '../../../src/steps/enrollmentGroupBody.ts'
import { DPS } from '../resources/sample.ts'

const SPEC: EnrollmentGroupSpec = { name: 'g', policy: 'p' }
const HOSTS = ['hub1.x', 'hub2.x']
const BINDING = { credentialPolicyName: 'p' }
const GROUP: EnrollmentGroup = { enrollmentGroupId: 'g', iotHubs: HOSTS, credentialPolicyName: 'P' }
const without = (name: keyof EnrollmentGroup): EnrollmentGroup =>
  ({ ...GROUP, [name]: undefined }) as unknown as EnrollmentGroup

describe('an enrollment group', () => {
  test.each<[string, Partial<EnrollmentGroupSpec>, EnrollmentGroup, readonly unknown[]]>([
    ['as wanted differs in nothing', {}, GROUP, []],
    [
      'bound to another policy differs',
      {},
      { ...GROUP, credentialPolicyName: 'q' },
      ['credentialPolicyName', 'q', 'p']
    ],
    [
      'bound to none differs',
      {},
      without('credentialPolicyName'),
      ['credentialPolicyName', undefined, 'p']
    ],
    [
      'bound to an empty word differs',
      {},
      { ...GROUP, credentialPolicyName: '' },
      ['credentialPolicyName', undefined, 'p']
    ],
    [
      'bound by no word differs',
      {},
      { ...GROUP, credentialPolicyName: 7 as never },
      ['credentialPolicyName', undefined, 'p']
    ],
    [
      'that lists other hubs differs',
      {},
      { ...GROUP, iotHubs: ['hub1.x'] },
      ['iotHubs', ['hub1.x'], HOSTS]
    ],
    ['that lists no hub differs', {}, without('iotHubs'), ['iotHubs', undefined, HOSTS]],
    [
      'of another allocation differs',
      { allocationPolicy: 'static' },
      { ...GROUP, allocationPolicy: 'hashed' },
      ['allocationPolicy', 'hashed', 'static']
    ],
    [
      'of that allocation does not',
      { allocationPolicy: 'static' },
      { ...GROUP, allocationPolicy: 'Static' },
      []
    ],
    [
      'of any allocation does not where none is wanted',
      {},
      { ...GROUP, allocationPolicy: 'hashed' },
      []
    ],
    [
      'for edge devices differs where none are wanted',
      { iotEdge: false },
      { ...GROUP, capabilities: { iotEdge: true } },
      ['capabilities.iotEdge', true, false]
    ],
    [
      'for no edge devices differs where they are',
      { iotEdge: true },
      GROUP,
      ['capabilities.iotEdge', false, true]
    ],
    [
      'for edge devices does not where nothing is wanted',
      {},
      { ...GROUP, capabilities: { iotEdge: true } },
      []
    ],
    [
      'with another twin differs',
      { initialTwin: { tags: { a: 1 } } },
      GROUP,
      ['initialTwin', undefined, { tags: { a: 1 } }]
    ],
    [
      'with that twin does not',
      { initialTwin: { tags: { a: 1 } } },
      { ...GROUP, initialTwin: { tags: { a: 1 } } },
      []
    ],
    ['with any twin does not where none is wanted', {}, { ...GROUP, initialTwin: { tags: {} } }, []]
  ])('%s', (_what, spec, group, change) => {
    const found = changesOf({ ...SPEC, ...spec }, group, HOSTS, BINDING)
    expect(found.flatMap(({ property, before, after }) => [property, before, after])).toEqual(
      change
    )
  })

  test.each<[string, EnrollmentGroup, boolean, string]>([
    ['holds', GROUP, true, ''],
    [
      'does not hold by another',
      { ...GROUP, credentialPolicyName: 'q' },
      false,
      'credentialPolicyName is q'
    ],
    [
      'does not hold by none',
      without('credentialPolicyName'),
      false,
      'credentialPolicyName is none'
    ]
  ])('the check of its policy %s', (_what, group, holds, found) => {
    expect(boundCheck('p', group, BINDING)).toMatchObject({ holds, found })
  })

  test('is written with what the inputs say, and nothing else', () => {
    expect(wantedBody(SPEC, HOSTS, BINDING)).toEqual({ ...BINDING, iotHubs: HOSTS })
    const spec: EnrollmentGroupSpec = {
      ...SPEC,
      allocationPolicy: 'static',
      iotEdge: false,
      initialTwin: {}
    }
    expect(wantedBody(spec, HOSTS, {})).toEqual({
      allocationPolicy: 'static',
      capabilities: { iotEdge: false },
      initialTwin: {},
      iotHubs: HOSTS
    })
  })

  test('is written back without what the service alone writes', () => {
    const group = { ...GROUP, etag: 'e', createdDateTimeUtc: 'c', lastUpdatedDateTimeUtc: 'l' }
    expect(writable(group)).toEqual(GROUP)
  })

  test.each([
    ['symmetricKey', true],
    ['SYMMETRICKEY', true],
    ['x509', false],
    [undefined, false]
  ])('attests by a symmetric key: %s %s', (type, symmetric) => {
    const attestation = type === undefined ? {} : { type }
    expect(isSymmetric({ ...GROUP, attestation })).toBe(symmetric)
  })
})

describe('hosts', () => {
  test.each([
    [['a'], ['A'], true],
    [['a', 'b'], ['b', 'a'], true],
    [['a'], ['a', 'b'], false],
    [['a', 'b'], ['a', 'c'], false],
    [[], [], true]
  ])('%j and %j are the same: %s', (a, b, same) => {
    expect(sameHosts(a, b)).toBe(same)
  })

  test.each<[string, readonly string[] | undefined, readonly string[], boolean]>([
    ['all that are linked, and only ours are', undefined, HOSTS, true],
    ['all that are linked, of which one is not ours', [], [...HOSTS, 'other.x'], false],
    ['all that are linked, and none is', [], [], false],
    ['those that it lists', ['hub1.x'], HOSTS, false]
  ])('a group serves %s', (_whom, listed, linked, alone) => {
    const group = { enrollmentGroupId: 'g', ...(listed && { iotHubs: listed }) }
    const dps = { id: DPS, name: 'dps1', properties: { iotHubs: linked.map((name) => ({ name })) } }
    expect(servesAllAlone(group, dps, HOSTS)).toBe(alone)
  })

  test('of a DPS that is not there are none', () => {
    expect(servesAllAlone({ enrollmentGroupId: 'g' }, undefined, HOSTS)).toBe(false)
    const unlinked = { id: DPS, name: 'dps1' }
    expect(servesAllAlone({ enrollmentGroupId: 'g' }, unlinked, [])).toBe(false)
    const nameless = { id: DPS, name: 'dps1', properties: { iotHubs: [{}] } }
    expect(servesAllAlone({ enrollmentGroupId: 'g' }, nameless, [''])).toBe(true)
  })

  test.each<[readonly string[] | undefined, boolean]>([
    [undefined, true],
    [[], true],
    [['HUB1.x'], false],
    [HOSTS, false],
    [['hub1.x', 'other.x'], true]
  ])('a group that lists %j serves others: %s', (iotHubs, others) => {
    const group = { enrollmentGroupId: 'g', ...(iotHubs && { iotHubs }) }
    expect(servesOthers(group, HOSTS)).toBe(others)
  })
})
