import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import { refusalOf } from '../errors/azureError.ts'
import type { Credential, TokenOptions } from '../signIn/tokenMemory.ts'
import { look } from './retry.ts'

/**
 * Sends each request with a token for the scope. What a service says against a token is answered once for each kind of
 * refusal, in the same way for every client: a challenge with a token for its claims (continuous access evaluation), an
 * expired token, as after the machine slept, with a fresh one.
 */
export function authorizationPolicy(credential: Credential, scope: string): PipelinePolicy {
  /** @returns the token that the request now carries */
  const authorize = async (request: PipelineRequest, options: TokenOptions = {}) => {
    // Only who announces that it can answer a challenge is given one, and with it tokens that live longer.
    const token = await credential.getToken(scope, { enableCae: true, ...options })
    if (token === null) throw new Error(`There is no token for ${scope}.`)
    request.headers.set('authorization', `Bearer ${token.token}`)
    return token.token
  }
  return {
    name: 'provisionAuthorizationPolicy',
    async sendRequest(request, next) {
      const answered = new Set<string>()
      let token = await authorize(request)
      for (;;) {
        const response = await next(request)
        const options = optionsAfter(response, token)
        const kind = Object.keys(options ?? {}).join()
        if (options === undefined || answered.has(kind)) return response
        answered.add(kind)
        const other = await authorize(request, options)
        if (other === token) return response
        token = other
        // Asking for it may have taken a while.
        await look(request)
      }
    }
  }
}

/** Which token would do in the place of the refused one; undefined when the refusal is not about the token's age. */
function optionsAfter(response: PipelineResponse, token: string): TokenOptions | undefined {
  if (response.status !== 401) return undefined
  const challenge = response.headers.get('www-authenticate') ?? ''
  const claims = claimsOf(challenge)
  if (claims !== undefined) return { claims }
  const { code, reason } = refusalOf(response)
  // Resource Manager has a code for it, Graph and the data plane of a DPS have only words.
  const expired = /expired|expiry|lifetime validation/i.test(`${code} ${reason} ${challenge}`)
  return expired ? { refused: token } : undefined
}

/**
 * The claims that a token has to be asked for with, as `WWW-Authenticate` carries them: base64 of JSON
 * (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
 */
function claimsOf(challenge: string): string | undefined {
  const bearer = challenge.split(/,\s*(?=\w+\s+\w+=)/).find((one) => /^\s*bearer\b/i.test(one))
  if (bearer === undefined || !/\berror="?insufficient_claims\b/.test(bearer)) return undefined
  const claims = /\bclaims="([^"]+)"/.exec(bearer)?.[1]
  return claims === undefined ? undefined : Buffer.from(claims, 'base64').toString('utf8')
}
