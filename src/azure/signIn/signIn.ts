import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ManagedIdentityCredential
} from '@azure/identity'
import type { SignIn } from '../../settings/settings.ts'
import { CLOUD } from '../clouds.ts'
import { interruptPolicy, untilAborted } from '../http/interrupt.ts'
import { LastTrouble } from '../http/lastTrouble.ts'
import { retryWhile } from '../http/wait.ts'
import type { Time } from '../time.ts'
import { type AskGitHub, Assertions, requireOffer } from './assertion.ts'
import { isTransient, signInError } from './signInError.ts'
import { remembered } from './tokenMemory.ts'

export interface SignInOptions {
  readonly askGitHub: AskGitHub
  readonly env: Readonly<Record<string, string | undefined>>
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
  })
  const heard = new LastTrouble()
  // The library refuses for a minute to ask again after an outage: a new one asks.
  const create = () =>
    new ClientAssertionCredential(
      signIn.tenantId,
      signIn.clientId as string,
      assertions.get,
      // Our own retry speaks in the log; the library's would repeat silently, wrong subjects included.
      {
        authorityHost: CLOUD[signIn.cloud].authority,
        retryOptions: { maxRetries: 0 },
        additionalPolicies: [
          { policy: interruptPolicy(signal), position: 'perCall' },
          { policy: heard.policy, position: 'perCall' }
        ]
      }
    )
  let credential = create()
  const getToken = (scopes: string | string[], tokenOptions?: GetTokenOptions) =>
    retryWhile(() => assertions.during(() => credential.getToken(scopes, tokenOptions)), {
      attempts: ATTEMPTS,
      intervalMs: waitMs,
      when: (error) =>
        assertions.failure?.transient ?? (isTransient(error) && !heard.trouble?.lasting),
      notify: (_error, attempt) => {
        credential = create()
        const who = assertions.failure ? 'GitHub' : 'Microsoft Entra'
        notify(`${who} is not answering; attempt ${attempt + 1} of ${ATTEMPTS}`)
      },
      time,
      signal
    }).catch((error: unknown) => {
      throw assertions.failure ?? signInError(error, signIn, assertions.last, heard.trouble)
    })
  return masked(remembered({ getToken }, time), options)
}

/** Nothing that is read as a secret gets past this point unmasked. */
function masked(credential: TokenCredential, { mask, signal }: SignInOptions): TokenCredential {
  return {
    async getToken(scopes, options): Promise<AccessToken | null> {
      const token = await untilAborted(() => credential.getToken(scopes, options), signal)
      if (token !== null) mask(token.token)
      return token
    }
  }
}
