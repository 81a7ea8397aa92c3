import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Client, DPS, HUB, ICA, N, POLICY, ROLES, SYSTEM } from './linkedModel.ts'

const GROUP = '/resourceGroups/rg'
const HOUR = 3_600_000

let client: Client
beforeAll(async () => {
  client = await Client.start()
})
beforeEach(() => client.reset())
afterEach(() => client.keep())
afterAll(() => client.stop())

const properties = async (path = N) => (await client.get(path)).body.properties
const dpsEndpoint = async () => (await properties()).provisioning?.endpoints['dps-1']

async function ready(): Promise<void> {
  await client.services()
  await client.grants()
}

describe('where sources leave it open', () => {
  it('an endpoint may be missing at first, and a mirror for good', async () => {
    client.azure.configure({
      latency: { endpointProjection: HOUR },
      registry: { mirrored: false }
    })
    await ready()
    await client.link('provisioning', 'dps-1', DPS)
    expect(await dpsEndpoint()).toBeUndefined()
    client.azure.reset()
    client.azure.configure({ registry: { mirrored: false } })
    await ready()
    await client.links()
    expect(await dpsEndpoint()).toMatchObject({ linkingState: 'Succeeded' })
    expect(await properties(DPS)).not.toHaveProperty('deviceRegistryNamespaces')
    expect(await properties(HUB)).not.toHaveProperty('deviceRegistry')
  })

  it('a mirror may come late', async () => {
    client.azure.configure({ latency: { mirrorLag: 300 } })
    await ready()
    await client.link('provisioning', 'dps-1', DPS)
    expect(await dpsEndpoint()).toMatchObject({ linkingState: 'Succeeded' })
    const mirror = async () => (await properties(DPS)).deviceRegistryNamespaces
    while ((await mirror()) === undefined);
    expect(await mirror()).toMatchObject([{ linkingState: 'Succeeded' }])
  })

  it('a PATCH of endpoints may be refused, and a policy need a location', async () => {
    client.azure.configure({ registry: { patchRefused: true, policyLocationNeeded: true } })
    await ready()
    expect((await client.link('provisioning', 'dps-1', DPS)).status).toBe(400)
    expect((await client.arm('PATCH', N, { tags: { a: 'b' } })).status).toBe(202)
    client.azure.configure({ registry: { patchRefused: false } })
    await client.get(N)
    await client.links()
    const days = { certificate: { validityPeriodInDays: 30 } }
    await client.arm('PUT', `${N}/certificateAuthorities/root-ca`, {
      location: 'westeurope',
      properties: { certificateAuthorityType: 'Root', keyType: 'ECC' }
    })
    await client.ready(`${N}/certificateAuthorities/root-ca`)
    await client.arm('PUT', ICA, {
      location: 'westeurope',
      properties: { certificateAuthorityType: 'ICA', keyType: 'ECC', issuer: client.issuer }
    })
    await client.ready(ICA)
    const without = await client.arm('PUT', POLICY, { properties: days })
    expect(without.body.error.code).toBe('LocationRequired')
    const given = await client.arm('PUT', POLICY, { location: 'westeurope', properties: days })
    expect(given.status).toBe(201)
    expect(given.body).not.toHaveProperty('location')
  })

  it.each([
    ['location', 'operationResults'],
    ['async', 'asyncOperationStatuses']
  ])('a PATCH is followed by its %s', async (patchFollowed, segment) => {
    client.azure.configure({ registry: { patchFollowed } })
    await ready()
    const { headers } = await client.arm('PATCH', N, { tags: { a: 'b' } })
    const { location, 'azure-asyncoperation': status } = headers
    expect([location, status].filter(Boolean)).toHaveLength(1)
    const address = new URL(location ?? status ?? '')
    expect(address.pathname).toContain(`/${segment}/`)
    const below = address.pathname.replace(/^\/subscriptions\/[^/]+/, '')
    expect((await client.get(below)).body).toMatchObject(
      location ? { tags: { a: 'b' } } : { status: 'Succeeded' }
    )
  })

  it('a namespace may go before its services, which it then leaves orphaned', async () => {
    await ready()
    await client.links()
    const refused = await client.arm('DELETE', N)
    expect(refused.body.error.code).toBe('NamespaceNotEmpty')
    client.azure.configure({ registry: { endpointsHold: 'none' } })
    expect((await client.arm('DELETE', N)).status).toBe(202)
    while ((await client.get(N)).status !== 404);
    expect((await properties(HUB)).deviceRegistry.linkingProperties.state).toBe('Orphaned')
    expect((await properties(DPS)).deviceRegistryNamespaces[0].linkingState).toBe('Orphaned')
  })
})

