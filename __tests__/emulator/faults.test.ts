import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { arm as armOf, token } from './deployer.ts'

const SPEED = 100
const GROUP = '/resourceGroups/rg'
const NAMESPACE = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/adr`
const VERSION = '2025-11-01-preview'

let azure: Emulator
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant', speed: SPEED })
})
let authorization = ''
beforeEach(async () => {
  azure.reset()
  authorization = `Bearer ${await token(azure)}`
})
afterAll(() => azure.stop())

const arm = (method: string, path: string, version: string, body?: unknown) =>
  armOf(azure, method, path, version, body, { authorization })

const group = (method = 'PUT', tags: object = {}) =>
  arm(method, GROUP, '2021-04-01', method === 'PUT' ? { location: 'westeurope', tags } : undefined)

const namespace = (method = 'PUT') =>
  arm(
    method,
    NAMESPACE,
    VERSION,
    method === 'PUT'
      ? { location: 'westeurope', identity: { type: 'SystemAssigned' }, properties: {} }
      : undefined
  )

const fault = (effect: Fault['effect'], more: Partial<Fault> = {}) =>
  azure.setFaults([{ host: 'management.azure.com', ...more, effect }])

/** Follows an operation by the address that its answer gave. */
async function poll(headers: Readonly<Record<string, string>>) {
  const url = new URL(headers['azure-asyncoperation'] ?? headers.location ?? '')
  const path = url.pathname.replace(/^\/subscriptions\/[^/]+/, '')
  return arm('GET', path, url.searchParams.get('api-version') ?? '')
}

describe('an answer', () => {
  it('that is lost: the request took effect', async () => {
    fault({ kind: 'reset', when: 'after' })
    await expect(group()).rejects.toThrow('no answer')
    expect(azure.world.resources.size).toBe(1)
  })

  it('that never comes because the request did not arrive', async () => {
    fault({ kind: 'reset', when: 'before' })
    await expect(group()).rejects.toThrow('no answer')
    expect(azure.world.resources.size).toBe(0)
  })

  it('of which half arrives', async () => {
    fault({ kind: 'truncate' })
    expect(await group()).toMatchObject({ status: 201, body: null })
  })

  it('that a proxy gives', async () => {
    fault({ kind: 'html' })
    expect(await group()).toMatchObject({
      status: 200,
      body: null,
      headers: { 'content-type': 'text/html' }
    })
  })

  it('that trickles, and arrives whole', async () => {
    fault({ kind: 'trickle', ms: 20_000 })
    const before = performance.now()
    const { body } = await group()
    expect(body.name).toBe('rg')
    expect(performance.now() - before).toBeGreaterThan(20_000 / SPEED)
  })
})

describe('a request meets a fault', () => {
  const status = async (): Promise<number> => (await group('GET')).status

  it('by its number, and as many after it as asked', async () => {
    fault({ kind: 'answer', status: 503 }, { nth: 2, times: 2 })
    expect([await status(), await status(), await status(), await status()]).toEqual([
      404, 503, 503, 404
    ])
  })

  it('by its provider', async () => {
    await group()
    fault({ kind: 'answer', status: 503 }, { provider: 'Microsoft.DeviceRegistry', times: 9 })
    expect([await status(), (await namespace('GET')).status]).toEqual([200, 503])
  })

  it('as long as an outage lasts', async () => {
    fault({ kind: 'answer', status: 503 }, { lasts: 300_000 })
    expect([await status(), await status()]).toEqual([503, 503])
    await new Promise((resolve) => setTimeout(resolve, 300_000 / SPEED))
    expect(await status()).toBe(404)
  })

  it('set through the control address, which knows what a fault is', async () => {
    const host = 'management.azure.com'
    const set = (faults: unknown) =>
      fetch(`${azure.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(faults) })
    expect((await set([{ host, effect: { kind: 'answer', status: 418 } }])).status).toBe(204)
    expect(await status()).toBe(418)
    const refused = await set([{ effect: { kind: 'anser' } }])
    expect(refused.status).toBe(400)
    expect((await set([{ times: 1, lasts: 1, effect: { kind: 'html' } }])).status).toBe(400)
  })
})

describe('a long-running operation', () => {
  beforeEach(group)

  it.each([
    ['Failed', 'Boom'],
    ['Canceled', 'OperationCanceled']
  ] as const)('that ends %s has no effect but a resource that says so', async (end, code) => {
    fault({ kind: 'operation', end, error: { code: 'Boom', message: 'It went wrong.' } })
    const { headers } = await namespace()
    expect((await poll(headers)).body).toMatchObject({ status: end, error: { code } })
    const { body } = await namespace('GET')
    expect(body.properties.provisioningState).toBe(end)
    expect(body.identity.principalId).toBeUndefined()
  })

  it('that never ends keeps its resource busy', async () => {
    fault({ kind: 'operation', end: 'never' })
    const { headers } = await namespace()
    expect((await poll(headers)).body.status).toBe('InProgress')
    expect((await namespace()).body.error.code).toBe('ResourceProvisioningInProgress')
  })

  it('whose answer does not tell where to follow it goes on all the same', async () => {
    fault({ kind: 'headless' })
    const { status, headers } = await namespace()
    expect(status).toBe(201)
    expect(headers).not.toHaveProperty('azure-asyncoperation')
    expect((await namespace('GET')).body.properties.provisioningState).toBe('Succeeded')
  })
})

describe('throttling', () => {
  it('lets as many requests pass as there are tokens, and says when the next one comes', async () => {
    azure.configure({ throttle: { reads: { capacity: 2, perSecond: 0.0001 } } })
    expect((await group('GET')).headers['x-ms-ratelimit-remaining-subscription-reads']).toBe('1')
    await group('GET')
    const { status, headers, body } = await group('GET')
    expect(status).toBe(429)
    expect(Number(headers['retry-after'])).toBeGreaterThan(10)
    expect(body.error.code).toBe('SubscriptionRequestsThrottled')
    // Writes have a bucket of their own.
    expect((await group()).status).toBe(201)
  })

  it('ends as the bucket fills', async () => {
    azure.configure({ throttle: { reads: { capacity: 1, perSecond: 0.004 } } })
    await group('GET')
    expect((await group('GET')).status).toBe(429)
    await new Promise((resolve) => setTimeout(resolve, 250_000 / SPEED))
    expect((await group('GET')).status).toBe(404)
  })
})

describe('a replica that lags', () => {
  it('goes on showing what was there before each write', async () => {
    azure.configure({ latency: { readLag: 300_000 } })
    await group()
    expect((await group('GET')).status).toBe(404)
    await new Promise((resolve) => setTimeout(resolve, 300_000 / SPEED))
    await group('PUT', { team: 'iot' })
    const stale = await group('GET')
    expect([stale.status, stale.body.tags]).toEqual([200, {}])
    await new Promise((resolve) => setTimeout(resolve, 300_000 / SPEED))
    expect((await group('GET')).body.tags).toEqual({ team: 'iot' })
  })
})

describe('quotas', () => {
  it('of credentials hold for a region', async () => {
    azure.configure({ quotas: { credentials: 0 } })
    await group()
    await namespace()
    const { status, body } = await arm('PUT', `${NAMESPACE}/credentials/default`, VERSION, {
      location: 'westeurope',
      properties: {}
    })
    expect([status, body.error.code]).toEqual([409, 'CredentialQuotaExceeded'])
  })
})
