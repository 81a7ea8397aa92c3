import type { SignIn } from '../../settings/settings.ts'
import { type AskGitHub, requireOffer } from './assertion.ts'
import type { Credential } from './tokenMemory.ts'

type Env = Readonly<Record<string, string | undefined>>

/** A service, asked already for what it will be asked for first. */
export interface AskedAhead<Asker> {
  /** Gives the early answer, be it a failure, to whoever asks first, and asks for everything else. */
  readonly ask: Asker
  /** Settled when the early answer has come, or cannot come; never rejected. */
  readonly first: Promise<unknown>
}

/** Asks GitHub at once for an assertion, so that it thinks while the action is still being read. */
export function assertionAhead(signIn: SignIn, env: Env, ask: AskGitHub): AskedAhead<AskGitHub> {
  if (signIn.credential !== 'oidc' || !isOffered(env)) return { ask, first: Promise.resolve() }
  const early = ask(signIn.audience)
  let untaken: Promise<string> | undefined = early
  return {
    first: early.catch(() => undefined),
    ask(audience) {
      const answer = untaken ?? ask(audience)
      untaken = undefined
      return answer
    }
  }
}

/** Asks at once for the token of a scope, so that Entra thinks while the rest of the action is being read. */
export function tokenAhead(credential: Credential, scope: string): AskedAhead<Credential> {
  // Only who announces that it can answer a challenge is given one: all who ask later do.
  const early = credential.getToken(scope, { enableCae: true })
  let untaken: typeof early | undefined = early
  return {
    first: early.catch(() => undefined),
    ask: {
      getToken(scopes, options) {
        if (untaken === undefined || scopes !== scope) return credential.getToken(scopes, options)
        // Those who ask at the same time are told the same, as if they had waited for it together.
        setImmediate(() => {
          untaken = undefined
        })
        return untaken
      }
    }
  }
}

/** Why there is no offer is told when the sign-in begins. */
function isOffered(env: Env): boolean {
  try {
    requireOffer(env)
    return true
  } catch {
    return false
  }
}
