import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import { adviceText, lookUp } from '../errors/known.ts'

/** A service of the chosen cloud, and where it answers. */
export interface Service {
  readonly name: string
  /** Host names; `*.` stands for any name below. */
  readonly hosts: readonly string[]
}

/** What is known of a request whose address is none of ours. */
type Addressed = Pick<PipelineRequest, 'method' | 'url'>

/** A request was to go to a host that is none of the service's; it was not sent. No waiting ends it. */
export class ForeignHostError extends Error {
  readonly #request: Addressed
  readonly #service: Service

  /** @param from where the address came from, as `an answer to …` */
  constructor(request: Addressed, service: Service, from: string) {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined
    const where = url === undefined ? 'no address at all' : `the host ${url.host}`
    const what = url === undefined ? '' : ` ${request.method} ${url.origin}${url.pathname}`
    const known = lookUp(['ForeignAddress'], '')
    super(
      [
        `Nothing was sent to ${where}: it is not ${service.name} (${service.hosts.join(', ')}), and credentials go nowhere else.`,
        `Not sent:${what}. The address came from ${from}.`,
        ...(known ? [adviceText(known)] : [])
      ].join('\n')
    )
    this.name = 'ForeignHostError'
    this.#request = request
    this.#service = service
  }

  /** The same, told by whoever knows better where the address came from. */
  cameFrom(from: string): ForeignHostError {
    return new ForeignHostError(this.#request, this.#service, from)
  }
}

/** Where the address of a request came from, when an answer told it. */
const SOURCES = new WeakMap<PipelineRequest, string>()

export function addressFrom(request: PipelineRequest, source: string): void {
  SOURCES.set(request, source)
}

/**
 * The last thing before the wire, below every policy: whatever led a request elsewhere, a next page, the address of an
 * operation, a redirect or the host name of a service, it ends here. What carries no credential is held as well: an answer
 * from elsewhere is none of Azure's.
 */
export class HostGuard implements HttpClient {
  readonly #http: HttpClient
  readonly #service: Service
  #refusal: ForeignHostError | undefined

  constructor(http: HttpClient, service: Service) {
    this.#http = http
    this.#service = service
  }

  /** What was refused last; libraries that hide what they met need not be believed. */
  get refusal(): ForeignHostError | undefined {
    return this.#refusal
  }

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    if (!isOf(this.#service, request.url)) {
      const source = SOURCES.get(request) ?? 'an answer, as its redirect or next page'
      this.#refusal = new ForeignHostError(request, this.#service, source)
      throw this.#refusal
    }
    return this.#http.sendRequest(request)
  }
}

/** Whether the address is one of the service's. */
export function isOf({ hosts }: Service, address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host } = new URL(address)
  // A port of its own makes another host of it.
  return protocol === 'https:' && hosts.some((name) => matches(name, host))
}

function matches(name: string, host: string): boolean {
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name
}
