import { describe, expect, test } from '@jest/globals'
import {
  dpsJoining,
  hubJoining
} from '../../../../src/generations/certificateAuthorities/joining.ts'
import type { Dps, Hub, Identity } from '../../../../src/resources/model.ts'
import type { HubSku } from '../../../../src/settings/settings.ts'
import { target } from '../../resources/sample.ts'
import { DPS, HUB } from './sample.ts'

const OWN: Identity = { type: 'SystemAssigned', principalId: 'p' }
const ATTACHED: Identity = { type: 'UserAssigned', userAssignedIdentities: { '/id': {} } }

const joining = (sku?: HubSku) =>
  hubJoining({ ...target(HUB), location: undefined, ...(sku && { sku }) })
const hub = (name?: string, capacity = 1, identity: Identity = OWN): Hub => ({
  id: HUB,
  name: 'hub1',
  identity,
  ...(name !== undefined && { sku: { name, capacity } })
})
const dps = (identity?: Identity): Dps => ({ id: DPS, name: 'dps1', ...(identity && { identity }) })

describe('a hub', () => {
  test.each<[string, HubSku | undefined, Hub, readonly string[]]>([
    ['of any S tier fits', undefined, hub('s3', 7), []],
    ['of no S tier does not', undefined, hub('GEN2'), ['sku.name']],
    ['of no known tier does not', undefined, hub(), ['sku.name']],
    ['of the tier that is wanted fits', { name: 'S2', capacity: 2 }, hub('s2', 2), []],
    ['of another tier does not', { name: 'S2', capacity: 2 }, hub('S1', 2), ['sku.name']],
    ['of other units does not', { name: 'S2', capacity: 2 }, hub('S2', 1), ['sku.capacity']],
    [
      'of another tier and other units does not',
      { name: 'S2', capacity: 2 },
      hub(),
      ['sku.name', 'sku.capacity']
    ]
  ])('%s', (_what, sku, found, properties) => {
    expect(
      joining(sku)
        .differences(found)
        .map(({ property }) => property)
    ).toEqual(properties)
  })

  test('is made as S1 unless a tier is wanted', () => {
    expect(joining().sku).toEqual({ name: 'S1', capacity: 1 })
    expect(joining({ name: 'S3', capacity: 2 }).sku).toEqual({ name: 'S3', capacity: 2 })
  })

  test.each<[Hub, readonly boolean[]]>([
    [hub('S1'), [true, true, true]],
    [hub('GEN2'), [true, false, true]],
    [hub('S1', 1, {}), [true, true, false]]
  ])('%j is checked', (found, holds) => {
    expect(
      joining()
        .checks(found)
        .map((check) => check.holds)
    ).toEqual(holds)
  })
})

describe('a DPS', () => {
  test.each<[string, Identity | undefined, number, string]>([
    ['with an identity of its own fits', OWN, 0, 'SystemAssigned'],
    ['with an attached one fits', ATTACHED, 0, 'UserAssigned'],
    ['with none does not', { type: 'None' }, 1, 'None'],
    ['that tells of none does not', undefined, 1, 'None']
  ])('%s', (_what, identity, differences, type) => {
    expect(dpsJoining().differences(dps(identity))).toHaveLength(differences)
    const [, check] = dpsJoining().checks(dps(identity))
    expect(check).toMatchObject({ holds: differences === 0, found: `its identity is ${type}` })
  })
})

test.each<[string, Identity | undefined, boolean]>([
  ['is told', OWN, false],
  ['is late', { type: 'SystemAssigned' }, true],
  ['is none of an attached identity', ATTACHED, false],
  ['is none without an identity', undefined, false]
])('the principal of its identity %s', (_what, identity, late) => {
  expect(dpsJoining().late?.(dps(identity)) !== undefined).toBe(late)
  expect(joining().late?.(hub('S1', 1, identity ?? {})) !== undefined).toBe(late)
})
