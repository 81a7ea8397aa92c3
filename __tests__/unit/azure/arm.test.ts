import { describe, expect, it } from '@jest/globals'
import { Arm } from '../../../src/azure/clients/arm.ts'
import { AzureError } from '../../../src/azure/errors/azureError.ts'
import { ReadAhead } from '../../../src/azure/http/readAhead.ts'
import { fakeAzure } from './fakeAzure.ts'

const ENDPOINT = 'https://management.azure.com'
const ID = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Devices/IotHubs/hub'
const put = { apiVersion: 'v', operation: 'create IoT hub', body: { location: 'westeurope' } }
const signal = new AbortController().signal

function armOf(azure: ReturnType<typeof fakeAzure>): Arm {
  return new Arm(azure.transport, ENDPOINT, new ReadAhead())
}

describe('reading', () => {
  it('asks with the api-version and a token', async () => {
    const azure = fakeAzure({ status: 200, body: { id: ID } })
    expect(await armOf(azure).get(ID, '2025-08-01-preview', { operation: 'read' })).toEqual({
      id: ID
    })
    expect(azure.requests[0]?.url).toBe(`${ENDPOINT}${ID}?api-version=2025-08-01-preview`)
    expect(azure.requests[0]?.headers.get('authorization')).toBe('Bearer token')
  })

  it('says which release asks', async () => {
    const azure = fakeAzure({ status: 200, body: { id: ID } })
    await armOf(azure).get(ID, 'v', { operation: 'read' })
    const [request] = azure.requests
    expect(request?.headers.get('user-agent')).toMatch(/^provision-azure-iot\/\d+\.\d+\.\d+ /)
  })

  it('takes 404 for absence', async () => {
    const azure = fakeAzure({
      status: 404,
      body: { error: { code: 'ResourceNotFound', message: '' } }
    })
    expect(await armOf(azure).get(ID, 'v', { operation: 'read' })).toBeUndefined()
  })

  it('follows pages', async () => {
    const items = [1, 2].map((number) => ({ id: `/things/${number}`, name: `${number}` }))
    const azure = fakeAzure(
      { status: 200, body: { value: items.slice(0, 1), nextLink: `${ENDPOINT}/next?page=2` } },
      { status: 200, body: { value: items.slice(1) } }
    )
    expect(await armOf(azure).list('/things', 'v', { operation: 'list' })).toEqual(items)
    expect(azure.requests[1]?.url).toBe(`${ENDPOINT}/next?page=2`)
  })

  it('never follows a page to another host', async () => {
    const azure = fakeAzure({
      status: 200,
      body: { value: [], nextLink: 'https://evil.example/next' }
    })
    await expect(armOf(azure).list('/things', 'v', { operation: 'list' })).rejects.toThrow(
      'evil.example'
    )
    expect(azure.requests).toHaveLength(1)
  })

  it('tells a page of a proxy from an answer of Azure', async () => {
    const azure = fakeAzure({
      status: 200,
      body: '<html>sign in</html>',
      headers: { 'content-type': 'text/html' }
    })
    await expect(armOf(azure).get(ID, 'v', { operation: 'read IoT hub' })).rejects.toThrow(
      'text/html'
    )
  })
})

describe('long-running operations', () => {
  const status = `${ENDPOINT}/subscriptions/s/providers/Microsoft.Devices/operations/1`

  it('polls Azure-AsyncOperation and then reads the resource', async () => {
    const azure = fakeAzure(
      {
        status: 201,
        body: { properties: { provisioningState: 'Creating' } },
        headers: { 'azure-asyncoperation': status, 'retry-after': '0' }
      },
      { status: 200, body: { status: 'Running' }, headers: { 'retry-after': '0' } },
      { status: 200, body: { status: 'Succeeded' }, headers: { 'retry-after': '0' } },
      { status: 200, body: { id: ID, properties: { state: 'Active' } } }
    )
    const waits: string[] = []
    const hub = await armOf(azure).put(ID, {
      ...put,
      signal,
      progress: (text) => void waits.push(text)
    })
    expect(hub).toEqual({ id: ID, properties: { state: 'Active' } })
    expect(
      azure.requests.map(({ method, url }) => `${method} ${url.replace(ENDPOINT, '')}`)
    ).toEqual([
      `PUT ${ID}?api-version=v`,
      `GET ${status.replace(ENDPOINT, '')}`,
      `GET ${status.replace(ENDPOINT, '')}`,
      `GET ${ID}?api-version=v`
    ])
    expect(waits[0]).toBe('Azure to create IoT hub')
  }, 20_000)

  it('polls Location until it is no longer 202', async () => {
    const azure = fakeAzure(
      { status: 202, headers: { location: status, 'retry-after': '0' } },
      { status: 202, headers: { location: status, 'retry-after': '0' } },
      { status: 204 }
    )
    await armOf(azure).post(`${ID}/synchronize`, { apiVersion: 'v', operation: 'synchronize' })
    expect(azure.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
  }, 20_000)

  it('makes an error of an operation that failed', async () => {
    const azure = fakeAzure(
      { status: 201, body: {}, headers: { 'azure-asyncoperation': status } },
      {
        status: 200,
        body: {
          status: 'Failed',
          error: {
            code: '400',
            message: 'IH400913 does not have the required DeviceRegistry permissions'
          }
        },
        headers: { 'x-ms-correlation-request-id': 'c-1' }
      }
    )
    const failure = await armOf(azure)
      .put(ID, put)
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AzureError)
    expect(failure).toMatchObject({
      innerCode: 'IH400913',
      fromOperation: true,
      refusal: { correlationId: 'c-1' }
    })
  }, 20_000)

  it('takes a resource that says Failed for a failure', async () => {
    const azure = fakeAzure({ status: 201, body: { properties: { provisioningState: 'Failed' } } })
    await expect(armOf(azure).put(ID, put)).rejects.toMatchObject({ code: 'OperationFailed' })
  })

  it('never polls another host', async () => {
    const azure = fakeAzure({ status: 202, headers: { location: 'https://evil.example/1' } })
    await expect(armOf(azure).post(ID, put)).rejects.toThrow('evil.example')
    expect(azure.requests).toHaveLength(1)
  }, 20_000)

  it('sends If-Match only when there is an etag', async () => {
    const azure = fakeAzure({ status: 200, body: {} })
    await armOf(azure).put(ID, { ...put, ifMatch: 'e1' })
    await armOf(azure).put(ID, put)
    expect(azure.requests.map(({ headers }) => headers.get('if-match'))).toEqual(['e1', undefined])
  })
})

