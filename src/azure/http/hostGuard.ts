import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import { adviceText, lookUp } from '../errors/errorCatalogue.ts'

/** A service of the chosen cloud, and where it answers. */
export interface Service {
  readonly name: string
  /** Host names; `*.` stands for any name below. */
  readonly hosts: readonly string[]
}

/** How a request came by its address. */
export interface Source {
  /** What was being done, as in `Could not …`. */
  readonly doing: string
  /** Who told the address, as in `Azure said to go on at`. */
  readonly told: string
}

/** A request was to go to a host that is none of the service's; it was not sent. No waiting ends it. */
export class ForeignHostError extends Error {
  readonly #url: string
  readonly #service: Service

  constructor(url: string, service: Service, { doing, told }: Source) {
    const where = URL.canParse(url) ? placeOf(new URL(url)) : 'no address'
    const known = lookUp(['ForeignAddress'], '')
    super(
      [
        `Could not ${doing}.`,
        `${told} ${where}, which is not ${service.name} (${service.hosts.join(', ')}): nothing was sent there, for credentials go nowhere else.`,
        ...(known ? [adviceText(known)] : [])
      ].join('\n')
    )
    this.name = 'ForeignHostError'
    this.#url = url
    this.#service = service
  }

  /** The same, told by whoever knows better how the address was come by. */
  cameFrom(source: Source): ForeignHostError {
    return new ForeignHostError(this.#url, this.#service, source)
  }
}

/** Without TLS even the right host is a foreign one. */
function placeOf({ protocol, host, origin }: URL): string {
  if (host === '') return 'the host (none)'
  return protocol === 'https:' ? `the host ${host}` : origin
}

/** How a request came by its address, when an answer told it. */
const SOURCES = new WeakMap<PipelineRequest, Source>()

export function addressFrom(request: PipelineRequest, source: Source): void {
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
      const source = SOURCES.get(request) ?? {
        doing: `send a ${request.method} request`,
        told: 'Azure said to go on at'
      }
      this.#refusal = new ForeignHostError(request.url, this.#service, source)
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
