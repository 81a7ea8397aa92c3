import { describe, expect, it } from '@jest/globals'
import { askedAhead } from '../../../src/azure/signIn/askedAhead.ts'
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
    const { askGitHub, first } = askedAhead(OIDC, OFFER, ask)
    expect(asked).toEqual([OIDC.audience])
    await first
    expect([await askGitHub(OIDC.audience), await askGitHub(OIDC.audience)]).toEqual(['1', '2'])
  })

  it('tells its failure to who asks first, and is asked anew after it', async () => {
    const failures = [new Error('busy')]
    const { askGitHub, first } = askedAhead(OIDC, OFFER, async () => {
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
    await askedAhead({ ...others, credential: 'azure-cli' }, OFFER, ask).first
    expect(asked).toEqual([])
  })

  it.each(Object.keys(OFFER))('is not asked where it offers nothing: no %s', async (name) => {
    const { asked, ask } = counting()
    await askedAhead(OIDC, { ...OFFER, [name]: '' }, ask).first
    expect(asked).toEqual([])
  })
})
