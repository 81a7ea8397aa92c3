import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import type { Time } from './time.ts'

/** Statuses that pass by themselves (contract 2.5). */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
const ATTEMPTS = 7
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

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
        const why = reasonToRetry(outcome)
        if (why === undefined || attempt === ATTEMPTS || request.abortSignal?.aborted) {
          if ('error' in outcome) throw outcome.error
          return outcome.response
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

type Outcome = { readonly response: PipelineResponse } | { readonly error: unknown }

async function attemptOnce(
  request: PipelineRequest,
  next: (request: PipelineRequest) => Promise<PipelineResponse>
): Promise<Outcome> {
  try {
    return { response: await next(request) }
  } catch (error) {
    return { error }
  }
}

function reasonToRetry(outcome: Outcome): string | undefined {
  if ('response' in outcome) {
    const { status } = outcome.response
    return TRANSIENT.has(status) ? `HTTP ${status}` : undefined
  }
  const { error } = outcome
  // The pipeline gives this code to whatever kept a request from being answered: resets, refused connections, DNS.
  return error instanceof Error && 'code' in error && isConnectionError(error.code)
    ? `no answer (${String(error.code)})`
    : undefined
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
