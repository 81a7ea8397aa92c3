import { describe, expect, it } from '@jest/globals'
import { armAt } from '../../../src/azure/clients/arm.ts'
import { Sender } from '../../../src/azure/http/pipeline.ts'
import type { TokenOptions } from '../../../src/azure/signIn/tokenMemory.ts'
import { type Answer, fakeAzure } from './fakeAzure.ts'

const SCOPE = 'https://management.azure.com/.default'
const URL = 'https://management.azure.com/thing'
const OK: Answer = { status: 200, body: {} }
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'

const unauthorized = (body: unknown, challenge?: string): Answer => ({
  status: 401,
  body,
  ...(challenge && { headers: { 'www-authenticate': challenge } })
})
const expired = unauthorized({ error: { code: 'ExpiredAuthenticationToken', message: 'past' } })
const challenged = unauthorized(
  {},
  `PoP authorization_uri="x", error="invalid_token", Bearer realm="", error="insufficient_claims", claims="${btoa(CLAIMS)}"`
)

/** Sends one request with numbered tokens. */
async function send(answers: readonly Answer[], before?: () => Promise<void>) {
  const azure = fakeAzure(...answers)
  const asked: TokenOptions[] = []
  const shown: (string | undefined)[] = []
  const credential = {
    getToken: async (_scopes: unknown, options: TokenOptions = {}) => {
      asked.push(options)
      return { token: `t${asked.length}`, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }
    }
  }
  const { httpClient } = azure.transport
  const spied = {
    sendRequest: (request: Parameters<NonNullable<typeof httpClient>['sendRequest']>[0]) => {
      shown.push(request.headers.get('authorization'))
      return (httpClient as NonNullable<typeof httpClient>).sendRequest(request)
    }
  }
  const sender = new Sender(
    { ...azure.transport, credential, httpClient: spied },
    armAt('https://management.azure.com'),
    SCOPE
  )
  const { status } = await sender.send({ method: 'PUT', url: URL, body: {}, before })
  return { status, asked, shown }
}

describe('a token that is refused', () => {
  it('for its age is replaced once', async () => {
    const run = await send([expired, OK])
    expect([run.status, run.shown]).toEqual([200, ['Bearer t1', 'Bearer t2']])
    expect(run.asked[1]).toMatchObject({ refused: 't1' })
    expect((await send([expired])).shown).toHaveLength(2)
  })

  it.each([
    [
      'Graph',
      {
        error: {
          code: 'InvalidAuthenticationToken',
          message: 'Lifetime validation failed, the token is expired.'
        }
      }
    ],
    ['a DPS', { errorCode: 401002, message: 'The access token expiry UTC time is past.' }]
  ])('for its age is replaced whatever %s calls it', async (_who, body) => {
    expect((await send([unauthorized(body), OK])).status).toBe(200)
  })

  it('for its age by the header alone is replaced as well', async () => {
    const header = 'Bearer error="invalid_token", error_description="The token is expired"'
    expect((await send([unauthorized({}, header), OK])).status).toBe(200)
  })

  it('for want of claims is replaced by one with these, whatever other schemes are offered', async () => {
    const run = await send([challenged, OK])
    expect([run.status, run.asked[1]?.claims]).toEqual([200, CLAIMS])
    expect(run.asked.every(({ enableCae }) => enableCae)).toBe(true)
  })

  it('for its age and then for want of claims gets over both', async () => {
    expect((await send([expired, challenged, OK])).status).toBe(200)
  })

  it('for anything else is not replaced', async () => {
    const body = { error: { code: 'InvalidAuthenticationTokenTenant', message: 'wrong issuer' } }
    const run = await send([unauthorized(body, 'Bearer error="invalid_token"')])
    expect([run.status, run.shown]).toEqual([401, ['Bearer t1']])
  })

  it('has the caller look again before the request goes out once more', async () => {
    let looks = 0
    await send([expired, OK], async () => void looks++)
    expect(looks).toBe(2)
  })
})
