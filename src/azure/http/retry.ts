import {
  isRestError,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  RestError
} from '@azure/core-rest-pipeline'
import {
  AzureError,
  isReadable,
  isThrottled,
  NoAnswerError,
  refusalOf
} from '../errors/azureError.ts'
import { isEntraBusy } from '../signIn/entraBusy.ts'
import type { Time } from '../time.ts'
import { LONGEST_WAIT_ASKED_MS, retryAfter } from './retryAfter.ts'

/** Statuses that pass by themselves (contract 2.5). */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
/** Two minutes and a half on average: outages of half a minute are ridden out. */
const ATTEMPTS = 10
/** Throttling is no failure: many jobs share one bucket, and each is let through in its turn (contract 2.5). */
const THROTTLED_ATTEMPTS = 20
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/**
 * Requests whose caller has to look before each is sent again: because it is not known whether the first took effect, or
 * because what was to be replaced may be another one after a wait. A second creation of a hub, for instance, is refused,
 * and one of a DPS drops its links.
 */
const ONCE = new WeakSet<PipelineRequest>()

export function sendOnce(request: PipelineRequest): void {
  ONCE.add(request)
}

/** Requests whose success is told in a body: without one, nothing was told. */
const TOLD = new WeakSet<PipelineRequest>()

export function needBody(request: PipelineRequest): void {
  TOLD.add(request)
}

/** What to look at directly before a request is sent, each time that it is. */
const LOOKS = new WeakMap<PipelineRequest, () => Promise<void>>()

export function lookBefore(request: PipelineRequest, look: () => Promise<void>): void {
  LOOKS.set(request, look)
}

/** To be called before a request is sent once more. */
export async function look(request: PipelineRequest): Promise<void> {
  await LOOKS.get(request)?.()
}

export interface RetryOptions {
  readonly time: Time
  /** Told why and for how long before each wait. */
  readonly notify: (text: string) => void
  /** Between 0 and 1. */
  readonly random?: () => number
}

/**
 * The only retry in the process: the libraries' own are off. Waits as long as Azure asks for and then with full jitter,
 * so that requests which were throttled together do not come back together.
 */
export function retryPolicy({ time, notify, random = Math.random }: RetryOptions): PipelinePolicy {
  return {
    name: 'provisionRetryPolicy',
    async sendRequest(request, next) {
      for (let attempt = 1; ; attempt++) {
        await look(request)
        const outcome = await attemptOnce(request, next)
        const why = reasonToRetry(outcome, ONCE.has(request))
        const attempts = why === THROTTLED ? THROTTLED_ATTEMPTS : ATTEMPTS
        const asked = ('response' in outcome && retryAfter(outcome.response, time.now())) || 0
        const spent = attempt >= attempts || asked > LONGEST_WAIT_ASKED_MS
        if (why === undefined || spent || request.abortSignal?.aborted) {
          if ('response' in outcome && outcome.error === undefined) return outcome.response
          throw asNoAnswer(outcome.error, request)
        }
        const cap = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS)
        const wait = asked + random() * cap
        notify(
          `${request.method} ${withoutQuery(request.url)}: ${why}; attempt ${attempt + 1} of ${attempts} in ${Math.ceil(wait / 1000)} s`
        )
        await time.sleep(wait, request.abortSignal as AbortSignal | undefined)
      }
    }
  }
}

const THROTTLED = 'HTTP 429'
const GARBLED = 'an answer that is not JSON'
const EMPTY = 'an empty answer'

type Outcome =
  | { readonly response: PipelineResponse; readonly error?: unknown; readonly garbled?: boolean }
  | { readonly error: unknown }

async function attemptOnce(
  request: PipelineRequest,
  next: (request: PipelineRequest) => Promise<PipelineResponse>
): Promise<Outcome> {
  try {
    return { response: await next(request) }
  } catch (error) {
    // The SDKs throw what our own client returns, and what they could not parse.
    if (isRestError(error) && error.response !== undefined) {
      return { response: error.response, error, garbled: error.code === RestError.PARSE_ERROR }
    }
    return { error }
  }
}

function reasonToRetry(outcome: Outcome, once: boolean): string | undefined {
  if ('response' in outcome) {
    const { response } = outcome
    if (response.status === 429) return once ? undefined : THROTTLED
    // Refused, though half of the reason is missing: nothing was done.
    if (response.status >= 400 && response.status < 500 && isGarbled(response)) return GARBLED
    if (once) return undefined
    if (TRANSIENT.has(response.status)) return `HTTP ${response.status}`
    if (outcome.garbled || isGarbled(response)) return GARBLED
    if (response.status === 200 && TOLD.has(response.request) && !response.bodyAsText) return EMPTY
    if (isEntraBusy(response)) return 'Microsoft Entra is busy'
    return response.status === 409 && isBusy(refusalOf(response))
      ? 'another operation is in progress'
      : undefined
  }
  const code = connectionCode(outcome.error)
  return once || code === undefined ? undefined : `no answer (${code})`
}

/** The library's words for a connection that broke, or was none, tell neither what was asked nor what to do. */
function asNoAnswer(error: unknown, request: PipelineRequest): unknown {
  const unanswered = isRestError(error) && error.response === undefined
  const code = connectionCode(error) ?? (unanswered ? (error.code ?? error.name) : undefined)
  return code === undefined ? error : new NoAnswerError(request, code, error as Error)
}

/** For pipelines without our retries: their failures read like those of the others. */
export const noAnswerPolicy: PipelinePolicy = {
  name: 'provisionNoAnswerPolicy',
  async sendRequest(request, next) {
    try {
      return await next(request)
    } catch (error) {
      throw asNoAnswer(error, request)
    }
  }
}

/** A page of a proxy instead of a success, or half of an answer; the page that a proxy refuses with is its last word. */
function isGarbled(response: PipelineResponse): boolean {
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return (response.status < 300 || isJson) && !isReadable(response)
}

/** 409 means many things; this is the kind that passes (contract 2.5). */
export function isBusy({
  status,
  code,
  reason
}: {
  readonly status: number
  readonly code: string
  readonly reason: string
}): boolean {
  return (
    status === 409 &&
    /InProgress|Concurrent|IH409002|another operation|operation is in progress/i.test(
      `${code} ${reason}`
    )
  )
}

/** True when the request may have taken effect although no proper answer came. */
export function isFateUnknown(error: unknown): boolean {
  if (!(error instanceof AzureError)) return connectionCode(error) !== undefined
  if (error.fromOperation) return false
  return error.status < 300 || (TRANSIENT.has(error.status) && error.status !== 429)
}

/** True when it is worth another attempt, after another look: not done, being in the way of something, or perhaps done. */
export function isPassing(error: unknown): boolean {
  return (
    isFateUnknown(error) || isThrottled(error) || (error instanceof AzureError && isBusy(error))
  )
}

/** What the pipeline gives to whatever kept a request from being answered: resets, refused connections, DNS. */
const CONNECTION: ReadonlySet<unknown> = new Set([
  'REQUEST_SEND_ERROR',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND'
])

function connectionCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && CONNECTION.has(error.code)
    ? String(error.code)
    : undefined
}

/** Queries may be signed (contract 2.3) and are never shown. */
export function withoutQuery(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
