import { describe, expect, test } from '@jest/globals'
import { dpsJoining, hubJoining } from '../../../../src/generations/credentialsAndPolicies/join.ts'
import type { LinkedHubs } from '../../../../src/generations/credentialsAndPolicies/linkedHubs.ts'
import type { Dps, Hub } from '../../../../src/resources/model.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import type { Environment } from '../../../../src/settings/settings.ts'
import { CLAIM, DPS, HUB, IDENTITY, NAMESPACE, target, tracked } from '../../resources/sample.ts'

const ENVIRONMENT = {
  ...CLAIM,
  namespace: target(NAMESPACE),
  identity: target(IDENTITY)
} as unknown as Environment

const hubs = hubJoining(ENVIRONMENT)
const dpss = dpsJoining(ENVIRONMENT, {} as LinkedHubs)
const attached = (id: string) => ({ userAssignedIdentities: { [id]: {} } })
const [OTHER_NAMESPACE, OTHER_IDENTITY] = [`${NAMESPACE}2`, `${IDENTITY}2`]

interface Joined {
  readonly namespaceId?: string | undefined
  readonly identityId?: string | undefined
  readonly has?: string
  readonly sku?: string
  readonly owner?: Owner
}

const JOINED: Joined = { namespaceId: NAMESPACE.toUpperCase(), identityId: IDENTITY.toUpperCase() }

function hub({
  namespaceId,
  identityId,
  has = IDENTITY,
  sku = 'gen2',
  owner = 'ours'
}: Joined): Hub {
  const deviceRegistry = {
    ...(namespaceId && { namespaceResourceId: namespaceId }),
    ...(identityId && { identityResourceId: identityId })
  }
  return tracked<Hub>(owner, HUB, {
    sku: { name: sku },
    identity: attached(has),
    properties: { deviceRegistry }
  })
}

function dps({ namespaceId, identityId, has = IDENTITY, owner = 'ours' }: Joined): Dps {
  const deviceRegistryNamespace = {
    ...(namespaceId && { resourceId: namespaceId }),
    ...(identityId && { selectedUserAssignedIdentityResourceId: identityId })
  }
  return tracked<Dps>(owner, DPS, {
    identity: attached(has),
    properties: { deviceRegistryNamespace }
  })
}

describe('what cannot be changed', () => {
  test.each<[string, Joined, readonly string[]]>([
    ['agrees without case', JOINED, []],
    ['is the namespace', { ...JOINED, namespaceId: OTHER_NAMESPACE }, ['namespace']],
    ['is the identity', { ...JOINED, identityId: OTHER_IDENTITY }, ['identity']],
    [
      'is not the identity of a shared one',
      { ...JOINED, identityId: OTHER_IDENTITY, owner: 'shared' },
      []
    ],
    [
      'is the namespace of a shared one',
      { ...JOINED, namespaceId: OTHER_NAMESPACE, owner: 'shared' },
      ['namespace']
    ]
  ])('%s', (_what, joined, names) => {
    const found = (changes: readonly { readonly property: string }[]) =>
      changes.map(({ property }) => (/identity/i.test(property) ? 'identity' : 'namespace'))
    expect(found(hubs.differences(hub(joined)))).toEqual(names)
    expect(found(dpss.differences(dps(joined)))).toEqual(names)
  })

  test('is the tier of a hub, and a hub that is joined to nothing', () => {
    expect(hubs.differences(hub({ ...JOINED, sku: 'S1' }))).toHaveLength(1)
    expect(hubs.differences(hub({}))).toHaveLength(2)
  })

  test('is nothing of a DPS that lost its namespace: both are given again', () => {
    expect(dpss.differences(dps({}))).toEqual([])
    expect(dpss.again?.lost(dps({}))).toHaveLength(2)
    expect(dpss.again?.lost(dps(JOINED))).toEqual([])
    expect(dpss.again?.lost(dps({ namespaceId: OTHER_NAMESPACE }))).toEqual([])
    expect(hubs.again).toBeUndefined()
  })
})

describe('what a person looks at', () => {
  test.each<[string, Joined, readonly boolean[], string]>([
    ['holds', JOINED, [true, true, true], 'is joined to /'],
    [
      'is another namespace',
      { ...JOINED, namespaceId: OTHER_NAMESPACE },
      [true, false, true],
      'is joined to /'
    ],
    ['is no namespace', { identityId: IDENTITY }, [true, false, true], 'is joined to none'],
    [
      'is an identity that is not attached',
      { ...JOINED, has: OTHER_IDENTITY },
      [true, true, false],
      'is not attached'
    ],
    ['is no identity', { namespaceId: NAMESPACE }, [true, true, false], 'names no identity']
  ])('%s', (_what, joined, holds, text) => {
    const ofDps = dpss.checks(dps(joined))
    expect(ofDps.map((check) => check.holds)).toEqual(holds)
    expect(hubs.checks(hub(joined)).map((check) => check.holds)).toEqual([...holds, true])
    expect(ofDps.map(({ found }) => found).join('; ')).toContain(text)
  })

  test('tells a DPS without a namespace to be joined again, any other to be made again', () => {
    const remedies = (joined: Joined) =>
      dpss
        .checks(dps(joined))
        .slice(1)
        .map(({ remedy }) => remedy.slice(0, 3))
    expect(remedies({})).toEqual(['Run', 'Run'])
    expect(remedies({ namespaceId: OTHER_NAMESPACE })).toEqual(['An ', 'An '])
  })

  test('is the tier of a hub', () => {
    expect(hubs.checks(hub({ ...JOINED, sku: 'S1' })).at(-1)?.holds).toBe(false)
  })
})
