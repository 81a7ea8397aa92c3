import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { FOREIGN_HOST, type Foreign } from '../../emulator/foreign.ts'
import { pullRequest } from '../../scripts/trigger.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario(20)

type Where = Omit<Fault, 'effect'>
type Address = Omit<Foreign, 'kind'>

const REDIRECTS = [307, 308].map((status) => ({ address: 'redirect', status }) as Address)
const NEXT: Address = { address: 'nextLink' }
const OPERATION: Address = { address: 'operation' }
const SERVICE: Address = { address: 'serviceHost' }
const DPS = { method: 'GET', path: '/provisioningServices/[^/]+\\?' }

/** Every client, with every kind of address that it can meet. */
const CLIENTS: readonly (readonly [
  client: string,
  where: Where,
  addresses: readonly Address[],
  inputs?: Readonly<Record<string, string>>
])[] = [
  ['our client of ARM, reading', { path: '/namespaces/[^/]+\\?', method: 'GET' }, REDIRECTS],
  ['our client of ARM, listing', { path: '/roleAssignments\\?', method: 'GET' }, [NEXT]],
  [
    'our client of ARM, writing',
    { path: '/namespaces/[^/]+\\?', method: 'PUT' },
    [OPERATION, ...REDIRECTS]
  ],
  ['our client of ARM, acting', { path: '/synchronize\\?', method: 'POST' }, [OPERATION]],
  [
    'Microsoft’s client of DPS',
    { path: '/provisioningServices/[^/]+/listkeys', method: 'POST' },
    [NEXT, ...REDIRECTS]
  ],
  [
    'Microsoft’s client of IoT Hub',
    { path: '/IotHubs/[^/]+/IotHubKeys/', method: 'POST' },
    REDIRECTS
  ],
  [
    'Microsoft’s client of managed identities',
    { path: '/userAssignedIdentities/', method: 'GET' },
    REDIRECTS
  ],
  ['the client of Entra', { host: 'login.microsoftonline.com', method: 'POST' }, REDIRECTS],
  ['the client of the DPS data plane, with a signature', DPS, [SERVICE]],
  [
    'the client of the DPS data plane, with a token',
    DPS,
    [SERVICE],
    { 'enrollment-auth': 'entra' }
  ],
  [
    'the client of the DPS data plane, led on',
    { path: '^/enrollmentGroups/', method: 'GET' },
    REDIRECTS
  ]
]

const cases = CLIENTS.flatMap(([client, where, addresses, inputs = {}]) =>
  addresses.map((one) => [client, [one.address, one.status].join(' '), where, one, inputs] as const)
)

describe('an answer that leads to another host', () => {
  it.each(cases)('%s, %s: nothing arrives there', async (_client, _kind, where, one, inputs) => {
    scenario.azure.setFaults([{ ...where, times: 100, effect: { kind: 'foreign', ...one } }])
    const run = await scenario.run(inputs)
    expect(run.requests.some(({ fault }) => fault === 'foreign')).toBe(true)
    expect(run.requests.filter(({ host }) => host === FOREIGN_HOST)).toEqual([])
    expect(run.exitCode).toBe(1)
    // A redirect is not followed at all; every other address is refused by the guard, once, with its host and its source.
    if (one.address !== 'redirect') {
      expect(run.failure).toContain(FOREIGN_HOST)
      expect(run.failure).toMatch(/Could not .*\n *Azure said /)
      expect(run.failure).toContain('What to do: check `cloud`')
      expect(run.log).not.toContain('attempt 2')
    }
    expect(run.log).not.toMatch(/unhandled|^\s+at /im)
  })

  it('of GitHub, in a list of comments: the token does not arrive there', async () => {
    const effect = { kind: 'foreign', address: 'nextLink' } as const
    scenario.azure.setFaults([{ host: 'api.github.com', path: '/comments', times: 9, effect }])
    const inputs = { operation: 'plan', comment: 'true', 'github-token': 'ghs_emulated' }
    const run = await scenario.run(inputs, { trigger: pullRequest(7) })
    expect(run.requests.some(({ fault }) => fault === 'foreign')).toBe(true)
    expect(run.requests.filter(({ host }) => host === FOREIGN_HOST)).toEqual([])
    expect(run.log).toMatch(new RegExp(`::warning title=No comment::.*${FOREIGN_HOST}`))
  })

  it('as the region of the sign-in: the assertion does not arrive there', async () => {
    const env = { AZURE_REGIONAL_AUTHORITY_NAME: `${FOREIGN_HOST}/x` }
    const run = await scenario.run({}, { env })
    expect(run.requests.filter(({ host }) => host === FOREIGN_HOST)).toEqual([])
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain(FOREIGN_HOST)
    expect(run.log).not.toContain('attempt 2')
  })

  it.each([
    ['AZURE_AUTHORITY_HOST', `https://${FOREIGN_HOST}`],
    ['AZURE_REGIONAL_AUTHORITY_NAME', `${FOREIGN_HOST}/x`]
  ])(
    'as %s of a managed identity in Kubernetes: no assertion arrives there',
    async (name, value) => {
      const files = { assertion: 'h.e30.s' }
      const env = { AZURE_FEDERATED_TOKEN_FILE: 'assertion', [name]: value }
      const run = await scenario.run({ credential: 'managed-identity' }, { env, files })
      expect(run.requests).toEqual([])
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain(FOREIGN_HOST)
      expect(run.failure).toContain(`The variable ${name} leads to`)
    }
  )

  it('of Microsoft Graph costs the optional grant alone', async () => {
    const effect = { kind: 'foreign', address: 'redirect' } as const
    scenario.azure.setFaults([{ host: 'graph.microsoft.com', times: 100, effect }])
    const run = await scenario.apply()
    expect(run.requests.filter(({ host }) => host === FOREIGN_HOST)).toEqual([])
    expect(run.log).toContain('Microsoft Graph')
  })
})
