import type { Time } from './time.ts'

/** Asks GitHub for an assertion of who this job is. */
export type AskGitHub = (audience: string) => Promise<string>

/** What GitHub's assertion says, as far as Entra compares it with a federated credential. */
export interface Presented {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
}

/** The claims of an assertion; it is Entra's task to verify it, ours only to show what was presented. */
export function presented(assertion: string): Presented {
  const payload = assertion.split('.')[1] ?? ''
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >
  return {
    issuer: String(claims.iss),
    subject: String(claims.sub),
    audience: String(claims.aud)
  }
}

/** The variables that the runner sets when, and only when, the job may ask for an assertion. */
const NEEDED = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const

/** GitHub offers this job no assertion. */
export class NoAssertionError extends Error {
  constructor(missing: readonly string[]) {
    super(
      [
        `GitHub offers this job no OIDC token (${missing.join(' and ')} not set). The three usual causes:`,
        '1. The job lacks the permission. Add to the job, and to the workflow that calls it when it is a reusable one:',
        '     permissions:',
        '       id-token: write',
        '       contents: read',
        '2. The run belongs to a pull request from a fork, or to Dependabot: GitHub gives those no token. Run on `push`, or on a branch of this repository.',
        '3. The step does not run in GitHub Actions. Elsewhere use `credential: managed-identity` or `credential: azure-cli`.'
      ].join('\n')
    )
    this.name = 'NoAssertionError'
  }
}

/** @throws NoAssertionError when the runner did not offer assertions to this job */
export function requireOffer(env: Readonly<Record<string, string | undefined>>): void {
  const missing = NEEDED.filter((name) => !env[name])
  if (missing.length > 0) throw new NoAssertionError(missing)
}

/** An assertion serves one token request: within it the library asks twice, seconds later a new one is due. */
const SAME_REQUEST_MS = 5_000

/**
 * Gives the newest assertion and remembers what it says. A long run asks again for every token, so it never presents one
 * that has expired.
 */
export class Assertions {
  readonly #ask: () => Promise<string>
  readonly #time: Time
  #current: { readonly assertion: Promise<string>; readonly at: number } | undefined
  #last: Presented | undefined

  constructor(ask: () => Promise<string>, time: Time) {
    this.#ask = ask
    this.#time = time
  }

  /** What was presented last; undefined before the first. */
  get last(): Presented | undefined {
    return this.#last
  }

  readonly get = async (): Promise<string> => {
    const now = this.#time.now()
    if (this.#current === undefined || now - this.#current.at > SAME_REQUEST_MS) {
      this.#current = { assertion: this.#ask(), at: now }
    }
    const { assertion } = this.#current
    try {
      const text = await assertion
      this.#last = presented(text)
      return text
    } catch (error) {
      this.#current = undefined
      throw error
    }
  }
}
