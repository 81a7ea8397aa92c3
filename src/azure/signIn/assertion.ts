import { AsyncLocalStorage } from 'node:async_hooks'
import { NoAnswerError, parseObject } from '../errors/azureError.ts'
import { adviceText, lookUp } from '../errors/errorCatalogue.ts'
import { proxyText } from '../http/proxy.ts'

/** Asks GitHub for an assertion of who this job is. */
export type AskGitHub = (audience: string) => Promise<string>

/** What GitHub's assertion says: what Entra compares with a federated credential, and which repository it is about. */
export interface Presented {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  /** Undefined where the server does not tell it, as older ones of an enterprise. */
  readonly repositoryId: string | undefined
}

/**
 * The claims of an assertion; it is Entra's task to verify it, ours only to show what was presented.
 *
 * @throws AlteredJobError for what is no JWT
 */
export function presented(assertion: string): Presented {
  const payload = assertion.split('.')[1] ?? ''
  const claims = parseObject(Buffer.from(payload, 'base64url').toString('utf8')) as
    | Record<string, unknown>
    | undefined
  if (claims === undefined)
    throw new AlteredJobError(
      'What was given to this job as its OIDC token is not a JWT: it was not GitHub that answered at the address that `ACTIONS_ID_TOKEN_REQUEST_URL` names.',
      NEEDED
    )
  return {
    issuer: String(claims.iss),
    subject: String(claims.sub),
    audience: String(claims.aud),
    repositoryId: claims.repository_id === undefined ? undefined : String(claims.repository_id)
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

function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}

/** @param status undefined when nothing was answered: then what was said tells what to do */
function advice(status: number | undefined): readonly string[] {
  if (status === undefined) return []
  const known = lookUp([`HTTP ${status}`, ...(status < 400 ? ['HTTP 2xx or 3xx'] : [])], '')
  if (known) return [adviceText(known), proxyText(process.env)]
  return [
    isPassing(status)
      ? 'What to do: run again. If it persists, look at https://www.githubstatus.com.'
      : 'What to do: run the whole workflow again, not only this job. If it persists, look at https://www.githubstatus.com.'
  ]
}

/** GitHub offered an assertion and then did not give it. */
export class AssertionError extends Error {
  readonly transient: boolean

  constructor(cause: unknown) {
    const said = cause instanceof Error ? cause.message : String(cause)
    const status = cause instanceof Error && 'status' in cause ? Number(cause.status) : undefined
    super([`GitHub did not give this job its OIDC token: ${said}`, ...advice(status)].join('\n'), {
      cause
    })
    this.name = 'AssertionError'
    const lasting = cause instanceof NoAnswerError && cause.lasting
    this.transient = status === undefined ? !lasting : status < 400 || isPassing(status)
  }
}

/** Variables of the job, or what they lead to, are not what the runner sets: no waiting mends it. */
export class AlteredJobError extends Error {
  readonly transient = false

  constructor(what: string, variables: readonly string[]) {
    super(
      [
        what,
        `What to do: leave ${variables.join(' and ')} as the runner sets them. Look for them under \`env\` of workflow, job and step, in what earlier steps write to GITHUB_ENV, and in the environment of a self-hosted runner.`
      ].join('\n')
    )
    this.name = 'AlteredJobError'
  }
}

/** The variables of the job name another repository than GitHub's signature: one of them is not the truth. */
export class OtherRepositoryError extends AlteredJobError {
  constructor(variable: string, signed: string) {
    super(
      `GITHUB_REPOSITORY_ID is ${variable}, but the OIDC token that GitHub gave this job is of repository ${signed}. Nothing was done: ownership tags would name the wrong repository.`,
      ['GITHUB_REPOSITORY', 'GITHUB_REPOSITORY_ID']
    )
    this.name = 'OtherRepositoryError'
  }
}

/**
 * @throws NoAssertionError when the runner did not offer assertions to this job
 * @throws AlteredJobError when it is no address that is offered
 */
export function requireOffer(env: Readonly<Record<string, string | undefined>>): void {
  const missing = NEEDED.filter((name) => !env[name])
  if (missing.length > 0) throw new NoAssertionError(missing)
  const address = env.ACTIONS_ID_TOKEN_REQUEST_URL ?? ''
  if (!URL.canParse(address) || !/^https?:/i.test(address))
    throw new AlteredJobError(
      '`ACTIONS_ID_TOKEN_REQUEST_URL` is not an http(s) address, so GitHub cannot be asked for the OIDC token of this job.',
      NEEDED
    )
}

/**
 * An assertion serves every token that is wanted so many milliseconds after it was asked for: GitHub's live for five minutes
 * by what is seen of them, and a token request that is sent again presents the same one.
 */
const SERVES_MS = 60_000

/**
 * Fresh assertions, so that a long run never presents one that has expired. Within one token request the library asks
 * twice, and gets the same.
 */
export class Assertions {
  readonly #ask: () => Promise<string>
  readonly #repositoryId: string
  readonly #now: () => number
  readonly #request = new AsyncLocalStorage<{ assertion?: Promise<string> | undefined }>()
  #young: { readonly text: Promise<string>; readonly askedAt: number } | undefined
  #last: Presented | undefined
  #failure: AssertionError | AlteredJobError | undefined

  /**
   * @param repositoryId the repository that the job says it is of; assertions of another one are held back
   * @param now milliseconds
   */
  constructor(ask: () => Promise<string>, repositoryId: string, now: () => number) {
    this.#ask = ask
    this.#repositoryId = repositoryId
    this.#now = now
  }

  /** What was presented last; undefined before the first. */
  get last(): Presented | undefined {
    return this.#last
  }

  /** Why GitHub gave none the last time; the sign-in library keeps only a part of it. */
  get failure(): AssertionError | AlteredJobError | undefined {
    return this.#failure
  }

  /** Entra did not want the last one: the next token is asked for with another. */
  forget(): void {
    this.#young = undefined
  }

  /** Everything that `act` asks for is one token request. */
  during<T>(act: () => Promise<T>): Promise<T> {
    return this.#request.run({}, act)
  }

  readonly get = async (): Promise<string> => {
    // It stays as it is, however often it is asked for.
    if (this.#failure instanceof AlteredJobError) throw this.#failure
    const request = this.#request.getStore() ?? {}
    request.assertion ??= this.#youngest()
    try {
      const text = await request.assertion
      this.#last = presented(text)
      const { repositoryId: signed } = this.#last
      if (signed !== undefined && signed !== this.#repositoryId)
        throw new OtherRepositoryError(this.#repositoryId, signed)
      this.#failure = undefined
      return text
    } catch (error) {
      request.assertion = undefined
      this.#young = undefined
      this.#failure = error instanceof AlteredJobError ? error : new AssertionError(error)
      throw this.#failure
    }
  }

  #youngest(): Promise<string> {
    const now = this.#now()
    const fits = this.#young !== undefined && now - this.#young.askedAt < SERVES_MS
    const young = fits ? this.#young : undefined
    this.#young = young ?? { text: this.#ask(), askedAt: now }
    return this.#young.text
  }
}
