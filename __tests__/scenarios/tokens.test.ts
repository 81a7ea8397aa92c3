import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import type { Exchange } from '../../emulator/record.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

const ENTRA = 'login.microsoftonline.com'

/** A run that takes one token: for Resource Manager. */
const IDENTITY = { phases: 'identity', 'hub-app-grant': 'skip' }

/** A refusal of Entra's token endpoint, for the first so many requests. */
function refusal(status: number, code: number, error: string, times = 1): Fault {
  const error_description = `AADSTS${code}: on purpose. Trace ID: t Correlation ID: c`
  const body = { error, error_description, error_codes: [code] }
  return {
    host: ENTRA,
    path: '/oauth2/v2.0/token',
    times,
    effect: { kind: 'answer', status, body }
  }
}

const signIns = (requests: readonly Exchange[]) => requests.filter(({ host }) => host === ENTRA)

const assertionOf = ({ requestBody }: Exchange) =>
  (requestBody as Record<string, string>).client_assertion

describe('Microsoft Entra', () => {
  it.each([
    ['503 with AADSTS90033', refusal(503, 90033, 'temporarily_unavailable', 3)],
    ['500 with AADSTS90006', refusal(500, 90006, 'server_error', 3)],
    ['400 with AADSTS90033', refusal(400, 90033, 'invalid_request', 3)],
    ['400 with temporarily_unavailable', refusal(400, 1, 'temporarily_unavailable', 3)]
  ])('that is busy (%s) is asked again', async (_what, fault) => {
    scenario.azure.setFaults([fault])
    const run = await scenario.apply(IDENTITY)
    expect(run.log).toContain(`${ENTRA}/`)
    expect(run.log).toContain('attempt 4 of 10')
  })

  it('that refuses is not', async () => {
    scenario.azure.setFaults([refusal(401, 7000112, 'unauthorized_client', 9)])
    const run = await scenario.run(IDENTITY)
    expect(run.failure).toContain('AADSTS7000112')
    expect(signIns(run.requests)).toHaveLength(1)
  })

  it('that takes the assertion for too old gets a fresh one, once', async () => {
    scenario.azure.setFaults([refusal(401, 700024, 'invalid_client')])
    const run = await scenario.apply(IDENTITY)
    const [first, second] = signIns(run.requests).map(assertionOf)
    expect(first).not.toBe(second)

    scenario.azure.setFaults([refusal(401, 700024, 'invalid_client', 9)])
    const refused = await scenario.run(IDENTITY)
    expect(refused.failure).toMatch(/AADSTS700024[\s\S]*clock/)
    expect(signIns(refused.requests)).toHaveLength(2)
  })
})

describe('a token that has expired before its time', () => {
  it.each([
    ['and the DPS is signed to', {}],
    ['and the DPS takes a token', { 'enrollment-auth': 'entra' }]
  ])('is replaced, wherever it was refused, %s', async (_what, inputs) => {
    scenario.configure({
      entra: { tokenSeconds: 240, promisedSeconds: 3599 },
      latency: { hubCreate: 400_000, dpsCreate: 300_000, synchronize: 300_000 },
      deployer: {
        grants: ['Owner', 'Device Provisioning Service Data Contributor'].map((role) => ({
          role,
          scope: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
        }))
      }
    })
    const run = await scenario.apply(inputs)
    const refused = run.requests.filter(({ status }) => status === 401)
    expect(refused.map(({ responseBody }) => JSON.stringify(responseBody))).toContainEqual(
      expect.stringContaining('ExpiredAuthenticationToken')
    )
    // Each client is refused at most once for each token.
    expect(refused.length).toBeLessThanOrEqual(signIns(run.requests).length * 3)
  })
})

describe('continuous access evaluation', () => {
  it.each([
    ['Resource Manager and Graph', {}],
    ['a DPS that takes a token', { 'enrollment-auth': 'entra' }]
  ])('is answered with the claims of its challenge: %s', async (_what, inputs) => {
    scenario.configure({
      entra: { claims: '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}' },
      deployer: {
        grants: ['Owner', 'Device Provisioning Service Data Contributor'].map((role) => ({
          role,
          scope: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
        }))
      }
    })
    const run = await scenario.apply(inputs)
    const hosts = new Set(
      run.requests.filter(({ status }) => status === 401).map(({ host }) => host)
    )
    expect([...hosts].some((host) => host.startsWith('graph.'))).toBe(true)
    expect([...hosts].some((host) => host.includes('provisioning.net'))).toBe(
      'enrollment-auth' in inputs
    )
    // All clients of a service share the token that its challenge led to.
    expect(signIns(run.requests)).toHaveLength(2 * hosts.size)
    expect((await scenario.apply(inputs)).writes).toEqual([])
  })
})
