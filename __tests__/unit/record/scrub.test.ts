import { describe, expect, it } from '@jest/globals'
import type { Exchange } from '../../../emulator/record.ts'
import { scrubbed } from '../../../scripts/record/scrub.ts'

const SUBSCRIPTION = 'c0ffee00-1111-4222-8333-abcdefabcdef'
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/contoso-secret-group`
const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/contoso-hub-west`
const KEY = 'q1w2E3r4T5y6U7i8O9p0A1s2D3f4G5h6J7k8L9z0XcV='

function exchange(more: Partial<Exchange>): Exchange {
  return {
    time: '2026-11-25T10:00:00.000Z',
    method: 'GET',
    host: 'management.azure.com',
    url: `https://management.azure.com${HUB}?api-version=2025-08-01-preview`,
    connection: 0,
    status: 200,
    durationMs: 9,
    requestHeaders: { authorization: 'Bearer …' },
    responseHeaders: {},
    ...more
  }
}

/** The body that is kept of an answer. */
function kept(responseBody: unknown): unknown {
  return scrubbed([exchange({ responseBody })], new Set()).exchanges[0]?.responseBody
}

describe('a recording keeps', () => {
  it('words of the service, dates and durations', () => {
    const body = {
      type: 'Microsoft.Devices/IotHubs',
      location: 'westeurope',
      sku: { name: 'GEN2', tier: 'Standard', capacity: 1 },
      properties: { state: 'Active', createdAt: '2026-11-25T10:00:00Z', ttl: 'PT1H' }
    }
    expect(kept(body)).toEqual(body)
  })

  it('what is everybody’s: built-in roles, names that Azure gives, interfaces', () => {
    const role =
      '/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c'
    const body = { keyName: 'iothubowner', id: role, tags: { 'managed-by': 'provision-azure-iot' } }
    expect(kept(body)).toEqual(body)
  })
})

describe('a recording has an alias for', () => {
  it('ids and names, one for each, however Azure spells them', () => {
    const body = kept({
      id: HUB,
      upper: HUB.toUpperCase(),
      name: 'contoso-hub-west',
      hostName: 'contoso-hub-west.azure-devices.net',
      link: `HostName=Contoso-Hub-West.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey=${KEY}`
    }) as Record<string, string>
    const { name = '' } = body
    expect(name).toMatch(/^alias-\d{5}$/)
    expect(body.id).toMatch(new RegExp(`/IotHubs/${name}$`))
    expect(body.upper).toMatch(new RegExp(`/IOTHUBS/${name}$`))
    expect(body.hostName).toBe(`${name}.azure-devices.net`)
    expect(body.link).toMatch(
      new RegExp(
        `^HostName=${name}\\.azure-devices\\.net;SharedAccessKeyName=iothubowner;SharedAccessKey=alias-\\d{5}$`
      )
    )
  })

  it('tags and twins, names and values', () => {
    const text = JSON.stringify(
      kept({
        tags: { 'contoso-cost': 'northwind', state: 'contoso-cell' },
        initialTwin: { properties: { desired: { contosoRate: 5 } } }
      })
    )
    expect(text).not.toMatch(/contoso|northwind/)
  })

  it('names of endpoints of a namespace; what they are and how they are linked stays', () => {
    const endpoint = {
      endpointType: 'Microsoft.Devices/IotHubs',
      resourceId: HUB,
      linkingState: 'Succeeded'
    }
    const { properties } = kept({
      properties: { messaging: { endpoints: { 'contoso-hub-west': endpoint } } }
    }) as { properties: { messaging: { endpoints: Record<string, typeof endpoint> } } }
    const [[name, link] = []] = Object.entries(properties.messaging.endpoints)
    expect(name).toMatch(/^alias-\d{5}$/)
    expect(link).toEqual({ ...endpoint, resourceId: expect.stringContaining(`/IotHubs/${name}`) })
  })

  it('no kind of endpoint that a hub routes to', () => {
    const body = { routing: { endpoints: { serviceBusQueues: [], storageContainers: [] } } }
    expect(kept(body)).toEqual(body)
  })

  it('everything in a message but plain words', () => {
    expect(
      kept({
        error: {
          code: 'AuthorizationFailed',
          message: `The client 'jane@contoso.example' at 10.1.2.3 does not have authorization over scope '${HUB}' of contoso-hub-west.`
        }
      })
    ).toEqual({
      error: {
        code: 'AuthorizationFailed',
        message: "The client '…' at … does not have authorization over scope '…' of …"
      }
    })
  })

  it('what stands where a word of the service should', () => {
    expect(kept({ status: '<html>contoso</html>', code: KEY.repeat(4) })).toEqual({
      status: expect.stringMatching(/^alias-\d{5}$/),
      code: expect.stringMatching(/^alias-\d{5}$/)
    })
  })

  it('a page in the place of an answer, and the state of a list', () => {
    const page = exchange({
      url: `https://management.azure.com${GROUP}/resources?api-version=2021-04-01&$skiptoken=contoso-next`,
      responseBody: '<html>contoso</html>'
    })
    expect(JSON.stringify(scrubbed([page], new Set()))).not.toContain('contoso')
  })

  it('headers that say nothing of how a service behaves', () => {
    const { exchanges } = scrubbed(
      [
        exchange({
          responseHeaders: {
            'retry-after': '10',
            etag: '"contoso-etag"',
            location: `https://management.azure.com${HUB}/operationResults/contoso-op?api-version=2025-08-01-preview`,
            'x-ms-routing-request-id': 'CONTOSO:1'
          }
        })
      ],
      new Set()
    )
    expect(exchanges[0]?.responseHeaders).toEqual({
      'retry-after': '10',
      etag: expect.stringMatching(/^"alias-\d{5}"$/),
      location: expect.stringMatching(
        /\/operationResults\/alias-\d{5}\?api-version=2025-08-01-preview$/
      ),
      'x-ms-routing-request-id': '…'
    })
  })
})

it('a word of the service that stands in an unknown place too is no name', () => {
  const body = { provisioningState: 'Succeeded', contosoState: 'Succeeded' }
  expect(kept(body)).toEqual({
    provisioningState: 'Succeeded',
    contosoState: expect.stringMatching(/^alias-\d{5}$/)
  })
})

it('a recording in which a name stands where a word should is not kept', () => {
  const told = exchange({ responseBody: { id: HUB, reason: 'contoso-hub-west' } })
  expect(() => scrubbed([told], new Set())).toThrow('left in the recording')
})

it('a recording in which an id is still found is not kept', () => {
  // A number is no text, and so has no alias.
  const told = exchange({ responseBody: { 'contoso-hub-west': 1 } })
  expect(() => scrubbed([told], new Set())).toThrow('left in the recording')
})
