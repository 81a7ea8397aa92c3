import type { AccessToken, GetTokenOptions } from '@azure/core-auth'
import type { Time } from '../time.ts'

/** What the token has to be like. */
export interface TokenOptions extends GetTokenOptions {
  /** A token that Azure takes for expired: another one is wanted, whatever its own end says. */
  readonly refused?: string
}

/** Gives tokens: a `TokenCredential` that knows of refusals. */
export interface Credential {
  getToken(scopes: string | string[], options?: TokenOptions): Promise<AccessToken | null>
}

/** A new token is asked for two minutes before the old one ends. */
const FRESH_MS = 120_000

/** A token, or the question for it, with the claims that it was asked for with. */
interface Held {
  readonly claims: string | undefined
  readonly token: Promise<AccessToken | null>
  /** It has not been answered yet. */
  underWay: boolean
}

/**
 * The library asks GitHub for an assertion even where it holds a token, and each of our clients would make it ask.
 *
 * @returns a credential that asks once for each scope, as long as the token is good; once more for claims that Azure wants,
 *   and for a token that Azure has refused
 */
export function remembered(credential: Credential, time: Time): Credential {
  const holds = new Map<string, Held>()
  return {
    async getToken(scopes, options = {}) {
      const name = [scopes].flat().join(' ')
      const serves = (held: Held) => options.claims === undefined || options.claims === held.claims
      const known = holds.get(name)
      // Whoever asks while it is on its way gets what comes of it, be it a failure: it would be the same for each of them.
      if (known?.underWay && serves(known)) return known.token
      const token = await known?.token.catch(() => null)
      const fresh = token && token.expiresOnTimestamp - time.now() > FRESH_MS
      if (fresh && known && serves(known) && token.token !== options.refused) return token
      // Of several that wait for the same one, the first asks for the next.
      const asked = holds.get(name)
      if (asked !== undefined && asked !== known && serves(asked)) return asked.token
      const asking = credential.getToken(scopes, options)
      const next: Held = { claims: options.claims, token: asking, underWay: true }
      holds.set(name, next)
      const ended = () => {
        next.underWay = false
      }
      asking.then(ended, ended)
      return asking
    }
  }
}
