import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import {
  Assertions,
  NoAssertionError,
  OtherRepositoryError,
  requireOffer
} from '../../../src/azure/signIn/assertion.ts'
import { createCredential } from '../../../src/azure/signIn/signIn.ts'
import { isExpiredAssertion, signInError } from '../../../src/azure/signIn/signInError.ts'
import type { OidcSignIn } from '../../../src/settings/settings.ts'
import { clockAt } from '../resources/sample.ts'

const signIn: OidcSignIn = {
  credential: 'oidc',
  clientId: '11111111-1111-1111-1111-111111111111',
  tenantId: '22222222-2222-2222-2222-222222222222',
  subscriptionId: '33333333-3333-3333-3333-333333333333',
  cloud: 'AzureCloud',
  audience: 'api://AzureADTokenExchange'
}
const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: "repo:o/r:ref:refs/heads/it's",
  aud: 'api://AzureADTokenExchange'
}
const ID = '4711'
const jwt = (body: object) => `h.${Buffer.from(JSON.stringify(body)).toString('base64url')}.s`

describe('the offer of GitHub', () => {
  it('names the three usual causes when there is none', () => {
    expect(() => requireOffer({ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' })).toThrow(
      NoAssertionError
    )
    const text = new NoAssertionError(['ACTIONS_ID_TOKEN_REQUEST_TOKEN']).message
    for (const part of ['id-token: write', 'fork', 'managed-identity']) expect(text).toContain(part)
  })

  it('is taken when both variables are there', () => {
    requireOffer({ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y' })
  })
})

describe('assertions', () => {
  it('serve every token of a minute, even at the same time, and are asked for again after it', async () => {
    let asked = 0
    let now = 0
    const ask = async () => {
      asked++
      return jwt(claims)
    }
    const assertions = new Assertions(ask, ID, () => now)
    const twice = () => assertions.during(() => Promise.all([assertions.get(), assertions.get()]))
    await Promise.all([twice(), twice()])
    now = 59_999
    await twice()
    expect(asked).toBe(1)
    now = 60_000
    await Promise.all([twice(), twice()])
    expect(asked).toBe(2)
    expect(assertions.last).toEqual({
      issuer: claims.iss,
      subject: claims.sub,
      audience: claims.aud,
      repositoryId: undefined
    })
  })

  it('that Entra does not want are asked for again', async () => {
    let asked = 0
    const ask = async () => jwt({ ...claims, jti: ++asked })
    const assertions = new Assertions(ask, ID, () => 0)
    await assertions.during(assertions.get)
    assertions.forget()
    await assertions.during(assertions.get)
    expect(asked).toBe(2)
  })

  it.each([
    ['the same', ID, true],
    ['the same, as a number', 4711, true],
    ['another', '4712', false],
    ['none', undefined, true]
  ])('of %s repository are given or held back', async (_which, repository_id, given) => {
    const assertions = new Assertions(
      async () => jwt({ ...claims, repository_id }),
      ID,
      () => 0
    )
    const getting = assertions.during(() => assertions.get())
    if (given) return void (await getting)
    await expect(getting).rejects.toThrow(OtherRepositoryError)
    expect(assertions.failure?.transient).toBe(false)
  })

  it('are not remembered when GitHub failed', async () => {
    let asked = 0
    const assertions = new Assertions(
      async () => {
        if (++asked === 1) throw new Error('busy')
        return jwt(claims)
      },
      ID,
      () => 0
    )
    await assertions.during(async () => {
      await expect(assertions.get()).rejects.toThrow('busy')
      await assertions.get()
    })
    expect(asked).toBe(2)
  })
})

/** @param used told each time that a client is made of the options */
function credentialOf(askGitHub: () => Promise<string>, used = () => {}) {
  return createCredential(signIn, {
    time: clockAt(),
    signal: new AbortController().signal,
    notify() {},
    debug() {},
    answered() {},
    mask() {},
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y' },
    repositoryId: ID,
    askGitHub,
    get httpClient() {
      used()
      return {
        async sendRequest(): Promise<never> {
          throw new Error('Entra was asked without an assertion')
        }
      }
    }
  })
}

describe('GitHub', () => {
  it.each([
    ['refuses', 403, 1, 0],
    // The library has been read meanwhile, and waits for it as well.
    ['refuses later', 403, 1, 400],
    ['is busy', 503, 5, 0]
  ])('that %s is asked once an attempt', async (_what, status, attempts, thinksMs) => {
    let asked = 0
    const credential = credentialOf(async () => {
      asked++
      await setTimeout(thinksMs)
      throw Object.assign(new Error(`HTTP ${status}`), { status })
    })
    await expect(credential.getToken('https://management.azure.com/.default')).rejects.toThrow(
      `HTTP ${status}`
    )
    expect(asked).toBe(attempts)
  })
})

describe('a credential of the library', () => {
  it('is made once for two tokens that are wanted at once', async () => {
    let made = 0
    const refused = Object.assign(new Error('HTTP 403'), { status: 403 })
    const credential = credentialOf(
      async () => {
        await setTimeout(400)
        throw refused
      },
      () => made++
    )
    const scopes = ['https://management.azure.com/.default', 'https://graph.microsoft.com/.default']
    await Promise.allSettled(scopes.map((scope) => credential.getToken(scope)))
    expect(made).toBe(1)
  })
})

describe('a refused sign-in', () => {
  const shown = { issuer: claims.iss, subject: claims.sub, audience: claims.aud, repositoryId: ID }

  it.each(['700211', '700212', '700213', '70021'])(
    'AADSTS%s prints what was presented and both commands',
    (code) => {
      const { message, code: name } = signInError(
        new Error(`AADSTS${code}: no match. Trace ID: t`),
        signIn,
        shown
      )
      expect(name).toBe(`AADSTS${code}`)
      for (const part of [
        shown.issuer,
        shown.subject,
        shown.audience,
        'repo:OWNER@OWNER_ID/REPO@REPO_ID',
        'az identity federated-credential create',
        'az ad app federated-credential create',
        // The subject survives the shell although it holds a quote.
        `--subject 'repo:o/r:ref:refs/heads/it'\\''s'`
      ]) {
        expect(message).toContain(part)
      }
    }
  )

  it.each([
    ['700016', 'client-id'],
    ['90002', 'tenant-id'],
    ['7000112', 'disabled'],
    ['700024', 'clock'],
    ['53003', 'conditional access'],
    ['500011', 'cloud']
  ])('AADSTS%s advises on %s', (code, advice) => {
    expect(signInError(new Error(`AADSTS${code}: no`), signIn, shown).message).toContain(advice)
  })

  it('is only repeated with a fresh assertion when the last one was too old', () => {
    expect(isExpiredAssertion(new Error('AADSTS700213: no match'))).toBe(false)
    expect(isExpiredAssertion(new Error('AADSTS700024: not within its valid time range'))).toBe(
      true
    )
  })
})
