import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
  RestError
} from '@azure/core-rest-pipeline'
import { answerPolicy } from '../answer.ts'
import { AzureError, isReadable, parseObject, refusalOf } from '../errors/azureError.ts'
import { idsOf } from '../operation.ts'
import type { Credential } from '../signIn/tokenMemory.ts'
import type { Time } from '../time.ts'
import { authorizationPolicy } from './authorization.ts'
import { type AzureClock, clockPolicy } from './azureClock.ts'
import { createPipeline, httpClient, OFF } from './client.ts'
import { addressFrom, ForeignHostError, HostGuard, type Service, type Source } from './hostGuard.ts'
import { interruptPolicy } from './interrupt.ts'
import { lookBefore, needBody, retryPolicy, sendOnce, withoutQuery } from './retry.ts'
import { VERSION } from './version.ts'

/** What every client of this process shares. */
export interface Wire {
  readonly time: Time
  /** Aborted when the run is cancelled or its time is up. */
  readonly signal: AbortSignal
  /** For the person who reads the log: retries and what they wait for. */
  readonly notify: (text: string) => void
  /** For the debug log: one line a request, never a body or a credential. */
  readonly debug: (text: string) => void
  /** Told of each answer; puts it into words only when asked to, as when the run is out of time. */
  readonly answered: (inWords: () => string) => void
  /** Replaces the network in unit tests. */
  readonly httpClient?: HttpClient
}

/** What every client of Azure's services shares. */
export interface Transport extends Wire {
  readonly credential: Credential
  readonly clock: AzureClock
}

export interface Request {
  readonly method: HttpMethods
  readonly url: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Not sent again while it is not known whether it took effect. */
  readonly once?: boolean | undefined
  /** Its success is told in a body: sent again while there is none. */
  readonly told?: boolean | undefined
  /** Called directly before each sending, retries included; what it throws is thrown. */
  readonly before?: (() => Promise<void>) | undefined
  /** How the address was come by, when an answer told it. */
  readonly from?: Source | undefined
}

/** Tells Azure's own logs which release a request came from. */
const USER_AGENT = `provision-azure-iot/${VERSION}`

/**
 * Options that make an Azure SDK client share our transport: our retries instead of its own, no redirects (Azure's services
 * send none), our user agent and our debug log, and nothing sent but to the service itself.
 *
 * @param own what is to happen at each attempt besides
 */
export function wireOptions(
  transport: Wire,
  service: Service,
  own: readonly PipelinePolicy[] = []
) {
  return {
    ...OFF,
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    additionalPolicies: [
      // Outside of the retries: it has to hold while they wait.
      { policy: interruptPolicy(transport.signal), position: 'perCall' as const },
      { policy: retryPolicy(transport), position: 'perCall' as const },
      ...own.map((policy) => ({ policy, position: 'perRetry' as const })),
      { policy: debugPolicy(transport), position: 'perRetry' as const },
      { policy: answerPolicy, position: 'perRetry' as const }
    ],
    httpClient: new HostGuard(transport.httpClient ?? httpClient, service)
  }
}

/**
 * The options of a client of one of Azure's services.
 *
 * @param scope token scope; undefined for requests that carry their own authorization
 */
export function clientOptions(transport: Transport, service: Service, scope: string | undefined) {
  const { credential, clock, time } = transport
  return wireOptions(transport, service, [
    ...(scope === undefined ? [] : [authorizationPolicy(credential, scope)]),
    clockPolicy(clock, time)
  ])
}

/** Sends requests to one service, and nowhere else, with a token for it. */
export class Sender {
  readonly #pipeline: Pipeline
  readonly #http: HttpClient
  readonly #service: Service

  /** @param scope token scope; undefined for requests that carry their own authorization */
  constructor(transport: Transport, service: Service, scope: string | undefined) {
    const options = clientOptions(transport, service, scope)
    const { additionalPolicies, httpClient, ...others } = options
    this.#http = httpClient
    this.#service = service
    this.#pipeline = createPipeline(others)
    for (const { policy, position } of additionalPolicies) {
      this.#pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Retry' } : {})
    }
  }

  /** @returns the answer, whatever its status; transient failures have been retried */
  async send({
    method,
    url,
    body,
    headers = {},
    signal,
    once,
    told,
    before,
    from
  }: Request): Promise<PipelineResponse> {
    if (from && !URL.canParse(url)) throw new ForeignHostError(url, this.#service, from)
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
    if (told) needBody(request)
    if (before) lookBefore(request, before)
    if (from !== undefined) addressFrom(request, from)
    return this.#pipeline.sendRequest(this.#http, request)
  }
}

/**
 * The JSON of a successful answer; undefined when it has no body.
 *
 * @throws AzureError for a refusal, a redirect, and what is no answer of Azure's, such as a proxy's page with status 200
 */
export function bodyOf<T>(response: PipelineResponse, operation: string, resource: string): T {
  const { status, bodyAsText } = response
  if (status < 300 && !bodyAsText) return undefined as T
  const body = status < 300 ? parseObject(bodyAsText ?? '') : undefined
  if (body === undefined) throw new AzureError(operation, resource, refusalOf(response))
  return body as T
}

/** Why an answer with a good status is none. */
export const LACKING = 'the answer lacks what it should have'

/** JSON, or nothing, and yet not what Azure says here. */
export function unreadable(response: PipelineResponse, operation: string, resource: string): never {
  const { status } = response
  throw new AzureError(operation, resource, {
    status,
    code: `HTTP ${status}`,
    reason: LACKING,
    ...idsOf(response)
  })
}

/** Microsoft's clients read what they expect out of whatever comes: a proxy's page, or nothing at all, must not reach them. */
export const readablePolicy: PipelinePolicy = {
  name: 'provisionReadablePolicy',
  async sendRequest(request, next) {
    needBody(request)
    const response = await next(request)
    const { status, bodyAsText } = response
    if (status < 300 ? bodyAsText && isReadable(response) : status >= 400) return response
    const code = RestError.PARSE_ERROR
    throw new RestError('no answer of Azure', { code, statusCode: status, request, response })
  }
}

function debugPolicy({ time, debug, answered }: Wire): PipelinePolicy {
  return {
    name: 'provisionDebugPolicy',
    async sendRequest(request, next) {
      const started = time.now()
      const line = `${request.method} ${withoutQuery(request.url)}`
      try {
        const response = await next(request)
        const id = response.headers.get('x-ms-correlation-request-id') ?? 'no correlation id'
        answered(() => `${line} with ${response.status}${said(response)}`)
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

/** The state or the code in an answer. */
function said(response: PipelineResponse): string {
  const { status, bodyAsText } = response
  if (status >= 400) return ` (${refusalOf(response).code})`
  const body: { status?: unknown; properties?: { provisioningState?: unknown } } | undefined =
    parseObject(bodyAsText || '{}')
  const state = body ? (body.status ?? body.properties?.provisioningState) : 'no JSON'
  return typeof state === 'string' ? ` (${state})` : ''
}
