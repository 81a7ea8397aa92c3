import { expect, test } from '@jest/globals'
import { isGrantPending } from '../../../../src/azure/errors/grantPending.ts'
import { isNotServed } from '../../../../src/azure/errors/notServed.ts'
import {
  isUnregistered,
  undefinedIfForbidden
} from '../../../../src/azure/errors/undefinedIfForbidden.ts'
import { refused } from '../../resources/sample.ts'

const plain = Object.assign(new Error('IH400913'), {
  code: 'MissingSubscriptionRegistration',
  innerCode: 'IH400913'
})

test.each<[string, unknown, boolean, boolean, boolean]>([
  // what, a grant is pending, not served, a provider is not registered
  ['a grant that is not in effect', refused(400, '400', 'IH400913: no'), true, false, false],
  ['another refusal of the hub', refused(400, '400', 'IH400914: no'), false, false, false],
  ['a version that is not served', refused(400, 'InvalidApiVersionParameter'), false, true, false],
  [
    'a provider that is not registered',
    refused(409, 'MissingSubscriptionRegistration'),
    false,
    false,
    true
  ],
  ['something that is none of Azure’s', plain, false, false, false],
  [
    'something with the code of one',
    Object.assign(new Error('x'), { code: 'InvalidResourceType' }),
    false,
    false,
    false
  ]
])('%s', (_what, error, ...classes) => {
  expect([isGrantPending(error), isNotServed(error), isUnregistered(error)]).toEqual(classes)
})

test.each<[string, () => Promise<string>, string | undefined]>([
  ['answered', async () => 'here', 'here'],
  ['forbidden', () => Promise.reject(refused(403, 'Denied')), undefined],
  [
    'asked of a provider that is not registered',
    () => Promise.reject(refused(409, 'MissingSubscriptionRegistration')),
    undefined
  ]
])('what is %s is told, or not known', async (_what, ask, told) => {
  expect(await undefinedIfForbidden(ask)).toBe(told)
})

test.each([
  ['a page of a proxy', refused(403)],
  ['another refusal', refused(400, 'Bad')],
  ['a failure of ours', plain]
])('%s is no word of Azure on rights', async (_what, error) => {
  await expect(undefinedIfForbidden(() => Promise.reject(error))).rejects.toBe(error)
})
