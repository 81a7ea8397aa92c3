import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import type { OidcSignIn, SignIn } from '../../settings/settings.ts'
import { CLOUD } from '../clouds.ts'
import { createPipeline } from '../http/client.ts'
import { departure } from '../http/departure.ts'
import {
  ForeignHostError,
  type HostGuard,
  isOf,
  type Service,
  type Source
} from '../http/hostGuard.ts'
import { untilAborted } from '../http/interrupt.ts'
import { LastTrouble } from '../http/lastTrouble.ts'
import { type Wire, wireOptions } from '../http/pipeline.ts'
import { longWait } from '../http/retryAfter.ts'
import { retryWhile } from '../http/wait.ts'
import { type AskGitHub, Assertions, requireOffer } from './assertion.ts'
import { isExpiredAssertion, managedIdentityError, signInError } from './signInError.ts'
import { type Credential, remembered, type TokenOptions } from './tokenMemory.ts'

export interface SignInOptions extends Wire {
  readonly askGitHub: AskGitHub
  readonly env: Readonly<Record<string, string | undefined>>
  /** As the variables of the job tell it. */
  readonly repositoryId: string
  readonly mask: (secret: string) => void
  readonly signal: AbortSignal
}

/** Loaded by the first request for a token: half of what the action has to read is this library. */
const library = () => import('./library.ts')
type Library = Awaited<ReturnType<typeof library>>

/** A wrong configuration must fail at once; GitHub, when it is busy, recovers within this many tries. */
const ATTEMPTS = 5
const waitMs = (attempt: number) => 1_000 * 2 ** attempt

/**
 * Who the run is to Azure. Which way is chosen by input and never guessed.
 *
 * @returns a credential that also throws NoAssertionError when GitHub offers this job no assertion, and AlteredJobError when
 *   what is offered is no address
 */
export function createCredential(signIn: SignIn, options: SignInOptions): Credential {
  let made: Credential | undefined
  return {
    async getToken(scopes, wanted) {
      made ??= credentialOf(signIn, options)
      return made.getToken(scopes, wanted)
    }
  }
}

function credentialOf(signIn: SignIn, options: SignInOptions): Credential {
  switch (signIn.credential) {
    case 'oidc': {
      requireOffer(options.env)
      return fromGitHub(signIn, options)
    }
    case 'managed-identity': {
      const { clientId } = signIn
      requireEntra(signIn, options.env)
      const identity = late(
        ({ ManagedIdentityCredential }) =>
          new ManagedIdentityCredential(clientId === undefined ? {} : { clientId })
      )
      const getToken: Credential['getToken'] = (scopes, options) =>
        identity.getToken(scopes, options).catch((error: unknown) => {
          throw managedIdentityError(error, clientId)
        })
      return held({ getToken }, options)
    }
    case 'azure-cli': {
      const { tenantId } = signIn
      return held(
        late(({ AzureCliCredential }) => new AzureCliCredential({ tenantId })),
        options
      )
    }
  }
}

/** A credential of the library, made when the first token is asked for. */
function late(create: (from: Library) => Credential): Credential {
  let made: Credential | undefined
  return {
    async getToken(scopes, options) {
      const from = await library()
      made ??= create(from)
      return made.getToken(scopes, options)
    }
  }
}

