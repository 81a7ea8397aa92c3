import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { ask } from '../scenarios/client.ts'
import { arm as armOf, token } from './deployer.ts'
import { Client, DPS as LINKED_DPS } from './linkedModel.ts'

const GROUP = '/resourceGroups/rg'
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uid`
const NAMESPACE = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/ns-others`
const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub-others`
const DPS = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps-others`
const IDENTITIES = '2025-05-31-preview'
const HUBS = '2025-08-01-preview'
const OLD_HUBS = '2023-06-30-preview'
const SERVICES = '2025-02-01-preview'
const OLD_SERVICES = '2021-10-15'
const REGISTRY_CONTRIBUTOR = 'a5c3590a-3a1a-4cd4-9648-ea0a32b15137'
const IOT_HUB_APP = '89d10474-74af-4874-99a7-c23c2f643083'

let azure: Emulator
let authorization = ''
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
  authorization = `Bearer ${await token(azure)}`
})
beforeEach(() => azure.reset())
afterAll(() => azure.stop())

const at = (path: string) => `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${path}`
const arm = (method: string, path: string, version: string, body?: unknown, headers = {}) =>
  armOf(azure, method, path, version, body, { ...headers, authorization })

async function identity() {
  await arm('PUT', GROUP, '2024-11-01', { location: 'westeurope' })
  const { body } = await arm('PUT', IDENTITY, IDENTITIES, { location: 'westeurope' })
  return body.properties as { clientId: string; principalId: string }
}

describe('MSAL finds its way', () => {
  const login = (path: string) =>
    ask(azure.env, { url: `https://login.microsoftonline.com${path}` })

  it('by the OpenID configuration of the tenant, and of no other', async () => {
    const tenant = azure.env.AZURE_TENANT_ID
    const found = await login(`/${tenant}/v2.0/.well-known/openid-configuration`)
    expect(found.body).toMatchObject({
      token_endpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      issuer: `https://login.microsoftonline.com/${tenant}/v2.0`
    })
    const other = await login(
      '/11111111-1111-4111-8111-111111111111/v2.0/.well-known/openid-configuration'
    )
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_tenant' } })
  })

  it('by instance discovery', async () => {
    const { body } = await login('/common/discovery/instance?api-version=1.1')
    expect(body.metadata[0].aliases).toContain('login.microsoftonline.com')
  })
})

describe('the directory', () => {
  const graph = async (method: string, path: string, body?: unknown) =>
    ask(azure.env, {
      method,
      url: `https://graph.microsoft.com/v1.0${path}`,
      headers: {
        authorization: `Bearer ${await token(azure, 'https://graph.microsoft.com/.default')}`
      },
      body
    })
  const named = (name: string) =>
    graph('GET', `/servicePrincipals?$filter=servicePrincipalNames/any(c:c%20eq%20'${name}')`)

  it('finds applications by name, identities by client id and by object id', async () => {
    const { clientId, principalId } = await identity()
    expect((await named(IOT_HUB_APP)).body.value).toMatchObject([{ displayName: 'Azure IoT Hub' }])
    expect((await named(clientId)).body.value).toMatchObject([{ id: principalId }])
    expect((await named(principalId)).body.value).toEqual([])
    const byId = await graph('POST', '/directoryObjects/getByIds', { ids: [principalId] })
    expect(byId.body.value).toMatchObject([
      { '@odata.type': '#microsoft.graph.servicePrincipal', id: principalId, appId: clientId }
    ])
  })

  it('refuses a question that it does not understand', async () => {
    const answer = await graph('GET', "/servicePrincipals?$filter=displayName%20eq%20'x'")
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'Request_UnsupportedQuery' } }
    })
  })
})

