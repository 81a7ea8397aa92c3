import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { B, Client, DPS, HUB, N, SYSTEM } from './linkedModel.ts'

let client: Client
beforeAll(async () => {
  client = await Client.start()
})
beforeEach(() => client.reset())
afterEach(() => client.keep())
afterAll(() => client.stop())

describe('a namespace of version 2026-11-01', () => {
  it('links its DPS, then its hub, and each tells of it to its own version alone', async () => {
    await client.services()
    await client.grants()
    await client.links()
    const { body } = await client.get(N)
    expect(body.properties).toMatchObject({
      provisioningState: 'Succeeded',
      provisioning: { endpoints: { 'dps-1': { linkingState: 'Succeeded' } } },
      messaging: {
        endpoints: {
          'hub-1': {
            linkingState: 'Succeeded',
            deviceAddress: 'hub1.device.azure-devices.net',
            provisioning: { availability: 'Available', allocationWeight: 1 }
          }
        }
      }
    })
    expect((await client.get(HUB)).body.properties.deviceRegistry).toMatchObject({
      namespaceResourceId: client.id(N),
      linkingProperties: { state: 'Success' }
    })
    expect((await client.get(DPS)).body.properties.deviceRegistryNamespaces).toMatchObject([
      { resourceId: client.id(N), linkingState: 'Succeeded' }
    ])
    const old = await client.get(N, '2025-11-01-preview')
    expect(new Set(Object.keys(old.body.properties))).toEqual(
      new Set(['messaging', 'provisioningState', 'uuid'])
    )
    expect(old.body.properties.messaging).toEqual({ endpoints: {} })
    const oldHub = await client.get(HUB, '2025-08-01-preview')
    expect(oldHub.body.properties).not.toHaveProperty('deviceRegistry')
    const oldDps = await client.get(DPS, '2025-02-01-preview')
    expect(JSON.stringify(oldDps.body)).not.toContain('deviceRegistryNamespace')
  })

  it.each([
    ['b1', 'AdrMiNotAuthorized'],
    ['b2', 'LinkInitiateFailed']
  ])('does not link a DPS without grant %s', async (grant, code) => {
    await client.services()
    await client.grants(grant)
    await client.link('provisioning', 'dps-1', DPS)
    const { properties } = (await client.get(N)).body
    expect(properties.provisioningState).toBe('Failed')
    expect(properties.provisioning.endpoints['dps-1']).toMatchObject({
      linkingState: 'Failed',
      linkingError: { code }
    })
  })

  it('takes a hub only with a DPS, whole endpoints only, and one write at a time', async () => {
    await client.services()
    await client.grants()
    const alone = await client.link('messaging', 'hub-1', HUB)
    expect(alone.body.error.code).toBe('ProvisioningEndpointRequired')
    const sparse = { inboundCallerIdentity: SYSTEM }
    const refused = await client.arm('PATCH', N, {
      properties: { provisioning: { endpoints: { 'dps-1': sparse } } }
    })
    expect(refused.body.error.code).toBe('InvalidRequestContent')
    client.azure.configure({ latency: { dpsLink: 60_000 } })
    await client.link('provisioning', 'dps-1', DPS)
    const { properties } = (await client.get(N)).body
    expect(properties).toMatchObject({
      provisioningState: 'Updating',
      provisioning: { endpoints: { 'dps-1': { linkingState: 'InProgress' } } }
    })
    const busy = await client.link('messaging', 'hub-1', HUB)
    expect(busy).toMatchObject({
      status: 409,
      body: { error: { code: 'ResourceProvisioningInProgress' } }
    })
  })

  it('keeps what other services put into it, and links by a PUT as well', async () => {
    await client.services()
    await client.grants()
    const grid = {
      endpointType: 'Microsoft.Devices/IoTHubs.not',
      address: 'https://x',
      resourceId: '/a/b'
    }
    const { body } = await client.get(N)
    const whole = {
      location: body.location,
      identity: SYSTEM,
      properties: {
        messaging: { endpoints: { grid } },
        provisioning: {
          endpoints: {
            'dps-1': {
              endpointType: 'Microsoft.Devices/provisioningServices',
              resourceId: client.id(DPS),
              inboundCallerIdentity: SYSTEM
            }
          }
        }
      }
    }
    expect((await client.arm('PUT', N, whole)).status).toBe(200)
    await client.get(N)
    await client.link('messaging', 'hub-1', HUB)
    const { properties } = (await client.get(N)).body
    expect(properties.messaging.endpoints.grid).toEqual(grid)
    expect(properties.messaging.endpoints['hub-1'].linkingState).toBe('Succeeded')
    const lost = await client.arm('PUT', N, whole)
    expect(lost).toMatchObject({ status: 409, body: { error: { code: 'LinkedResourceExists' } } })
  })

  it('is healed by a PATCH of its tags, and refuses a healthy link meanwhile', async () => {
    client.azure.configure({ registry: { healNeeded: true } })
    await client.services()
    await client.grants()
    await client.link('provisioning', 'dps-1', DPS)
    expect((await client.get(N)).body.properties.provisioningState).toBe('Failed')
    expect((await client.link('provisioning', 'dps-1', DPS)).status).toBe(400)
    await client.arm('PATCH', N, { tags: { healed: 'yes' } })
    expect((await client.get(N)).body).toMatchObject({
      tags: { healed: 'yes' },
      properties: { provisioningState: 'Succeeded' }
    })
  })

  it('lets go of a hub that is gone, given the right to see that it is', async () => {
    await client.services()
    await client.grants()
    await client.links()
    await client.arm('DELETE', HUB)
    while ((await client.get(HUB)).status !== 404);
    // Another one of the same name is none that was linked.
    await client.hub()
    expect(await client.ready(HUB)).not.toHaveProperty('body.properties.deviceRegistry')
    const { body } = await client.get(N)
    const { messaging: _, uuid: _u, provisioningState: _s, ...rest } = body.properties
    const { linkingState: _l, ...dps } = rest.provisioning.endpoints['dps-1']
    const without = {
      location: body.location,
      identity: SYSTEM,
      properties: { provisioning: { endpoints: { 'dps-1': dps } } }
    }
    await client.arm('PUT', N, without)
    expect((await client.get(N)).body.properties).toMatchObject({
      provisioningState: 'Failed',
      messaging: { endpoints: { 'hub-1': { linkingError: { code: 'AdrMiNotAuthorized' } } } }
    })
    await client.grant(
      await client.principal(N),
      'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      '/resourceGroups/rg'
    )
    await client.arm('PUT', N, without)
    const { properties } = (await client.get(N)).body
    expect(properties.provisioningState).toBe('Succeeded')
    expect(properties).not.toHaveProperty('messaging')
  })

  it.each([
    ['attemptsUnauthorized', 'AdrMiNotAuthorized'],
    ['attemptsRejected', 'LinkInitiateFailed']
  ])('fails as often as %s says', async (knob, code) => {
    client.azure.configure({ registry: { [knob]: 1 } })
    await client.services()
    await client.grants()
    const endpoint = async () => {
      await client.link('provisioning', 'dps-1', DPS)
      return (await client.get(N)).body.properties.provisioning.endpoints['dps-1']
    }
    expect(await endpoint()).toMatchObject({ linkingState: 'Failed', linkingError: { code } })
    expect(await endpoint()).toMatchObject({ linkingState: 'Succeeded' })
  })
})

describe('a linked service', () => {
  it('keeps to what its version lets it change', async () => {
    await client.services()
    await client.grants()
    await client.links()
    const patched = await client.arm('PATCH', DPS, { identity: SYSTEM })
    expect(patched).toMatchObject({ status: 400, body: { code: 'IH400158' } })
    const { body } = await client.get(DPS)
    const hub = { connectionString: 'HostName=h', location: 'westeurope' }
    const { location, sku, identity } = body
    const properties = { iotHubs: [hub] }
    const listed = await client.arm('PUT', DPS, { location, sku, identity, properties }, B)
    expect(listed).toMatchObject({ status: 409, body: { code: 'IH409313' } })
    const gen2 = await client.arm(
      'PUT',
      `${HUB}x`,
      { location: 'westeurope', sku: { name: 'GEN2', capacity: 1 }, properties: {} },
      B
    )
    expect(gen2.status).toBe(400)
  })
})
