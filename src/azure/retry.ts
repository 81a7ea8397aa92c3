import {
  isRestError,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  RestError
} from '@azure/core-rest-pipeline'
import { AzureError, refusalOf } from './errors.ts'
import type { Time } from './time.ts'

/** Statuses that pass by themselves (contract 2.5). */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
const ATTEMPTS = 7
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/**
 * Requests that must not be sent again while it is not known whether the first took effect: the caller has to look.
 * A second creation of a hub, for instance, is refused, and one of a DPS drops its links.
 */
const ONCE = new WeakSet<PipelineRequest>()

export function sendOnce(request: PipelineRequest): void {
  ONCE.add(request)
}

export interface RetryOptions {
  readonly time: Time
  /** Told why and for how long before each wait. */
  readonly notify: (text: string) => void
  /** Between 0 and 1. */
  readonly random?: () => number
}

/**
 * The only retry in the process: the libraries' own are off. Waits as long as Azure asks for, else with full jitter, so
 * that parallel jobs which were throttled together do not come back together.
 */
export function retryPolicy({ time, notify, random = Math.random }: RetryOptions): PipelinePolicy {
  return {
    name: 'provisionRetryPolicy',
    async sendRequest(request, next) {
      for (let attempt = 1; ; attempt++) {
        const outcome = await attemptOnce(request, next)
        const why = reasonToRetry(outcome, ONCE.has(request))
        if (why === undefined || attempt === ATTEMPTS || request.abortSignal?.aborted) {
          if ('response' in outcome && outcome.error === undefined) return outcome.response
          throw outcome.error
        }
        const cap = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS)
        const wait = retryAfter(outcome, time) ?? random() * cap
        notify(
          `${request.method} ${withoutQuery(request.url)}: ${why}; attempt ${attempt + 1} of ${ATTEMPTS} in ${Math.ceil(wait / 1000)} s`
        )
        await time.sleep(wait, request.abortSignal as AbortSignal | undefined)
      }
    }
  }
}

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
    // Refused before anything was done, whatever it was.
    if (response.status === 429) return 'HTTP 429'
    if (once) return undefined
    if (TRANSIENT.has(response.status)) return `HTTP ${response.status}`
    if (outcome.garbled || isGarbled(response)) return 'an answer that is not JSON'
    return response.status === 409 && isBusy(refusalOf(response))
      ? 'another operation is in progress'
      : undefined
  }
  const { error } = outcome
  // The pipeline gives this code to whatever kept a request from being answered: resets, refused connections, DNS.
  return !once && error instanceof Error && 'code' in error && isConnectionError(error.code)
    ? `no answer (${String(error.code)})`
    : undefined
}

/** A page of a proxy, or half of an answer. */
function isGarbled({ status, bodyAsText }: PipelineResponse): boolean {
  if (status >= 300 || !bodyAsText) return false
  try {
    JSON.parse(bodyAsText)
    return false
  } catch {
    return true
  }
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
  if (!(error instanceof AzureError))
    return error instanceof Error && 'code' in error && isConnectionError(error.code)
  if (error.fromOperation || error.code === 'ForeignAddress') return false
  return error.status < 300 || (TRANSIENT.has(error.status) && error.status !== 429)
}

function isConnectionError(code: unknown): boolean {
  return (
    code === 'REQUEST_SEND_ERROR' ||
    code === 'ECONNRESET' ||
    code === 'ECONNREFUSED' ||
    code === 'ETIMEDOUT' ||
    code === 'EPIPE' ||
    code === 'EAI_AGAIN' ||
    code === 'ENOTFOUND'
  )
}

/** Milliseconds that the service asks to wait; the header holds seconds or a date. */
function retryAfter(outcome: Outcome, time: Time): number | undefined {
  if (!('response' in outcome)) return undefined
  const value = outcome.response.headers.get('retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - time.now())
}

/** Queries may be signed (contract 2.3) and are never shown. */
export function withoutQuery(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
