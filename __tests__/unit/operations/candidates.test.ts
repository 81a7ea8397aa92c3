import { expect, test } from '@jest/globals'
import { candidatesAmong, carriersAmong } from '../../../src/operations/candidates.ts'
import type { Tagged } from '../../../src/settings/ownerTags.ts'
import type { EnvironmentBase } from '../../../src/settings/settings.ts'
import { ENVIRONMENT } from '../generations/sample.ts'
import { CLAIM, DPS, GROUP, HUB, tagsOf, target } from '../resources/sample.ts'

const { ownership } = CLAIM
const BASE = { ...ENVIRONMENT, group: target('/given'), ownership } as unknown as EnvironmentBase

const ours = (id: string, more: object = {}): Tagged => ({
  id,
  tags: { ...tagsOf('ours', id), ...more }
})
const foreign = (id: string): Tagged => ({ id, tags: tagsOf('foreign', id) })

const OTHER_GROUP = `${GROUP}2`

interface Found {
  readonly names: readonly string[]
  readonly own?: readonly string[]
  readonly group?: string
  readonly unspoken?: string
}

test.each<[string, readonly Tagged[], Found]>([
  ['are none where nothing is', [], { names: [] }],
  ['are those that are proven', [ours(HUB)], { names: ['prod'], own: [HUB] }],
  [
    'are one for all of its parts',
    [ours(HUB), ours(GROUP)],
    { names: ['prod'], own: [HUB, GROUP], group: GROUP }
  ],
  [
    'have their own group, whatever is given',
    [ours(OTHER_GROUP), ours(HUB)],
    { names: ['prod'], group: OTHER_GROUP }
  ],
  [
    'are several',
    [ours(HUB), { id: GROUP, tags: tagsOf('sibling', GROUP) }],
    { names: ['prod', 'test'] }
  ],
  ['are not those of copied tags', [{ id: HUB, tags: tagsOf('unproven', HUB) }], { names: [] }],
  [
    'are not those of another repository',
    [{ id: HUB, tags: tagsOf('foreign', HUB) }],
    { names: [] }
  ],
  ['are not what carries no tags', [{ id: HUB, tags: {} }, { id: GROUP }], { names: [] }],
  [
    'may be of a model that is not known',
    [ours(HUB, { 'iot-service-version': '2099-01-01' }), ours(GROUP)],
    { names: ['prod'], unspoken: '2099-01-01' }
  ]
])('the environments of a repository %s', (_what, found, wanted) => {
  const candidates = candidatesAmong(found, BASE)
  expect(candidates.map(({ environment }) => environment.name)).toEqual(wanted.names)
  const [first] = candidates
  if (wanted.own) expect(first?.own).toEqual(wanted.own)
  if (wanted.group) expect(first?.environment.group.id).toBe(wanted.group)
  expect(first?.unspoken).toBe(wanted.unspoken)
})

test('an environment is spoken to by the model that it was made by', () => {
  const version = (tagged: Tagged) => candidatesAmong([tagged], BASE)[0]?.environment.serviceVersion
  expect(version(ours(HUB))).toBe('2025-11-01-preview')
  expect(version(ours(HUB, { 'iot-service-version': '2026-11-01' }))).toBe('2026-11-01')
})

test.each<[string, readonly Tagged[], readonly string[]]>([
  ['its group alone', [ours(GROUP), ours(HUB)], [GROUP]],
  ['its hubs, where the group is none of its own', [foreign(GROUP), ours(HUB)], [HUB]],
  ['no hub of others', [foreign(HUB)], []],
  ['nothing else of its own', [ours(DPS)], []]
])('what says how long an environment lives is %s', (_what, found, carriers) => {
  expect(carriersAmong(found, ownership).map(({ id }) => id)).toEqual(carriers)
})
