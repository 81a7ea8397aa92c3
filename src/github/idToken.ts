import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse
} from '@azure/core-rest-pipeline'
import { parseObject } from '../azure/errors/azureError.ts'
import { createPipeline, httpClient } from '../azure/http/client.ts'
import { interruptPolicy } from '../azure/http/interrupt.ts'
import { noAnswerPolicy } from '../azure/http/retry.ts'

/** GitHub, or a proxy in its place, answered with something else than a token. */
export class IdTokenRefusal extends Error {
  readonly status: number

  constructor({ status, bodyAsText }: PipelineResponse) {
    const { message } = (parseObject(bodyAsText ?? '') ?? {}) as { message?: unknown }
    super(`HTTP ${status}${typeof message === 'string' ? `, ${message}` : ''}`)
    this.name = 'IdTokenRefusal'
    this.status = status
  }
}

/**
 * GitHub's OIDC provider, by the variables that the runner sets (contract 20.4). The runner's own client for it can neither
 * be interrupted nor reach an IPv6 proxy, and its messages do not tell a refusal from a broken connection.
 *
 * @param env with an address that can be used: `requireOffer`
 * @returns asks once for an assertion for an audience; throws NoAnswerError or IdTokenRefusal
 */
export function idTokens(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal
): (audience: string) => Promise<string> {
  const pipeline = createPipeline()
  pipeline.addPolicy(interruptPolicy(signal))
  pipeline.addPolicy(noAnswerPolicy)
  return async (audience) => {
    const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL as string)
    url.searchParams.set('audience', audience)
    const request = createPipelineRequest({
      url: url.href,
      headers: createHttpHeaders({
        accept: 'application/json',
        authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`
      }),
      // The runner says where; a self-hosted one may well say a host of its own.
      allowInsecureConnection: url.protocol === 'http:'
    })
    const response = await pipeline.sendRequest(httpClient, request)
    const answer = parseObject(response.bodyAsText ?? '') as { value?: unknown } | undefined
    if (response.status !== 200 || typeof answer?.value !== 'string')
      throw new IdTokenRefusal(response)
    return answer.value
  }
}
