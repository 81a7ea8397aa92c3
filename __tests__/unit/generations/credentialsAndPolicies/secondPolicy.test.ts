import { expect, test } from '@jest/globals'
import {
  asSecondPolicy,
  SecondPolicyError
} from '../../../../src/generations/credentialsAndPolicies/secondPolicy.ts'
import { refused } from '../../resources/sample.ts'

test.each<[string, unknown, boolean]>([
  ['403 by its code', refused(403, 'PolicyLimitExceeded'), true],
  [
    '403 by its words is somebody’s rule on names',
    refused(403, 'Denied', 'the limit of names'),
    false
  ],
  ['400 by its code', refused(400, 'QuotaReached'), true],
  ['400 by its words', refused(400, 'Bad', 'the maximum of policies'), true],
  ['400 of another kind', refused(400, 'Bad', 'the body is wrong'), false],
  ['409 by a limit', refused(409, 'Conflict2', 'exceeds'), true],
  ['409 by a conflict', refused(409, 'Taken', 'there is only one'), true],
  ['409 of another kind', refused(409, 'Locked', 'read only'), false],
  [
    '409 while another operation runs',
    refused(409, 'Conflict', 'another operation is in progress'),
    false
  ],
  ['an operation that failed by a limit', refused(200, 'Failed', 'the limit', true), true],
  ['an operation that failed otherwise', refused(200, 'Failed', 'broken', true), false],
  ['an operation that failed by a conflict', refused(200, 'Failed', 'only one', true), false],
  ['500 that speaks of a limit', refused(500, 'Limit'), false],
  ['something that is none of Azure’s', new Error('limit'), false]
])('%s: a second policy or not', (_what, error, second) => {
  const told = asSecondPolicy(error, ['a', 'a', 'b'])
  expect(told instanceof SecondPolicyError).toBe(second)
  if (!second) expect(told).toBe(error)
  else expect((told as Error).message).toContain('beside a, b:')
})

test('there is no second without a first', () => {
  const error = refused(403, 'PolicyLimitExceeded')
  expect(asSecondPolicy(error, [])).toBe(error)
})