describe('what a link needs', () => {
  it('is grants in effect, not grants alone', async () => {
    client.azure.configure({ latency: { grantPropagation: HOUR } })
    await ready()
    await client.link('provisioning', 'dps-1', DPS)
    expect(await dpsEndpoint()).toMatchObject({
      linkingState: 'Failed',
      linkingError: { code: 'AdrMiNotAuthorized' }
    })
  })

  it.each([
    ['b4', 'AdrMiNotAuthorized', 'read the linked resource'],
    ['b5', 'AdrMiNotAuthorized', 'device count'],
    ['b6', 'LinkInitiateFailed', 'rejected the link request as invalid']
  ])('is, for a hub, grant %s', async (grant, code, message) => {
    await client.services()
    await client.grants(grant)
    await client.links()
    const { provisioningState, messaging } = await properties()
    expect(provisioningState).toBe('Failed')
    expect(messaging.endpoints['hub-1'].linkingError).toMatchObject({
      code,
      message: expect.stringContaining(message)
    })
  })

  it('is one free hub of an S tier in its region, and no second DPS', async () => {
    await ready()
    await client.links()
    const basic = `${HUB}-basic`
    await client.arm('PUT', basic, {
      location: 'westeurope',
      sku: { name: 'B1', capacity: 1 },
      properties: { eventHubEndpoints: { events: {} } }
    })
    const far = `${DPS}-far`
    await client.arm('PUT', far, {
      location: 'eastus',
      sku: { name: 'S1' },
      identity: SYSTEM,
      properties: {}
    })
    await client.grant(await client.principal(N), ROLES.contributor, GROUP)
    await client.link('messaging', 'hub-2', basic)
    const { linkingError } = (await properties()).messaging.endpoints['hub-2']
    expect(linkingError.code).toBe('LinkInitiateFailed')
    await client.link('provisioning', 'dps-2', far)
    expect((await properties()).provisioning.endpoints).toMatchObject({
      'dps-1': { linkingState: 'Succeeded' },
      'dps-2': { linkingState: 'Failed', linkingError: { code: 'LinkInitiateFailed' } }
    })
    const child = await client.arm('PUT', `${N}/certificateAuthorities/root-ca`, {
      location: 'westeurope',
      properties: { certificateAuthorityType: 'Root', keyType: 'ECC' }
    })
    expect(child.body.error.code).toBe('ResourceProvisioningFailed')
  })
})

describe('a link by identities that users assign', () => {
  const UAMI = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`
  const assigned = (name: string, type = 'UserAssigned') => ({
    type,
    userAssignedIdentities: { [client.id(`${UAMI}/${name}`)]: {} }
  })

  it('goes out and comes in by theirs', async () => {
    await client.services()
    const principal = async (name: string) => {
      const path = `${UAMI}/${name}`
      const { body } = await client.arm('PUT', path, { location: 'westeurope' }, '2024-11-30')
      return body.properties.principalId as string
    }
    const [out, into] = [await principal('out'), await principal('into')]
    await client.arm('PUT', N, {
      location: 'westeurope',
      identity: assigned('out', 'SystemAssigned,UserAssigned'),
      properties: {
        outboundIdentity: {
          type: 'UserAssigned',
          userAssignedIdentity: client.id(`${UAMI}/out`)
        }
      }
    })
    const { identity } = (await client.get(N)).body
    expect(Object.values(identity.userAssignedIdentities)).toMatchObject([{ principalId: out }])
    await client.arm('DELETE', DPS)
    while ((await client.get(DPS)).status !== 404);
    await client.arm('PUT', DPS, {
      location: 'westeurope',
      sku: { name: 'S1' },
      identity: assigned('into'),
      properties: {}
    })
    await client.ready(DPS)
    await client.grant(out, ROLES.contributor, DPS)
    await client.grant(into, ROLES.contributor, N)
    // The system identity is not attached to the DPS.
    await client.link('provisioning', 'dps-1', DPS)
    expect(await dpsEndpoint()).toMatchObject({ linkingError: { code: 'LinkInitiateFailed' } })
    const inboundCallerIdentity = {
      type: 'UserAssigned',
      userAssignedIdentity: client.id(`${UAMI}/into`)
    }
    const endpoint = {
      endpointType: 'Microsoft.Devices/provisioningServices',
      resourceId: client.id(DPS),
      inboundCallerIdentity
    }
    await client.arm('PATCH', N, {
      properties: { provisioning: { endpoints: { 'dps-1': endpoint } } }
    })
    expect(await dpsEndpoint()).toMatchObject({ linkingState: 'Succeeded', inboundCallerIdentity })
  })
})

describe('an operation', () => {
  it('may fail without telling why', async () => {
    await client.services()
    client.azure.setFaults([
      { method: 'PUT', effect: { kind: 'operation', end: 'Failed', silent: true } }
    ])
    const { headers } = await client.arm('PUT', `${N}/certificateAuthorities/root-ca`, {
      location: 'westeurope',
      properties: { certificateAuthorityType: 'Root', keyType: 'ECC' }
    })
    const below = new URL(headers['azure-asyncoperation'] ?? '').pathname.replace(
      /^\/subscriptions\/[^/]+/,
      ''
    )
    const { body } = await client.get(below)
    expect(body.status).toBe('Failed')
    expect(body).not.toHaveProperty('error')
    expect(await properties(`${N}/certificateAuthorities/root-ca`)).toMatchObject({
      provisioningState: 'Failed'
    })
  })
})

describe('a group', () => {
  it('takes along a namespace with all that is linked and in it', async () => {
    await ready()
    await client.links()
    await client.authorities()
    expect((await client.arm('DELETE', GROUP, undefined, '2021-04-01')).status).toBe(202)
    while ((await client.get(GROUP, '2021-04-01')).status !== 404);
    expect([...client.azure.world.resources.keys()]).toEqual([])
  })
})