describe('somebody who sets up Azure for the action', () => {
  it('makes an identity that GitHub’s job then signs in as, once it is trusted', async () => {
    const { clientId } = await identity()
    azure.configure({ github: { environment: 'other' } })
    const as = { ...azure, env: { ...azure.env, AZURE_CLIENT_ID: clientId } }
    expect(await token(as)).toBeUndefined()
    const trust = {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:octo-org/octo-repo:environment:other',
      audiences: ['api://AzureADTokenExchange']
    }
    const path = `${IDENTITY}/federatedIdentityCredentials/github`
    const made = await arm('PUT', path, '2025-01-31-preview', { properties: trust })
    expect(made).toMatchObject({ status: 201, body: { name: 'github', properties: trust } })
    const second = await arm('PUT', `${path}2`, '2024-11-30', { properties: trust })
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'Conflict' } } })
    expect(await token(as)).toEqual(expect.any(String))
    expect((await arm('DELETE', path, '2024-11-30')).status).toBe(200)
    expect(await token(as)).toBeUndefined()
  })

  it('makes a role, grants it, and may not delete it while it is held', async () => {
    const { principalId } = await identity()
    const name = '5d0b1d5e-9a87-4a5c-8b54-0a4c1de7a001'
    const role = `/providers/Microsoft.Authorization/roleDefinitions/${name}`
    const properties = {
      roleName: 'Group Reader',
      permissions: [{ actions: ['Microsoft.Resources/subscriptions/resourceGroups/read'] }],
      assignableScopes: [at('')]
    }
    expect((await arm('PUT', role, '2022-05-01-preview', { properties })).status).toBe(201)
    const twin = role.replace('a001', 'a002')
    expect((await arm('PUT', twin, '2022-05-01-preview', { properties })).body.error.code).toBe(
      'RoleDefinitionWithSameNameExists'
    )
    const grant = `/providers/Microsoft.Authorization/roleAssignments/${name}`
    const granted = await arm('PUT', grant, '2022-04-01', {
      properties: { roleDefinitionId: at(role), principalId, principalType: 'ServicePrincipal' }
    })
    expect(granted.status).toBe(201)
    expect((await arm('DELETE', role, '2022-04-01')).body.error.code).toBe(
      'RoleDefinitionHasAssignments'
    )
    await arm('DELETE', grant, '2022-04-01')
    expect((await arm('DELETE', role, '2022-04-01')).status).toBe(200)
  })

  it('sees providers, regions, identities, and the resources of one group', async () => {
    await identity()
    const names = async (path: string, version: string, filter = '') => {
      const { body } = await ask(azure.env, {
        url: `https://management.azure.com${at(path)}?api-version=${version}${filter}`,
        headers: { authorization }
      })
      return body.value.map(
        (one: { name?: string; namespace?: string }) => one.name ?? one.namespace
      )
    }
    expect(await names('/providers', '2024-11-01')).toContain('Microsoft.DeviceRegistry')
    expect(await names('/locations', '2022-12-01')).toContain('westeurope')
    const identities = '/providers/Microsoft.ManagedIdentity/userAssignedIdentities'
    expect(await names(identities, IDENTITIES)).toEqual(['uid'])
    expect(await names(`${GROUP}${identities}`, IDENTITIES)).toEqual(['uid'])
    const filter = (group: string) => `&$filter=resourceGroup%20eq%20'${group}'`
    expect(await names('/resources', '2024-11-01', filter('RG'))).toEqual(['uid'])
    expect(await names('/resources', '2024-11-01', filter('other'))).toEqual([])
  })
})

