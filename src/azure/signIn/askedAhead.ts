import type { SignIn } from '../../settings/settings.ts'
import { type AskGitHub, requireOffer } from './assertion.ts'

type Env = Readonly<Record<string, string | undefined>>

/** GitHub, asked already for what the sign-in will ask for first. */
export interface AskedAhead {
  readonly askGitHub: AskGitHub
  /** Settled when the first answer has come, or cannot come. */
  readonly first: Promise<unknown>
}

/** Asks GitHub at once, so that it thinks while the action is still being read. A failure is told to whoever asks first. */
export function askedAhead(signIn: SignIn, env: Env, ask: AskGitHub): AskedAhead {
  if (signIn.credential !== 'oidc' || !isOffered(env))
    return { askGitHub: ask, first: Promise.resolve() }
  const first = ask(signIn.audience)
  const told = first.catch(() => undefined)
  let untaken: Promise<string> | undefined = first
  const askGitHub: AskGitHub = (audience) => {
    const answer = untaken ?? ask(audience)
    untaken = undefined
    return answer
  }
  return { askGitHub, first: told }
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
