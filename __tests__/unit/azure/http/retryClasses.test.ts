import { RestError } from '@azure/core-rest-pipeline'
import { expect, test } from '@jest/globals'
import { isBusy, isFateUnknown, isPassing, withoutQuery } from '../../../../src/azure/http/retry.ts'
import { refused } from '../../resources/sample.ts'

test.each<[number, string, string, boolean]>([
  [409, 'OperationInProgress', '', true],
  [409, 'ConcurrentUpdate', '', true],
  [409, 'IH409002', '', true],
  [409, 'Conflict', 'another operation is running', true],
  [409, 'Conflict', 'An operation is in progress', true],
  [409, 'Conflict', 'the name is taken', false],
  [400, 'OperationInProgress', '', false]
])('%i %s "%s" is busy: %s', (status, code, reason, busy) => {
  expect(isBusy({ status, code, reason })).toBe(busy)
})

test.each<[string, unknown, boolean]>([
  ['after no answer', new RestError('no', { code: 'ECONNRESET' }), true],
  ['after a failure here', new Error('broken'), false],
  ['after what is no error', { code: 'ECONNRESET' }, false],
  ['after an answer that could not be read', refused(200), true],
  ['after a redirection', refused(300), false],
  ['after a server’s failure', refused(500), true],
  ['after throttling', refused(429), false],
  ['after a refusal', refused(400), false],
  ['after an operation that failed', refused(200, 'x', 'no', true), false]
])('%s nobody knows whether it took effect: %#', (_when, error, unknown) => {
  expect(isFateUnknown(error)).toBe(unknown)
})

test.each<[string, unknown, boolean]>([
  ['another operation', refused(409, 'OperationInProgress'), true],
  ['a lost answer', refused(503, 'x'), true],
  ['throttling', refused(429), true],
  ['another 409', refused(409, 'Conflict'), false],
  ['a refusal', refused(403, 'Denied'), false],
  ['a failure of ours', new Error('OperationInProgress'), false]
])('%s passes or not', (_what, error, passes) => {
  expect(isPassing(error)).toBe(passes)
})

test.each([
  ['https://x.example/a?sig=1', 'https://x.example/a'],
  ['https://x.example/a', 'https://x.example/a']
])('%s is shown as %s', (url, shown) => {
  expect(withoutQuery(url)).toBe(shown)
})