describe('an older version', () => {
  const uid = () => at(IDENTITY)
  const put = async (path: string, version: string, body: unknown, headers = {}) => {
    const answer = await arm('PUT', path, version, body, headers)
    expect([answer.status, answer.body]).toEqual([
      expect.any(Number),
      expect.objectContaining({ id: at(path) })
    ])
    return answer
  }
  const join = () => ({
    location: 'westeurope',
    identity: { type: 'UserAssigned', userAssignedIdentities: { [uid()]: {} } }
  })

  beforeEach(async () => {
    const { principalId } = await identity()
    await put(NAMESPACE, '2025-11-01-preview', {
      location: 'westeurope',
      identity: { type: 'SystemAssigned' },
      properties: {}
    })
    await arm(
      'PUT',
      `${NAMESPACE}/providers/Microsoft.Authorization/roleAssignments/${principalId}`,
      '2022-04-01',
      {
        properties: {
          roleDefinitionId: at(
            `/providers/Microsoft.Authorization/roleDefinitions/${REGISTRY_CONTRIBUTOR}`
          ),
          principalId,
          principalType: 'ServicePrincipal'
        }
      }
    )
    await put(HUB, HUBS, {
      ...join(),
      sku: { name: 'GEN2', capacity: 1 },
      properties: {
        eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } },
        deviceRegistry: { namespaceResourceId: at(NAMESPACE), identityResourceId: uid() }
      }
    })
    await put(DPS, SERVICES, {
      ...join(),
      sku: { name: 'S1', capacity: 1 },
      properties: {
        deviceRegistryNamespace: {
          resourceId: at(NAMESPACE),
          authenticationType: 'UserAssigned',
          selectedUserAssignedIdentityResourceId: uid()
        }
      }
    })
  })

  /** A client that reads a resource, tags it and sends it back whole. */
  async function tagged(path: string, version: string) {
    const { body } = await arm('GET', path, version)
    await put(path, version, { ...body, tags: { by: 'hand' } }, { 'if-match': body.etag })
  }

  it('shows no property that is newer, in lists neither', async () => {
    const hub = await arm('GET', HUB, OLD_HUBS)
    expect(hub.body.properties).not.toHaveProperty('deviceRegistry')
    expect(hub.body).toMatchObject({
      resourcegroup: 'rg',
      subscriptionid: azure.env.AZURE_SUBSCRIPTION_ID
    })
    const dps = await arm('GET', DPS.replace(/\/[^/]+$/, ''), OLD_SERVICES)
    expect(dps.body.value).toHaveLength(1)
    expect(dps.body.value[0]).not.toHaveProperty('identity')
    expect(dps.body.value[0].properties).not.toHaveProperty('deviceRegistryNamespace')
  })

  it('keeps with a PUT what it does not know', async () => {
    await tagged(HUB, OLD_HUBS)
    await tagged(DPS, OLD_SERVICES)
    const hub = await arm('GET', HUB, HUBS)
    expect(hub.body).toMatchObject({ tags: { by: 'hand' }, identity: { type: 'UserAssigned' } })
    expect(hub.body.properties.deviceRegistry.namespaceResourceId).toBe(at(NAMESPACE))
    const dps = await arm('GET', DPS, SERVICES)
    expect(dps.body).toMatchObject({ tags: { by: 'hand' }, identity: { type: 'UserAssigned' } })
    expect(dps.body.properties.deviceRegistryNamespace.resourceId).toBe(at(NAMESPACE))
  })

  it('or loses it', async () => {
    azure.configure({ olderPuts: 'drop' })
    await tagged(HUB, OLD_HUBS)
    await tagged(DPS, OLD_SERVICES)
    const hub = await arm('GET', HUB, HUBS)
    expect(hub.body).toMatchObject({ tags: { by: 'hand' }, identity: { type: 'UserAssigned' } })
    expect(hub.body.properties).not.toHaveProperty('deviceRegistry')
    const dps = await arm('GET', DPS, SERVICES)
    expect(dps.body).toMatchObject({ tags: { by: 'hand' }, identity: { type: 'None' } })
    expect(dps.body.properties).not.toHaveProperty('deviceRegistryNamespace')
  })
})

describe('a DPS that is linked to a namespace', () => {
  // Not kept for conformance: the specifications of this project do not reach back to the version of the CLI.
  it('takes no hub in the version of the CLI either', async () => {
    const client = await Client.start()
    try {
      await client.services()
      await client.grants()
      await client.links()
      const { body } = await client.get(LINKED_DPS)
      const { location, sku, identity } = body
      const properties = { iotHubs: [{ connectionString: 'HostName=h', location: 'westeurope' }] }
      const listed = await client.arm(
        'PUT',
        LINKED_DPS,
        { location, sku, identity, properties },
        OLD_SERVICES
      )
      expect(listed).toMatchObject({ status: 409, body: { code: 'IH409313' } })
    } finally {
      await client.stop()
    }
  })
})
