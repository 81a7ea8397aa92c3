import { createSecureContext, type SecureContext } from 'node:tls'
import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  formDataPolicyName,
  type HttpClient,
  type Pipeline
} from '@azure/core-rest-pipeline'

/**
 * What sends every request of this process, so that whoever asks the same host shares its connections. The agent of a proxy
 * belongs to the pipeline that a request went through, and each client has a pipeline of its own: the first one serves all,
 * for there is one proxy.
 */
class OneClient implements HttpClient {
  readonly #http = createDefaultHttpClient()
  /** By the protocol that is spoken through it. */
  readonly #proxies = new Map<string, Agent>()
  /** What TLS starts from. Each connection would make the same anew. */
  #tls: SecureContext | undefined

  sendRequest(request: Request) {
    const { protocol } = new URL(request.url)
    if (protocol === 'https:') {
      this.#tls ??= createSecureContext()
      request.requestOverrides = { ...request.requestOverrides, secureContext: this.#tls }
    }
    if (request.agent !== undefined) {
      const agent = this.#proxies.get(protocol) ?? kept(request.agent, protocol)
      this.#proxies.set(protocol, agent)
      request.agent = agent
      request.requestOverrides = { ...request.requestOverrides, protocol }
    }
    return this.#http.sendRequest(request)
  }
}

type Request = Parameters<HttpClient['sendRequest']>[0]
type Agent = NonNullable<Request['agent']>

/**
 * A proxy's agent opens a tunnel and a TLS session for every request unless it is told to keep them. Unless it is told the
 * protocol as well, it guesses that from stack traces, and files a free connection under a name that it never looks for.
 */
function kept(agent: Agent, protocol: string): Agent {
  return Object.assign(agent, { keepAlive: true, protocol })
}

export const httpClient: HttpClient = new OneClient()

/** Of the library's pipeline: its own retries and redirects are off, for each caller has its own. */
export const OFF = {
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 }
} as const

/** A pipeline of the library, ready for the policies of its owner. The proxy is read here. */
export function createPipeline(options: Parameters<typeof createPipelineFromOptions>[0] = {}) {
  return withoutForms(createPipelineFromOptions({ ...OFF, ...options }))
}

/**
 * Nothing here sends forms, and only to look for one, the library makes Node read its whole `fetch`: a tenth of all that
 * happens before the first request.
 */
export function withoutForms(pipeline: Pipeline): Pipeline {
  pipeline.removePolicy({ name: formDataPolicyName })
  return pipeline
}