function fromGitHub(signIn: OidcSignIn, options: SignInOptions): Credential {
  const { mask, time, notify, signal } = options
  const assertions = new Assertions(
    async () => {
      const assertion = await options.askGitHub(signIn.audience)
      mask(assertion)
      return assertion
    },
    options.repositoryId,
    time.now
  )
  let wait: string | undefined
  let guard: HostGuard | undefined
  const heard = new LastTrouble()
  /** Keeps of the last answer what the library drops. */
  const listen: PipelinePolicy = {
    name: 'provisionSignInPolicy',
    async sendRequest(request, next) {
      wait = undefined
      const response = await next(request)
      wait = longWait(response)
      return response
    }
  }
  const create = ({ ClientAssertionCredential }: Library) => {
    const { additionalPolicies, ...wire } = wireOptions(options, entraOf(signIn))
    guard = wire.httpClient
    // The library hands what it is given on to its client; where it one day does not, that only takes longer.
    const light = { pipeline: createPipeline(wire) }
    return new ClientAssertionCredential(signIn.tenantId, signIn.clientId, assertions.get, {
      ...wire,
      ...light,
      additionalPolicies: [
        { policy: listen, position: 'perCall' },
        { policy: heard.policy, position: 'perCall' },
        ...additionalPolicies
      ],
      authorityHost: CLOUD[signIn.cloud].authority
    })
  }
  let credential: Credential | undefined
  const getToken = async (
    scopes: string | string[],
    { refused, ...options }: TokenOptions = {}
  ) => {
    // The library would give the very same token again.
    if (refused !== undefined) credential = undefined
    let presentedAnew = false
    const mayPass = (error: unknown) => {
      if (guard?.refusal !== undefined) return false
      if (assertions.failure !== undefined) return assertions.failure.transient
      // Waiting for a busy Entra may have taken longer than an assertion lives.
      const again = !presentedAnew && isExpiredAssertion(error)
      presentedAnew = true
      assertions.forget()
      return again
    }
    try {
      const ask = async () => {
        const asked = assertions.get()
        const read = departure(1, asked).then(library)
        // It prepares its request while GitHub thinks, and asks no second time what GitHub has refused by now.
        const from = await Promise.race([read, asked.then(() => read)])
        credential ??= create(from)
        return credential.getToken(scopes, options)
      }
      return await retryWhile(() => assertions.during(ask), {
        attempts: ATTEMPTS,
        intervalMs: waitMs,
        when: mayPass,
        notify: (_error, attempt) => {
          const why = assertions.failure
            ? 'GitHub is not answering'
            : 'Microsoft Entra wants a fresh assertion'
          notify(`${why}; attempt ${attempt + 1} of ${ATTEMPTS}`)
        },
        time,
        signal
      })
    } catch (error) {
      const refusal = guard?.refusal?.cameFrom(
        signingIn(signIn, 'An answer, or AZURE_REGIONAL_AUTHORITY_NAME, leads to')
      )
      // The library refuses for a minute to ask again after an outage: a new one asks.
      credential = undefined
      throw (
        assertions.failure ??
        refusal ??
        signInError(error, signIn, assertions.last, { wait, trouble: heard.trouble })
      )
    }
  }
  return held({ getToken }, options)
}

function entraOf({ cloud }: SignIn): Service {
  return { name: 'Microsoft Entra', hosts: CLOUD[cloud].entraHosts }
}

function signingIn({ tenantId }: SignIn, told: string): Source {
  return { doing: `sign in to tenant ${tenantId}`, told }
}

/**
 * In Kubernetes the library trades an assertion for the managed identity's tokens, with a client that takes neither options
 * nor our guard, at addresses that variables tell.
 *
 * @throws ForeignHostError when they lead elsewhere
 */
function requireEntra(signIn: SignIn, env: SignInOptions['env']): void {
  const entra = entraOf(signIn)
  const { AZURE_AUTHORITY_HOST: authority, AZURE_REGIONAL_AUTHORITY_NAME: region } = env
  if (!env.AZURE_FEDERATED_TOKEN_FILE) return
  for (const [name, url] of [
    ['AZURE_AUTHORITY_HOST', authority],
    [
      'AZURE_REGIONAL_AUTHORITY_NAME',
      region && `https://${region}.${new URL(CLOUD[signIn.cloud].authority).host}`
    ]
  ] as const) {
    if (url && !isOf(entra, url))
      throw new ForeignHostError(url, entra, signingIn(signIn, `The variable ${name} leads to`))
  }
}

/** What is asked for is kept, and nothing that is read as a secret gets past this point unmasked. */
function held(credential: Credential, { mask, signal, time }: SignInOptions): Credential {
  const masked: Credential = {
    async getToken(scopes, options) {
      const token = await credential.getToken(scopes, options)
      if (token !== null) mask(token.token)
      return token
    }
  }
  const memory = remembered(masked, time)
  return {
    getToken: (scopes, options) => untilAborted(() => memory.getToken(scopes, options), signal)
  }
}
