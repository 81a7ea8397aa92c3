import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient } from '@azure/core-rest-pipeline'
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ManagedIdentityCredential
} from '@azure/identity'
import type { SignIn } from '../../settings/settings.ts'
import { CLOUD } from '../clouds.ts'
import { ForeignHostError, HostGuard, isOf, type Service, type Source } from '../http/hostGuard.ts'
import { retryWhile } from '../http/wait.ts'
import type { Time } from '../time.ts'
import { type AskGitHub, Assertions, requireOffer } from './assertion.ts'
import { isTransient, signInError } from './signInError.ts'
import { remembered } from './tokenMemory.ts'

export interface SignInOptions {
  readonly askGitHub: AskGitHub
  readonly env: Readonly<Record<string, string | undefined>>
  /** As the variables of the job tell it. */
  readonly repositoryId: string
  readonly time: Time
  readonly mask: (secret: string) => void
  readonly notify: (text: string) => void
  readonly signal: AbortSignal
}

/** A wrong configuration must fail at once; a busy token endpoint recovers within this many tries. */
const ATTEMPTS = 5
const waitMs = (attempt: number) => 1_000 * 2 ** attempt

/**
 * Who the run is to Azure. Which way is chosen by input and never guessed.
 *
 * @throws NoAssertionError when GitHub offers this job no assertion
 */
export function createCredential(signIn: SignIn, options: SignInOptions): TokenCredential {
  const { credential, clientId } = signIn
  switch (credential) {
    case 'oidc': {
      requireOffer(options.env)
      return fromGitHub(signIn, options)
    }
    case 'managed-identity':
      requireEntra(signIn, options.env)
      return masked(
        new ManagedIdentityCredential(clientId === undefined ? {} : { clientId }),
        options
      )
    case 'azure-cli':
      return masked(new AzureCliCredential({ tenantId: signIn.tenantId }), options)
  }
}

function fromGitHub(signIn: SignIn, options: SignInOptions): TokenCredential {
  const { mask, time, notify, signal } = options
  const assertions = new Assertions(async () => {
    const assertion = await options.askGitHub(signIn.audience)
    mask(assertion)
    return assertion
  }, options.repositoryId)
  const guard = new HostGuard(createDefaultHttpClient(), entraOf(signIn))
  const authorityHost = CLOUD[signIn.cloud].authority
  // The library refuses for a minute to ask again after an outage: a new one asks.
  const create = () =>
    new ClientAssertionCredential(
      signIn.tenantId,
      signIn.clientId as string,
      assertions.get,
      // Our own retry speaks in the log; the library's would repeat silently, wrong subjects included.
      { authorityHost, httpClient: guard, retryOptions: { maxRetries: 0 } }
    )
  let credential = create()
  const getToken = (scopes: string | string[], tokenOptions?: GetTokenOptions) =>
    retryWhile(() => assertions.during(() => credential.getToken(scopes, tokenOptions)), {
      attempts: ATTEMPTS,
      intervalMs: waitMs,
      when: (error) =>
        guard.refusal === undefined && (assertions.failure?.transient ?? isTransient(error)),
      notify: (_error, attempt) => {
        credential = create()
        const who = assertions.failure ? 'GitHub' : 'Microsoft Entra'
        notify(`${who} is not answering; attempt ${attempt + 1} of ${ATTEMPTS}`)
      },
      time,
      signal
    }).catch((error: unknown) => {
      throw (
        assertions.failure ??
        guard.refusal?.cameFrom(
          signingIn(signIn, 'An answer, or AZURE_REGIONAL_AUTHORITY_NAME, leads to')
        ) ??
        signInError(error, signIn, assertions.last)
      )
    })
  return masked(remembered({ getToken }, time), options)
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

/** Nothing that is read as a secret gets past this point unmasked. */
function masked(credential: TokenCredential, { mask, signal }: SignInOptions): TokenCredential {
  return {
    async getToken(scopes, options): Promise<AccessToken | null> {
      const token = await untilAborted(credential.getToken(scopes, options), signal)
      if (token !== null) mask(token.token)
      return token
    }
  }
}

/** Neither the library nor the runner's client can be interrupted: whoever waits for them can. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