describe('retry', () => {
  it('waits as long as Azure asks for', async () => {
    const azure = fakeAzure(
      { status: 429, headers: { 'retry-after': '17' } },
      { status: 200, body: {} }
    )
    await armOf(azure).get(ID, 'v', { operation: 'read' })
    // And a little longer, so that those who were throttled together do not come back together.
    expect(azure.slept[0]).toBeGreaterThanOrEqual(17_000)
    expect(azure.slept[0]).toBeLessThan(19_000)
    expect(azure.notices[0]).toContain('HTTP 429')
  })

  it('understands a date', async () => {
    const azure = fakeAzure(
      {
        status: 503,
        headers: { 'retry-after': new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString() }
      },
      { status: 200, body: {} }
    )
    await armOf(azure).get(ID, 'v', { operation: 'read' })
    expect(azure.slept[0]).toBeGreaterThanOrEqual(9_000)
    expect(azure.slept[0]).toBeLessThan(11_000)
  })

  it('repeats after a broken connection', async () => {
    const azure = fakeAzure({ status: 0, reset: true }, { status: 200, body: { ok: true } })
    expect(await armOf(azure).get(ID, 'v', { operation: 'read' })).toEqual({ ok: true })
  })

  it('gives up after ten attempts and keeps what Azure said last', async () => {
    const azure = fakeAzure({
      status: 503,
      body: { error: { code: 'ServerBusy', message: 'later' } }
    })
    await expect(armOf(azure).get(ID, 'v', { operation: 'read' })).rejects.toMatchObject({
      code: 'ServerBusy'
    })
    expect(azure.requests).toHaveLength(10)
  })

  it('is more patient with throttling, which many jobs may share', async () => {
    const azure = fakeAzure(
      ...Array.from({ length: 15 }, () => ({ status: 429, headers: { 'retry-after': '1' } })),
      { status: 200, body: { ok: true } }
    )
    expect(await armOf(azure).get(ID, 'v', { operation: 'read' })).toEqual({ ok: true })
  })

  it('does not wait for hours', async () => {
    const azure = fakeAzure({ status: 429, headers: { 'retry-after': '86400' } })
    await expect(armOf(azure).get(ID, 'v', { operation: 'read' })).rejects.toMatchObject({
      status: 429
    })
    expect(azure.slept).toEqual([])
  })

  it('cuts a reason that nobody would read', async () => {
    const azure = fakeAzure({ status: 400, body: { error: { message: 'x'.repeat(100_000) } } })
    const failing = armOf(azure).get(ID, 'v', { operation: 'read' })
    await expect(failing).rejects.toThrow('(100000 characters)')
    const error = await failing.catch((caught: Error) => caught)
    expect((error as Error).message.length).toBeLessThan(5_000)
  })

  it('repeats a refusal of which half arrived: its reason decides what is done next', async () => {
    const headers = { 'content-type': 'application/json' }
    const azure = fakeAzure(
      { status: 400, body: '{"code":"4000', headers },
      { status: 400, body: '{"code":"400001","message":"IH400913"}', headers }
    )
    const failing = armOf(azure).put(ID, { ...put, once: true })
    await expect(failing).rejects.toMatchObject({ innerCode: 'IH400913' })
    expect(azure.requests).toHaveLength(2)
  })

  it('does not repeat what a proxy refuses with a page', async () => {
    const headers = { 'content-type': 'text/html' }
    const azure = fakeAzure({ status: 403, body: '<html>blocked</html>', headers })
    await expect(armOf(azure).put(ID, put)).rejects.toThrow('text/html')
    expect(azure.requests).toHaveLength(1)
  })

  it.each([400, 401, 403, 409, 412])('does not repeat a %i', async (status) => {
    const azure = fakeAzure({ status, body: { error: { code: 'No', message: 'no' } } })
    await expect(armOf(azure).put(ID, put)).rejects.toMatchObject({ status })
    expect(azure.requests).toHaveLength(1)
  })

  it('never shows a query, which may be signed', async () => {
    const azure = fakeAzure(
      { status: 503, headers: { 'retry-after': '1' } },
      { status: 200, body: {} }
    )
    await armOf(azure).get(ID, 'v', { operation: 'read', query: { s: 'signature' } })
    expect([...azure.notices, ...azure.debugLines].join()).not.toContain('signature')
  })
})
