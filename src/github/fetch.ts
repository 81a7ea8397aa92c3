import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  type PipelineRequest,
  type PipelineResponse
} from '@azure/core-rest-pipeline'
import { parseObject } from '../azure/errors/azureError.ts'
import { createPipeline, httpClient } from '../azure/http/client.ts'

/** What octokit gives to a `fetch`. */
interface FetchOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

/** As many as the standard of `fetch` has. */
const REDIRECTS = 20

/**
 * `fetch` as far as octokit needs it, over the connections and the proxy of everything else. The runner's own for octokit
 * brings a second HTTP library.
 *
 * @throws RestError where nothing was answered, Error for a refusal that is none of GitHub's
 */
export async function fetch(address: string | URL, options: FetchOptions = {}): Promise<Response> {
  const url = String(address)
  const request = createPipelineRequest({
    url,
    method: (options.method ?? 'GET') as HttpMethods,
    headers: createHttpHeaders(options.headers ?? {}),
    ...(options.body !== undefined && { body: options.body }),
    ...(options.signal && { abortSignal: options.signal }),
    // The runner says where GitHub is; a server of one's own may well do without TLS.
    allowInsecureConnection: url.startsWith('http:')
  })
  // Redirects are followed here: the pipeline's own take the token away even within GitHub, where a renamed branch leads on.
  const pipeline = createPipeline()
  for (let redirects = 0; ; redirects++) {
    const response = await pipeline.sendRequest(httpClient, request)
    if (redirects === REDIRECTS || !redirect(request, response)) return answerOf(response)
  }
}

/** Turns the request to where the answer leads. The token stays behind when that is elsewhere. */
function redirect(request: PipelineRequest, { status, headers }: PipelineResponse): boolean {
  const location = headers.get('location')
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return false
  const from = new URL(request.url)
  const to = new URL(location, from)
  if (to.origin !== from.origin) request.headers.delete('authorization')
  if (status < 307 && request.method !== 'GET') {
    request.method = 'GET'
    delete request.body
  }
  request.url = to.href
  return true
}

/** These have no body, says the standard. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

function answerOf({ status, headers, bodyAsText }: PipelineResponse): Response {
  // What GitHub refuses, it refuses in JSON; a proxy that opens no tunnel answers in GitHub's place.
  if (status >= 400 && parseObject(bodyAsText ?? '') === undefined)
    throw new Error(`HTTP ${status}, which is not an answer of GitHub's`)
  return new Response(BODILESS.has(status) ? null : (bodyAsText ?? ''), {
    status,
    headers: headers.toJSON()
  })
}
