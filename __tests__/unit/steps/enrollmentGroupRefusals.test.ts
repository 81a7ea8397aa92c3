import { expect, test } from '@jest/globals'
import { SignInError } from '../../../src/azure/signIn/signInError.ts'
import { isPending, isRefused, isUnlinked } from '../../../src/steps/enrollmentGroupRefusals.ts'
import { refused } from '../resources/sample.ts'

const signIn = (code: string) => new SignInError(code, 'no', undefined)

test.each<[string, unknown, boolean, boolean, boolean]>([
  // what, refused, pending, unlinked
  ['no key and no role, by 401', refused(401, '401002'), true, false, false],
  ['no key and no role, by 403', refused(403, '403002'), true, false, false],
  ['Entra that says no', signIn('AADSTS500011'), true, false, false],
  ['Entra that is busy', signIn('AADSTS90033'), false, false, false],
  ['no answer at all', signIn('SignInFailed'), false, false, false],
  ['grants that are not in effect', refused(403, '403000'), true, true, false],
  [
    'a namespace that is not reached',
    refused(400, '400004', 'the Namespace is unknown'),
    false,
    true,
    false
  ],
  ['another 400004', refused(400, '400004', 'the body is bad'), false, false, false],
  [
    'another refusal that names the namespace',
    refused(400, '400001', 'namespace'),
    false,
    false,
    false
  ],
  ['a hub that is not linked', refused(400, '400002', 'Hub is Not Linked'), false, false, true],
  ['another 400002', refused(400, '400002', 'the body is bad'), false, false, false],
  [
    'another refusal that says not linked',
    refused(400, '400001', 'not linked'),
    false,
    false,
    false
  ],
  [
    'something that is none of Azure’s',
    Object.assign(new Error('not linked namespace'), { code: '403000' }),
    false,
    false,
    false
  ],
  ['something that is no error', '400002', false, false, false]
])('%s: refused %s, pending %s, unlinked %s', (_what, error, ...classes) => {
  expect([isRefused(error), isPending(error), isUnlinked(error)]).toEqual(classes)
})
