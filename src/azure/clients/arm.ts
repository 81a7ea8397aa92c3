import { createHttpPoller, type OperationResponse } from '@azure/core-lro'
import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline'
import { AzureError, describe, refusalOf, saysAbsent } from '../errors/azureError.ts'
import type { Service } from '../http/hostGuard.ts'
import { bodyOf, Sender, type Transport } from '../http/pipeline.ts'

export interface ReadOptions {
  /** What is being done, for messages: `read IoT hub`. */
  readonly operation: string
  readonly query?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface WriteOptions {
  readonly apiVersion: string
  /** What is being done, for messages: `create IoT hub`. */
  readonly operation: string
  readonly body?: unknown
  /** Etag that the resource must still have. */
  readonly ifMatch?: string
  readonly signal?: AbortSignal
  /** Called directly before each sending, retries included; what it throws ends the write. */
  readonly before?: () => Promise<void>
  /** Not sent again while it is not known whether it took effect: the caller looks. */
  readonly once?: boolean
  /** Told while a long-running operation goes on. */
  readonly progress?: (waitingFor: string) => void
}

/**
 * How often a long-running operation is asked for at first; Azure's own `Retry-After` takes over as soon as it gives one.
 * Its polling contract names no floor, three seconds cost a short operation little.
 */
const FIRST_POLL_MS = 3_000

/** Azure Resource Manager at this endpoint. */
export function armAt(endpoint: string): Service {
  return { name: 'Azure Resource Manager', hosts: [new URL(endpoint).host] }
}

/**
 * Azure Resource Manager, for everything whose bodies the SDKs would not carry faithfully: they drop the properties that
 * join hub and DPS to a namespace without a word (contract section 17).
 */
export class Arm {
  readonly #sender: Sender
  readonly #endpoint: string
  readonly #time: Transport['time']
  /** Milliseconds by which Azure's clock is ahead of ours; undefined while it has not told. */
  #ahead: number | undefined

  constructor(transport: Transport, endpoint: string) {
    this.#sender = new Sender(transport, armAt(endpoint), `${endpoint}/.default`)
    this.#endpoint = endpoint
    this.#time = transport.time
  }

  /** Azure's time in milliseconds since 1970, by the `Date` of its answers; undefined while none has told it. */
  now(): number | undefined {
    return this.#ahead === undefined ? undefined : this.#time.now() + this.#ahead
  }

  async #send(request: Parameters<Sender['send']>[0]): Promise<PipelineResponse> {
    const response = await this.#sender.send(request)
    const told = Date.parse(response.headers.get('date') ?? '')
    // What stands between has a clock of its own.
    const azures = response.headers.has('x-ms-request-id')
    if (azures && !Number.isNaN(told)) this.#ahead = told - this.#time.now()
    return response
  }

