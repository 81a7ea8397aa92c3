import { expect, test } from '@jest/globals'
import { type Dps, type Hub, usedByDps, usedByHub } from '../../../src/resources/model.ts'
import { DPS, HUB, IDENTITY, NAMESPACE } from './sample.ts'

const attached = { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } }
const OTHER = `${IDENTITY}2`

test.each<[string, Partial<Hub>, readonly string[]]>([
  ['nothing where it is joined to nothing', {}, []],
  ['what is attached to it', { identity: attached }, [IDENTITY]],
  [
    'its namespace, and the identity by which it reaches that',
    {
      properties: { deviceRegistry: { namespaceResourceId: NAMESPACE, identityResourceId: OTHER } }
    },
    [NAMESPACE, OTHER]
  ],
  [
    'its namespace alone',
    { properties: { deviceRegistry: { namespaceResourceId: NAMESPACE } } },
    [NAMESPACE]
  ]
])('a hub uses %s', (_what, hub, ids) => {
  expect(usedByHub({ id: HUB, name: 'hub1', ...hub })).toEqual(ids)
})

test.each<[string, Partial<Dps>, readonly string[]]>([
  ['nothing where it is joined to nothing', {}, []],
  ['what is attached to it', { identity: attached }, [IDENTITY]],
  [
    'its namespace',
    { properties: { deviceRegistryNamespace: { resourceId: NAMESPACE } } },
    [NAMESPACE]
  ],
  [
    'its namespaces',
    { properties: { deviceRegistryNamespaces: [{ resourceId: NAMESPACE }, {}] } },
    [NAMESPACE]
  ]
])('a DPS uses %s', (_what, dps, ids) => {
  expect(usedByDps({ id: DPS, name: 'dps1', ...dps })).toEqual(ids)
})
