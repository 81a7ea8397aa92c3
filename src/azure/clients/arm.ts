import { createHttpPoller, type OperationResponse } from '@azure/core-lro'
import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline'
import { hasTexts } from '../answer.ts'
import { scopeOf } from '../clouds.ts'
import { AzureError, parseObject, refusalOf, saysAbsent } from '../errors/azureError.ts'
import type { Service, Source } from '../http/hostGuard.ts'
import { bodyOf, Sender, type Transport, unreadable } from '../http/pipeline.ts'
import type { ReadAhead } from '../http/readAhead.ts'
import { firstPollAfter } from '../http/retryAfter.ts'
import {
  failureOf,
  forPoller,
  idsOf,
  isFollowed,
  isOddState,
  nothing,
  SILENT_POLLS,
  underWay
} from '../operation.ts'
import type { ListOptions, ReadOptions, WriteOptions } from './armOptions.ts'

/** How often a long-running operation is asked for while Azure gives no `Retry-After`: three seconds cost a short one little. */
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
  readonly #clock: Transport['clock']
  readonly #ahead: ReadAhead

  /** @param ahead answers that were asked for before they are needed */
  constructor(transport: Transport, endpoint: string, ahead: ReadAhead) {
    this.#ahead = ahead
    this.#sender = new Sender(transport, armAt(endpoint), scopeOf(endpoint))
    this.#endpoint = endpoint
    this.#time = transport.time
    this.#clock = transport.clock
  }

  /** Azure's time in milliseconds since 1970, by the `Date` of its answers; undefined while none has told it. */
  now(): number | undefined {
    return this.#clock.now()
  }

  /**
   * @returns the resource, or undefined when it, its parent or its group does not exist
   * @throws AzureError
   */
  async get<T>(id: string, apiVersion: string, options: ReadOptions): Promise<T | undefined> {
    const url = this.#url(id, apiVersion, options.query)
    const sent = this.#read(url, options.signal)
    if (options.leave) this.#ahead.ask(url, () => sent)
    const response = await sent
    if (isAbsent(response)) return undefined
    const body = bodyOf<T | undefined>(response, options.operation, id)
    return body ?? unreadable(response, options.operation, id)
  }

  /**
   * @returns all pages of a list; empty when its parent does not exist
   * @throws AzureError
   */
  async list<T>(path: string, apiVersion: string, options: ListOptions): Promise<readonly T[]> {
    const pages: (readonly T[])[] = []
    let url: string | undefined = this.#url(path, apiVersion, options.query)
    const from = {
      doing: `${options.operation} ${path}`,
      told: 'Azure said to go on (`nextLink`) at'
    }
    while (url !== undefined) {
      const response = await this.#read(url, options.signal, from)
      if (pages.length === 0 && isAbsent(response)) return []
      const page: Page<T> = this.#page(response, path, options, pages.length + 1)
      pages.push(page.value)
      url = page.nextLink ? this.#absolute(page.nextLink) : undefined
    }
    return pages.flat()
  }

  /** Sends ahead what `get`, or the first page of `list`, is going to ask for. */
  ask(path: string, apiVersion: string, { query, signal }: Omit<ReadOptions, 'operation'>): void {
    const url = this.#url(path, apiVersion, query)
    this.#ahead.ask(url, () => this.#send(url, signal))
  }

  #read(url: string, signal?: AbortSignal, from?: Source): Promise<PipelineResponse> {
    return this.#ahead.take(url, () => this.#send(url, signal, from))
  }

  #send(url: string, signal?: AbortSignal, from?: Source): Promise<PipelineResponse> {
    return this.#sender.send({ method: 'GET', url, signal, told: true, from })
  }

  #page<T>(
    response: PipelineResponse,
    path: string,
    { operation, has = ['id', 'name'] }: ListOptions,
    number: number
  ): Page<T> {
    try {
      const page = bodyOf<Page<T> | undefined>(response, operation, path)
      return Array.isArray(page?.value) && page.value.every((item) => hasTexts(item, has))
        ? page
        : unreadable(response, operation, path)
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
    let statusUrl: string | undefined
    let silent = 0
    let pause = 0
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
      const unknown = polled && response.status === 404
      if (unknown && ++silent <= SILENT_POLLS) return underWay(url, method)
      // An operation that is polled by its Location ends with the status that the request would have had.
      if (polled && response.status >= 400)
        throw new AzureError(operation, id, refusalOf(response), polled)
      const body = bodyOf<Record<string, unknown> | undefined>(response, operation, id)
      if (polled && url === statusUrl && body?.status === undefined) {
        return ++silent <= SILENT_POLLS
          ? underWay(url, method)
          : unreadable(response, operation, id)
      }
      if (isOddState(body)) return unreadable(response, operation, id)
      // Where the answer tells how to follow the operation, its body may still show how an earlier one ended.
      const failure = polled || !isFollowed(response) ? failureOf(body, response) : undefined
      if (failure !== undefined) {
        const status = 200
        throw new AzureError(operation, id, { status, ...failure, ...idsOf(response) }, true)
      }
      return forPoller(response, body, { url, method, now: this.#time.now() })
    }
    const poller = createHttpPoller(
      {
        sendInitialRequest: async () => {
          const headers = options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }
          const { body, once, before } = options
          const request = { method, url: own, body, headers, signal, once, before }
          const response = await this.#sender.send(request)
          const status = response.headers.get('azure-asyncoperation')
          if (status !== undefined) statusUrl = this.#absolute(status)
          pause = firstPollAfter(response, this.#time.now())
          const answer = answered(response, own)
          options.accepted?.(parseObject(response.bodyAsText ?? ''))
          return answer
        },
        sendPollRequest: async (path) => {
          progress?.(`Azure to ${operation}`)
          // The poller keeps the pauses after this one.
          if (pause > 0) await this.#time.sleep(pause, signal)
          pause = 0
          const url = this.#absolute(path)
          const told = 'Azure said to follow the operation at'
          const from = { doing: `${operation} ${id}`, told }
          return answered(await this.#sender.send({ method: 'GET', url, signal, from }), url, true)
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

function isAbsent(response: PipelineResponse): boolean {
  return response.status === 404 && saysAbsent(refusalOf(response))
}
