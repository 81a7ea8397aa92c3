import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  RestError
} from '@azure/core-rest-pipeline'
import { AzureClock } from '../../../src/azure/http/azureClock.ts'
import type { Transport } from '../../../src/azure/http/pipeline.ts'
import type { Time } from '../../../src/azure/time.ts'

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The connection breaks instead. */
  readonly reset?: boolean
}

export interface FakeAzure {
  readonly transport: Transport
  readonly requests: readonly PipelineRequest[]
  readonly notices: readonly string[]
  readonly debugLines: readonly string[]
  /** Milliseconds slept, in order. */
  readonly slept: readonly number[]
}

/** Answers requests in turn, the last answer for ever; its clock moves only by sleeping. */
export function fakeAzure(...answers: readonly Answer[]): FakeAzure {
  const requests: PipelineRequest[] = []
  const notices: string[] = []
  const debugLines: string[] = []
  const slept: number[] = []
  let clock = Date.UTC(2026, 0, 1)
  const time: Time = {
    now: () => clock,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      slept.push(ms)
      clock += ms
    }
  }
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const answer = answers[Math.min(requests.length, answers.length - 1)] as Answer
      requests.push(request)
      if (answer.reset) throw new RestError('socket hang up', { code: 'ECONNRESET', request })
      const { body, headers, status } = answer
      return {
        request,
        status,
        headers: createHttpHeaders(headers ?? {}),
        ...(body !== undefined && {
          bodyAsText: typeof body === 'string' ? body : JSON.stringify(body)
        })
      }
    }
  }
  const transport: Transport = {
    credential: {
      getToken: async () => ({ token: 'token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER })
    },
    time,
    clock: new AzureClock(time, (text) => void notices.push(text)),
    notify: (text) => void notices.push(text),
    debug: (text) => void debugLines.push(text),
    answered: () => {},
    signal: new AbortController().signal,
    httpClient
  }
  return { transport, requests, notices, debugLines, slept }
}
