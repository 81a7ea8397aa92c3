import { describe, expect, test } from '@jest/globals'
import { discover } from '../../../../src/generations/certificateAuthorities/discover.ts'
import type { Hub } from '../../../../src/resources/model.ts'
import { signal, tracked, NAMESPACE as WANTED } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { ENVIRONMENT, inventoryOf, type Listed, withGroups } from '../sample.ts'
import { DPS, dpsEndpoint, HUB, hubEndpoint, namespaceWith } from './sample.ts'

const THEIRS = { ...namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint() }), id: '/theirs' }
const MIRROR = { properties: { deviceRegistry: { namespaceResourceId: '/mirrored' } } }

function found(listed: Listed, authorities: readonly object[] = []) {
  const list = (path: string) => (path.endsWith('Policies') ? [] : authorities)
  return discover(withGroups(azureOf({ list }), []), ENVIRONMENT, inventoryOf(listed), signal)
}

describe('the namespace of an environment', () => {
  test.each<[string, Listed, string]>([
    ['links its hub', { namespaces: [THEIRS], hubs: [tracked('ours', HUB)] }, '/theirs'],
    ['links the hub that is to be made', { namespaces: [THEIRS] }, '/theirs'],
    [
      'is the one that its hub speaks of',
      { hubs: [tracked<Hub>('ours', HUB, MIRROR)] },
      '/mirrored'
    ],
    [
      'is the one that links, whatever its hub says',
      { namespaces: [THEIRS], hubs: [tracked<Hub>('ours', HUB, MIRROR)] },
      '/theirs'
    ],
    ['is as wanted where nothing speaks of one', {}, WANTED]
  ])('%s', async (_what, listed, id) => {
    expect((await found(listed)).namespace.id).toBe(id)
  })
})

describe('the DPS of an environment', () => {
  const shared = `${DPS}-shared`
  const linking = {
    ...namespaceWith({ d: dpsEndpoint({ resourceId: shared }) }, { h: hubEndpoint() }),
    id: '/theirs'
  }
  const mirroring = (id: string) =>
    tracked('shared', shared, {
      properties: { deviceRegistryNamespaces: [{ resourceId: id }] }
    } as object)
  test.each<[string, Listed, string]>([
    [
      'is linked to its namespace',
      { namespaces: [linking], dpss: [tracked('shared', shared)] },
      shared
    ],
    ['speaks of its namespace', { namespaces: [THEIRS], dpss: [mirroring('/theirs')] }, shared],
    [
      'is not one that speaks of another',
      { namespaces: [THEIRS], dpss: [mirroring('/other')] },
      DPS
    ],
    ['is not one that speaks of none', { dpss: [tracked('shared', shared)] }, DPS]
  ])('%s', async (_what, listed, id) => {
    expect((await found(listed)).dps.id).toBe(id)
  })
})

test.each<[string, readonly object[], readonly string[]]>([
  ['is one whose CA it made', [tracked('ours', '/x/issuing-q')], ['p', 'q']],
  ['is not one that is wanted already', [tracked('ours', '/x/issuing-P')], ['p']],
  ['is not one whose CA is shared', [tracked('shared', '/x/issuing-q')], ['p']],
  ['is none of another CA', [tracked('ours', '/x/root')], ['p']]
])('a policy of an environment %s', async (_what, authorities, names) => {
  expect((await found({}, authorities)).policies.map(({ name }) => name)).toEqual(names)
})