  /**
   * @returns the resource, or undefined when it, its parent or its group does not exist
   * @throws AzureError
   */
  async get<T>(id: string, apiVersion: string, options: ReadOptions): Promise<T | undefined> {
    const response = await this.#send({
      method: 'GET',
      url: this.#url(id, apiVersion, options.query),
      signal: options.signal
    })
    if (isAbsent(response)) return undefined
    const body = bodyOf<T | undefined>(response, options.operation, id)
    return body ?? unreadable(response, options.operation, id)
  }

  /**
   * @returns all pages of a list; empty when its parent does not exist
   * @throws AzureError
   */
  async list<T>(path: string, apiVersion: string, options: ReadOptions): Promise<readonly T[]> {
    const pages: (readonly T[])[] = []
    let url: string | undefined = this.#url(path, apiVersion, options.query)
    const from = {
      doing: `${options.operation} ${path}`,
      told: 'Azure said to go on (`nextLink`) at'
    }
    while (url !== undefined) {
      const response = await this.#send({ method: 'GET', url, signal: options.signal, from })
      if (pages.length === 0 && isAbsent(response)) return []
      const page: Page<T> = this.#page(response, path, options.operation, pages.length + 1)
      pages.push(page.value)
      url = page.nextLink ? this.#absolute(page.nextLink) : undefined
    }
    return pages.flat()
  }

  #page<T>(response: PipelineResponse, path: string, operation: string, number: number): Page<T> {
    try {
      const page = bodyOf<Page<T> | undefined>(response, operation, path)
      return Array.isArray(page?.value) ? page : unreadable(response, operation, path)
    } catch (error) {
      if (number === 1) throw error
      // Not an AzureError any more: whoever could do without an answer cannot do with a part of one.
      const said = error instanceof Error ? error.message : String(error)
      throw new Error(
        `${said}\nThe list broke off on page ${number}: a part of a list tells nothing.`,
        {
          cause: error
        }
      )
    }
  }

  /** Creates or replaces, and waits until that is done. @throws AzureError */
  put<T>(id: string, options: WriteOptions): Promise<T> {
    return this.#write<T>('PUT', id, options)
  }

  /** Changes, and waits until that is done. @throws AzureError */
  patch<T>(id: string, options: WriteOptions): Promise<T> {
    return this.#write<T>('PATCH', id, options)
  }

  /** Deletes, and waits until that is done; what is gone already is no failure. @throws AzureError */
  async delete(id: string, options: WriteOptions): Promise<void> {
    await this.#write('DELETE', id, options)
  }

  /** Acts, and waits until that is done. @throws AzureError */
  post<T>(path: string, options: WriteOptions): Promise<T> {
    return this.#write<T>('POST', path, options)
  }

  async #write<T>(method: HttpMethods, id: string, options: WriteOptions): Promise<T> {
    const { operation, signal, progress } = options
    const own = this.#url(id, options.apiVersion)
    const answered = (
      response: PipelineResponse,
      url: string,
      polled = false
    ): OperationResponse => {
      // A deletion has ended when nothing is found any more, at once or while it is polled (contract 2.3 and 12). What an
      // operation has just made may take a moment to show (contract 11.6): whoever needs it looks again.
      const ended = polled && method === 'DELETE' && response.status === 404
      if (ended || ((method === 'DELETE' || (polled && url === own)) && isAbsent(response)))
        return nothing(url, method)
      // An operation that is polled by its Location ends with the status that the request would have had.
      if (polled && response.status >= 400)
        throw new AzureError(operation, id, refusalOf(response), polled)
      const body = bodyOf<Record<string, unknown> | undefined>(response, operation, id)
      // Where the answer tells how to follow the operation, its body may still show how an earlier one ended.
      const failure = polled || !isFollowed(response) ? failureOf(body, response) : undefined
      if (failure !== undefined) {
        const status = 200
        throw new AzureError(operation, id, { status, ...failure, ...idsOf(response) }, true)
      }
      const rawResponse = {
        statusCode: response.status,
        headers: response.headers.toJSON(),
        body,
        request: { url, method }
      }
      return { flatResponse: body, rawResponse }
    }
    const poller = createHttpPoller(
      {
        sendInitialRequest: async () => {
          const headers = options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }
          const { body, once, before } = options
          const request = { method, url: own, body, headers, signal, once, before }
          return answered(await this.#send(request), own)
        },
        sendPollRequest: async (path) => {
          progress?.(`Azure to ${operation}`)
          const url = this.#absolute(path)
          const told = 'Azure said to follow the operation at'
          const from = { doing: `${operation} ${id}`, told }
          return answered(await this.#send({ method: 'GET', url, signal, from }), url, true)
        }
      },
      { intervalInMs: FIRST_POLL_MS }
    )
    return (await poller.pollUntilDone(signal ? { abortSignal: signal } : {})) as T
  }

  #url(path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}): string {
    const url = new URL(path, this.#endpoint)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    url.searchParams.set('api-version', apiVersion)
    return url.href
  }

  /** Azure's answers say where to go on, now and then without a host. */
  #absolute(address: string): string {
    return URL.canParse(address, this.#endpoint) ? new URL(address, this.#endpoint).href : address
  }
}

interface Page<T> {
  readonly value: readonly T[]
  readonly nextLink?: string
}

/** JSON, and yet not what Azure says here. */
function unreadable(response: PipelineResponse, operation: string, resource: string): never {
  const { status } = response
  const reason = 'the answer lacks what it should have'
  throw new AzureError(operation, resource, {
    status,
    code: `HTTP ${status}`,
    reason,
    ...idsOf(response)
  })
}

/** The answer of an operation that is done and has nothing to say. */
function nothing(url: string, method: HttpMethods): OperationResponse {
  const rawResponse = { statusCode: 204, headers: {}, body: undefined, request: { url, method } }
  return { flatResponse: undefined, rawResponse }
}

function isFollowed({ headers }: PipelineResponse): boolean {
  return headers.has('azure-asyncoperation') || headers.has('location')
}

function isAbsent(response: PipelineResponse): boolean {
  return response.status === 404 && saysAbsent(refusalOf(response))
}

/** What an operation status, or a resource, says of an operation that failed. */
function failureOf(
  body: Record<string, unknown> | undefined,
  response: PipelineResponse
): { code: string; reason: string } | undefined {
  if (body === undefined) return undefined
  const properties = body.properties as Record<string, unknown> | undefined
  const state = body.status ?? properties?.provisioningState
  if (state !== 'Failed' && state !== 'Canceled') return undefined
  const said = describe(body, response.status)
  return said.reason === 'no message'
    ? { code: `Operation${state}`, reason: 'Azure gave no reason' }
    : said
}

function idsOf(response: PipelineResponse) {
  return {
    correlationId: response.headers.get('x-ms-correlation-request-id'),
    requestId: response.headers.get('x-ms-request-id')
  }
}
