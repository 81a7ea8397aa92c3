import type { AccessToken, TokenCredential } from '@azure/core-auth'
import type { Time } from '../time.ts'

/** The pipeline asks for a new token two minutes before the old one ends. */
const FRESH_MS = 120_000

/**
 * The library asks GitHub for an assertion even where it holds a token, and each of our clients would make it ask.
 *
 * @returns a credential that asks once for each scope, as long as the token is good
 */
export function remembered(credential: TokenCredential, time: Time): TokenCredential {
  const held = new Map<string, Promise<AccessToken | null>>()
  return {
    async getToken(scopes, options) {
      const name = [scopes].flat().join(' ')
      const known = held.get(name)
      const token = await known?.catch(() => null)
      // With claims: Azure has refused the token that is held.
      const good = token && token.expiresOnTimestamp - time.now() > FRESH_MS && !options?.claims
      if (good) return token
      // Of several that wait for the same one, the first asks for the next.
      const asked = held.get(name)
      if (asked !== undefined && asked !== known) return asked
      const next = credential.getToken(scopes, options)
      held.set(name, next)
      return next
    }
  }
}
