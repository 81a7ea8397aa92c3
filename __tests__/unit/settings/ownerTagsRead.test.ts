import { describe, expect, test } from '@jest/globals'
import {
  lifetimeOf,
  type Owner,
  seemsSibling,
  serviceVersionOf
} from '../../../src/settings/ownerTags.ts'
import { HUB, OWNERSHIP, tagsOf } from '../resources/sample.ts'

test.each<[Owner, boolean]>([
  ['ours', true],
  ['unproven', true],
  ['sibling', true],
  ['foreign', false],
  ['shared', false]
])('tags that are %s name this repository: %s', (owner, seems) => {
  expect(seemsSibling({ id: HUB, tags: tagsOf(owner, HUB) }, OWNERSHIP)).toBe(seems)
})

test('the number of this repository alone names it not', () => {
  const tags = { 'iot-repository-id': OWNERSHIP.repositoryId }
  expect(seemsSibling({ id: HUB, tags }, OWNERSHIP)).toBe(false)
})

describe('what the tags of a resource tell', () => {
  test.each<[string, Record<string, string>, string, string | undefined]>([
    ['a model that is known', { 'IOT-Service-Version': '2026-11-01' }, '2026-11-01', '2026-11-01'],
    ['a model that is not', { 'iot-service-version': '2099-01-01' }, '2099-01-01', undefined],
    ['no model', {}, '2025-11-01-preview', '2025-11-01-preview']
  ])('of %s', (_what, tags, text, known) => {
    expect(serviceVersionOf({ id: HUB, tags })).toEqual({ text, known })
  })

  test.each<[string, Record<string, string>, object]>([
    ['no end', {}, { expires: undefined, branch: undefined }],
    [
      'an end',
      { 'iot-expires': '1970-01-01T00:00:01Z' },
      { expires: { text: '1970-01-01T00:00:01Z', at: 1_000 } }
    ],
    ['what is no end', { 'iot-expires': 'soon' }, { expires: { text: 'soon', at: undefined } }],
    ['a branch', { 'iot-branch': 'b' }, { branch: 'b' }]
  ])('of %s', (_what, tags, lifetime) => {
    const { expires, branch } = lifetimeOf({ id: HUB, tags })
    expect({ expires, branch }).toEqual({ expires: undefined, branch: undefined, ...lifetime })
  })
})
