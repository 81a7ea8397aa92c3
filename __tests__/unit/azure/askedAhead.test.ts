import { describe, expect, it } from '@jest/globals'
import { assertionAhead, tokenAhead } from '../../../src/azure/signIn/askedAhead.ts'
import type { Credential } from '../../../src/azure/signIn/tokenMemory.ts'
import type { OidcSignIn } from '../../../src/settings/settings.ts'

const OIDC: OidcSignIn = {
  credential: 'oidc',
  audience: 'api://AzureADTokenExchange',
  clientId: 'client',
  tenantId: 'tenant',
  subscriptionId: 'subscription',
  cloud: 'AzureCloud'
}

const OFFER = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://example.com/token',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token'
}

/** Answers with the number of the question. */
function counting() {
  const asked: string[] = []
  const ask = async (audience: string) => {
    asked.push(audience)
    return String(asked.length)
  }
  return { asked, ask }
}

describe('GitHub, asked ahead', () => {
  it('is asked at once, and its answer given once', async () => {
    const { asked, ask } = counting()
    const { ask: askGitHub, first } = assertionAhead(OIDC, OFFER, ask)
    expect(asked).toEqual([OIDC.audience])
    await first
    expect([await askGitHub(OIDC.audience), await askGitHub(OIDC.audience)]).toEqual(['1', '2'])
  })

  it('tells its failure to who asks first, and is asked anew after it', async () => {
    const failures = [new Error('busy')]
    const { ask: askGitHub, first } = assertionAhead(OIDC, OFFER, async () => {
      const failure = failures.pop()
      if (failure) throw failure
      return 'good'
    })
    await first
    await expect(askGitHub(OIDC.audience)).rejects.toThrow('busy')
    expect(await askGitHub(OIDC.audience)).toBe('good')
  })

  it('is not asked where another way of signing in is chosen', async () => {
    const { asked, ask } = counting()
    const { audience: _, clientId: __, ...others } = OIDC
    await assertionAhead({ ...others, credential: 'azure-cli' }, OFFER, ask).first
    expect(asked).toEqual([])
  })

  it.each(Object.keys(OFFER))('is not asked where it offers nothing: no %s', async (name) => {
    const { asked, ask } = counting()
    await assertionAhead(OIDC, { ...OFFER, [name]: '' }, ask).first
    expect(asked).toEqual([])
  })
})

describe('a token, asked for ahead', () => {
  const token = (text: string) => ({ token: text, expiresOnTimestamp: 0 })

  /** Answers with what is asked for, or throws the failures first. */
  function entra(...failures: Error[]) {
    const asked: string[] = []
    const credential: Credential = {
      async getToken(scopes, options) {
        asked.push(`${scopes} ${options?.enableCae}`)
        const failure = failures.pop()
        if (failure) throw failure
        return token(`${scopes} ${asked.length}`)
      }
    }
    return { asked, credential }
  }

  it('is asked for at once and given to whoever wants it, another scope is asked for by itself', async () => {
    const { asked, credential } = entra()
    const { ask, first } = tokenAhead(credential, 'arm')
    await first
    expect(asked).toEqual(['arm true'])
    expect(await ask.getToken('graph')).toEqual(token('graph 2'))
    expect(await ask.getToken('arm')).toEqual(token('arm 1'))
  })

  it('that is refused is told to all who ask at the same time, and is asked for anew after them', async () => {
    const { asked, credential } = entra(new Error('refused'))
    const { ask, first } = tokenAhead(credential, 'arm')
    await first
    const both = await Promise.allSettled([ask.getToken('arm'), ask.getToken('arm')])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
    await new Promise(setImmediate)
    expect(await ask.getToken('arm')).toEqual(token('arm 2'))
  })
})
