import type { TokenCredential } from '@azure/core-auth'
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type InternalPipelineOptions,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse
} from '@azure/core-rest-pipeline'
import { AzureError, refusalOf } from './errors.ts'
import { retryPolicy, sendOnce, withoutQuery } from './retry.ts'
import type { Time } from './time.ts'

/** What every client of this process shares. */
export interface Transport {
  readonly credential: TokenCredential
  readonly time: Time
  /** For the person who reads the log: retries and what they wait for. */
  readonly notify: (text: string) => void
  /** For the debug log: one line a request, never a body or a credential. */
  readonly debug: (text: string) => void
  /** Replaces the network in unit tests. */
  readonly httpClient?: HttpClient
}

export interface Request {
  readonly method: HttpMethods
  readonly url: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Not sent again while it is not known whether it took effect. */
  readonly once?: boolean | undefined
}

const USER_AGENT = 'provision-azure-iot'

/**
 * Options that make an Azure SDK client share our transport: our retries instead of its own, no redirects (a redirected
 * request would carry the token to another host), our user agent and our debug log.
 */
export function clientOptions(transport: Transport) {
  return {
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    additionalPolicies: [
      { policy: retryPolicy(transport), position: 'perCall' as const },
      { policy: debugPolicy(transport), position: 'perRetry' as const }
    ],
    ...(transport.httpClient && { httpClient: transport.httpClient })
  }
}

/** Sends requests to one service with a token for it. */
export class Sender {
  readonly #pipeline: Pipeline
  readonly #http: HttpClient

  /** @param scope token scope; undefined for requests that carry their own authorization */
  constructor(transport: Transport, scope: string | undefined) {
    const { additionalPolicies, httpClient, ...options } = clientOptions(transport)
    this.#http = httpClient ?? createDefaultHttpClient()
    this.#pipeline = createPipelineFromOptions(options as InternalPipelineOptions)
    for (const { policy, position } of additionalPolicies) {
      this.#pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Retry' } : {})
    }
    if (scope !== undefined) {
      const { credential } = transport
      this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }))
    }
  }

  /** @returns the answer, whatever its status; transient failures have been retried */
  async send({
    method,
    url,
    body,
    headers = {},
    signal,
    once
  }: Request): Promise<PipelineResponse> {
    const request = createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers
      }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { abortSignal: signal })
    })
    // What Azure's support asks for beside the ids of the answer.
    request.headers.set('x-ms-client-request-id', request.requestId)
    if (once) sendOnce(request)
    return this.#pipeline.sendRequest(this.#http, request)
  }
}

/** The JSON of a successful answer; undefined when it has no body. */
export function bodyOf<T>(response: PipelineResponse, operation: string, resource: string): T {
  if (response.status >= 400) throw new AzureError(operation, resource, refusalOf(response))
  if (!response.bodyAsText) return undefined as T
  try {
    return JSON.parse(response.bodyAsText) as T
  } catch {
    // A proxy's page with status 200, for instance.
    throw new AzureError(operation, resource, refusalOf(response))
  }
}

function debugPolicy({ time, debug }: Transport): PipelinePolicy {
  return {
    name: 'provisionDebugPolicy',
    async sendRequest(request, next) {
      const started = time.now()
      const line = `${request.method} ${withoutQuery(request.url)}`
      try {
        const response = await next(request)
        const id = response.headers.get('x-ms-correlation-request-id') ?? 'no correlation id'
        debug(`${line} → ${response.status} in ${time.now() - started} ms, ${id}`)
        return response
      } catch (error) {
        debug(
          `${line} → ${error instanceof Error ? error.name : 'failure'} in ${time.now() - started} ms`
        )
        throw error
      }
    }
  }
}
