import type { PipelineResponse } from '@azure/core-rest-pipeline'

/** Azure's own windows are minutes long; whoever is asked to wait for more is better told at once. */
export const LONGEST_WAIT_ASKED_MS = 15 * 60_000

/** How often an operation is asked for, at most and at least, whatever `Retry-After` says (contract 2.3). */
const SHORTEST_POLL_S = 2
const LONGEST_POLL_S = 30

/** A year: whoever asks for more means no time at all, and the calendar has an end. */
const LONGEST_TOLD_MS = 365 * 24 * 3600_000

type Answer = Pick<PipelineResponse, 'headers'>

/**
 * Milliseconds that a service asks to wait; the header holds seconds or a date, which is one of the service's own clock.
 *
 * @param now our time, where the answer does not tell its own
 */
export function retryAfter(answer: Answer, now?: number): number | undefined {
  const value = answer.headers.get('retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_TOLD_MS)
  // JavaScript takes almost any number for a year or a month.
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  const wait = date - (sentAt(answer) ?? now ?? Number.NaN)
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), LONGEST_TOLD_MS)
}

/** Seconds until an operation is asked for again, as a header; undefined when Azure does not say. */
export function pollAfter(answer: Answer, now: number): string | undefined {
  const asked = retryAfter(answer, now)
  if (asked === undefined) return undefined
  return String(Math.min(Math.max(Math.ceil(asked / 1000), SHORTEST_POLL_S), LONGEST_POLL_S))
}

/**
 * Milliseconds until an operation that has just begun is asked for: before the time that Azure tells, there is no answer to
 * be had. None where it tells none, for a short operation may have ended already.
 */
export function firstPollAfter(answer: Answer, now: number): number {
  return retryAfter(answer, now) ? Number(pollAfter(answer, now)) * 1000 : 0
}

/** What to do about a wait that is too long for a run, with the end of it by the clock of the service. */
export function longWait(answer: Answer): string | undefined {
  const sent = sentAt(answer)
  const asked = retryAfter(answer)
  if (asked === undefined || asked <= LONGEST_WAIT_ASKED_MS) return undefined
  const when = sent === undefined ? 'then' : `after ${minuteOf(sent, asked)} UTC`
  return `Azure asks to wait ${Math.ceil(asked / MINUTE_MS)} minutes; run again ${when}`
}

const MINUTE_MS = 60_000

/** The first full minute at which the wait is over; with its date when that is another day. */
function minuteOf(sent: number, asked: number): string {
  const end = new Date(Math.ceil((sent + asked) / MINUTE_MS) * MINUTE_MS).toISOString()
  const sameDay = end.slice(0, 10) === new Date(sent).toISOString().slice(0, 10)
  return sameDay ? end.slice(11, 16) : end.slice(0, 16).replace('T', ' ')
}

function sentAt({ headers }: Answer): number | undefined {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : date
}
