import { describe, expect, test } from '@jest/globals'
import {
  born,
  type CreationPreflight,
  type CreationQuestions,
  judgeCreation,
  preflightCreation
} from '../../../src/resources/creationPreflight.ts'
import { GROUP, HUB, seeNothing, signal, toolsOf } from './sample.ts'

const missing = (create: CreationQuestions = {}) => ({
  kind: 'IoT hub',
  resource: HUB,
  input: 'hub',
  create
})
const FREE: CreationPreflight = { resourceGroupMissing: false }
const PROBLEM = { what: 'the quota is used up', advice: 'Share one.' }

describe('what is missing', () => {
  test.each<[string, CreationQuestions, CreationPreflight, object]>([
    ['is made', {}, FREE, { action: 'create' }],
    [
      'is made where a quota may be near',
      {},
      { ...FREE, quota: { warning: 'near' } },
      { action: 'create', warning: 'near' }
    ],
    [
      'is made under a name that could not be checked',
      {},
      { ...FREE, nameUnchecked: true },
      { action: 'create', unchecked: ['whether its name is available'] }
    ],
    [
      'tells what only Azure can tell',
      { unknown: ['hostName'] },
      FREE,
      { action: 'create', unknown: ['hostName'] }
    ],
    [
      'shows what a person wants to know',
      { shows: () => ({ location: 'eastus', sku: undefined }) },
      FREE,
      { action: 'create', changes: [{ property: 'location', before: undefined, after: 'eastus' }] }
    ],
    [
      'is not made against an obstacle',
      { obstacle: () => ({ action: 'cannot', problems: [PROBLEM] }) },
      FREE,
      { action: 'cannot', problems: [PROBLEM] }
    ],
    [
      'is made where there is no obstacle',
      { obstacle: () => undefined },
      FREE,
      { action: 'create' }
    ]
  ])('%s', (_what, create, preflight, verdict) => {
    expect(judgeCreation(missing(create), preflight, seeNothing)).toEqual(verdict)
  })

  test.each<[string, CreationPreflight, string]>([
    [
      'its group is missing',
      { resourceGroupMissing: true, nameTaken: 'taken.' },
      'resource group in its id'
    ],
    [
      'its name is taken',
      { ...FREE, nameTaken: 'taken.', quota: { problem: PROBLEM } },
      'not available: taken$'
    ],
    ['a quota is used up', { ...FREE, quota: { problem: PROBLEM } }, 'the quota is used up']
  ])('is not made where %s', (_where, preflight, what) => {
    const verdict = judgeCreation(missing(), preflight, seeNothing)
    expect(verdict).toMatchObject({
      action: 'cannot',
      problems: [{ what: expect.stringMatching(what) }]
    })
  })
})

describe('what is asked before', () => {
  test.each<[string, CreationQuestions, unknown, Partial<CreationPreflight>]>([
    [
      'nothing',
      {},
      undefined,
      { nameFree: false, nameUnchecked: false, resourceGroupMissing: false }
    ],
    [
      'a name that is free',
      { checkName: async () => ({ taken: undefined }) },
      undefined,
      { nameFree: true, nameUnchecked: false, nameTaken: undefined }
    ],
    [
      'a name that is taken',
      { checkName: async () => ({ taken: 'x' }) },
      undefined,
      { nameFree: false, nameUnchecked: false, nameTaken: 'x' }
    ],
    [
      'a name that Azure does not tell of',
      { checkName: async () => undefined },
      undefined,
      { nameFree: false, nameUnchecked: true }
    ],
    [
      'a group elsewhere that is there',
      { elsewhere: GROUP },
      { id: GROUP },
      { resourceGroupMissing: false }
    ],
    [
      'a group elsewhere that is not there',
      { elsewhere: GROUP },
      undefined,
      { resourceGroupMissing: true }
    ],
    [
      'a quota',
      { quota: async () => ({ warning: 'near' }) },
      undefined,
      { quota: { warning: 'near' } }
    ]
  ])('%s', async (_what, questions, group, preflight) => {
    const tools = toolsOf({}, { get: () => group })
    expect(await preflightCreation(tools, questions, seeNothing, signal)).toMatchObject(preflight)
  })
})

test('what is born leaves out what nobody asks for', () => {
  expect(born({ a: 1, b: undefined, c: null })).toEqual([
    { property: 'a', before: undefined, after: 1 },
    { property: 'c', before: undefined, after: null }
  ])
  expect(born()).toEqual([])
})
