import { createHttpHeaders } from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import {
  firstPollAfter,
  longWait,
  pollAfter,
  retryAfter
} from '../../../../src/azure/http/retryAfter.ts'

const DATE = 'Wed, 25 Nov 2026 20:05:31 GMT'
const OURS = Date.parse(DATE) + 7 * 60_000

const answer = (wait: string, date: string | undefined = DATE) => ({
  headers: createHttpHeaders({ 'retry-after': wait, ...(date && { date }) })
})

describe('Retry-After', () => {
  it.each([
    ['17', 17_000],
    ['Wed, 25 Nov 2026 20:05:41 GMT', 10_000],
    ['Wed, 25 Nov 2026 20:05:21 GMT', 0],
    ['soon', undefined],
    ['-5', undefined]
  ])('%s is seconds, or a date by the clock of who says it', (text, ms) => {
    expect(retryAfter(answer(text), OURS)).toBe(ms)
  })

  it('with a date and without the time of the service is reckoned by ours', () => {
    expect(retryAfter(answer('Wed, 25 Nov 2026 20:12:41 GMT', ''), OURS)).toBe(10_000)
  })

  it.each([
    ['0', '2'],
    ['1', '2'],
    ['17', '17'],
    ['3600', '30'],
    ['Wed, 25 Nov 2026 23:00:00 GMT', '30'],
    ['soon', undefined]
  ])('%s paces a poll within bounds', (text, seconds) => {
    expect(pollAfter(answer(text), OURS)).toBe(seconds)
  })

  it.each([
    ['900', undefined],
    ['3600', 'Azure asks to wait 60 minutes; run again after 21:06 UTC'],
    ['14069', 'Azure asks to wait 235 minutes; run again after 2026-11-26 00:00 UTC'],
    [
      '99999999999999999999',
      'Azure asks to wait 525600 minutes; run again after 2027-11-25 20:06 UTC'
    ],
    ['Wed, 25 Nov 2026 21:05:31 GMT', 'Azure asks to wait 60 minutes; run again after 21:06 UTC']
  ])('%s is told with its end when no run waits for it', (text, words) => {
    expect(longWait(answer(text))).toBe(words)
  })

  it('that is long is told without an end when the service does not tell its time', () => {
    expect(longWait(answer('3600', ''))).toBe('Azure asks to wait 60 minutes; run again then')
    expect(longWait(answer('Wed, 25 Nov 2026 23:00:00 GMT', ''))).toBeUndefined()
  })

  it.each([
    ['7', 7_000],
    ['1', 2_000],
    ['0', 0],
    ['soon', 0]
  ])('%s puts off the first poll of an operation', (text, ms) => {
    expect(firstPollAfter(answer(text), OURS)).toBe(ms)
  })

  it('that is not said asks for nothing', () => {
    const silent = { headers: createHttpHeaders() }
    expect([retryAfter(silent, OURS), firstPollAfter(silent, OURS)]).toEqual([undefined, 0])
  })
})
