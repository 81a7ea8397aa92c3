import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'

/**
 * Sends so many requests at once, the others in the order in which they came. Only what is on its way to Azure counts: an
 * operation that is waited for, and a request that waits for its retry, keep nobody from being sent.
 */
export class InFlight implements HttpClient {
  readonly #client: HttpClient
  readonly #waiting: (() => void)[] = []
  #free: number

  /** @param most requests at once, one or more */
  constructor(client: HttpClient, most: number) {
    this.#client = client
    this.#free = most
  }

  /** @throws what the client throws; the reason of an abort that comes before it is sent */
  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const signal = request.abortSignal as AbortSignal | undefined
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      signal?.throwIfAborted()
      return await this.#client.sendRequest(request)
    } finally {
      // Handed on without being free in between, so that nobody who comes now goes first.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
