import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { ask } from '../scenarios/client.ts'
import { ARM, arm as armOf, token as tokenOf } from './deployer.ts'

let azure: Emulator
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
})
beforeEach(() => azure.reset())
afterAll(() => azure.stop())

const VERSION = {
  group: '2021-04-01',
  registry: '2025-11-01-preview',
  hub: '2025-08-01-preview',
  dps: '2025-02-01-preview'
}

const token = (scope?: string) => tokenOf(azure, scope)
const arm = (
  method: string,
  path: string,
  version: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>
) => armOf(azure, method, path, version, body, headers)

const GROUP = '/resourceGroups/rg'
const NAMESPACE = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/adr`
const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub`
const group = () => arm('PUT', GROUP, VERSION.group, { location: 'westeurope' })
const namespace = (more: object = {}) =>
  arm('PUT', NAMESPACE, VERSION.registry, {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: {},
    ...more
  })

describe('the emulator checks credentials', () => {
  it('and refuses a request without one, or with one of its own making', async () => {
    const url = `${ARM}/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${GROUP}?api-version=${VERSION.group}`
    for (const authorization of [
      undefined,
      'Bearer nonsense',
      `Bearer ${await token('https://graph.microsoft.com/.default')}`
    ]) {
      const answer = await ask(azure.env, { url, headers: authorization ? { authorization } : {} })
      expect(answer.status).toBe(401)
    }
  })

  it('and refuses a token that has expired', async () => {
    azure.configure({ entra: { tokenSeconds: 0 } })
    expect((await arm('GET', GROUP, VERSION.group)).status).toBe(401)
  })

  it('and refuses what no role of the caller allows', async () => {
    azure.configure({ deployer: { grants: [] } })
    expect(await group()).toMatchObject({
      status: 403,
      body: { error: { code: 'AuthorizationFailed' } }
    })
  })
})

describe('the emulator refuses, in the words of Azure,', () => {
  it('an api-version that is not offered', async () => {
    await group()
    expect(await arm('GET', HUB, '2016-02-03')).toMatchObject({
      status: 400,
      body: { error: { code: 'NoRegisteredProviderFound' } }
    })
  })

  it('a property that it does not know, and one that is missing', async () => {
    await group()
    const unknown = await namespace({ colour: 'red' })
    expect(unknown.status).toBe(400)
    expect(JSON.stringify(unknown.body)).toContain('colour')
    const missing = await arm('PUT', NAMESPACE, VERSION.registry, { properties: {} })
    expect(missing.status).toBe(400)
    expect(JSON.stringify(missing.body)).toContain('location')
  })

  it('a child without its parent, and anything without its group', async () => {
    expect((await namespace()).body.error.code).toBe('ResourceGroupNotFound')
    await group()
    await namespace()
    const policy = await arm(
      'PUT',
      `${NAMESPACE}/credentials/default/policies/p-1`,
      VERSION.registry,
      {
        location: 'westeurope',
        properties: {}
      }
    )
    expect(policy).toMatchObject({
      status: 404,
      body: { error: { code: 'ParentResourceNotFound' } }
    })
  })

  it('what is not there, be it a resource, its parent, its group, its type or its provider', async () => {
    const dps = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps`
    const codeOf = async (path: string, version: string) => {
      const { status, body } = await arm('GET', path, version)
      return [status, body.error.code]
    }
    expect(await codeOf(HUB, VERSION.hub)).toEqual([404, 'ResourceGroupNotFound'])
    expect(await codeOf(`${GROUP}/resources`, VERSION.group)).toEqual([
      404,
      'ResourceGroupNotFound'
    ])
    await group()
    for (const [path, version] of [
      [HUB, VERSION.hub],
      [dps, VERSION.dps],
      [NAMESPACE, VERSION.registry]
    ] as const) {
      expect(await codeOf(path, version)).toEqual([404, 'ResourceNotFound'])
    }
    for (const [path, version] of [
      [`${HUB}/certificates`, VERSION.hub],
      [`${NAMESPACE}/credentials/default`, VERSION.registry],
      [`${NAMESPACE}/credentials/default/policies/p-1`, VERSION.registry]
    ] as const) {
      expect(await codeOf(path, version)).toEqual([404, 'ParentResourceNotFound'])
    }
    for (const path of [
      `${NAMESPACE}/certificateAuthorities/ca`,
      NAMESPACE.replace('namespaces', 'rooms')
    ]) {
      expect(await codeOf(path, VERSION.registry)).toEqual([404, 'InvalidResourceType'])
    }
    const nowhere = `${GROUP}/providers/Contoso.Devices/things/one`
    expect(await codeOf(nowhere, VERSION.hub)).toEqual([404, 'InvalidResourceNamespace'])
  })

  it('a hub whose identity may not use the namespace', async () => {
    await group()
    await namespace()
    const identityId = `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uid`
    await arm(
      'PUT',
      `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uid`,
      '2024-11-30',
      { location: 'westeurope' }
    )
    const answer = await arm('PUT', HUB, VERSION.hub, {
      location: 'westeurope',
      sku: { name: 'GEN2', capacity: 1 },
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } },
      properties: {
        eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } },
        deviceRegistry: {
          namespaceResourceId: `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${NAMESPACE}`,
          identityResourceId: identityId
        }
      }
    })
    expect(answer.status).toBe(400)
    expect(answer.body.message).toContain('IH400913')
  })

  it('a change while another one runs', async () => {
    await group()
    azure.configure({ latency: { namespaceWrite: 60_000 } })
    expect((await namespace()).status).toBe(201)
    expect((await namespace()).status).toBe(409)
  })

  it('a subscription that is not its own', async () => {
    const authorization = `Bearer ${await token()}`
    const answer = await ask(azure.env, {
      url: `${ARM}/subscriptions/11111111-1111-4111-8111-111111111111${GROUP}?api-version=${VERSION.group}`,
      headers: { authorization }
    })
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'SubscriptionNotFound' } } })
  })

  it('a provider that is not registered', async () => {
    await group()
    azure.configure({ providers: { 'Microsoft.DeviceRegistry': 'NotRegistered' } })
    expect((await namespace()).body.error.code).toBe('MissingSubscriptionRegistration')
  })
})

describe('the emulator stands where Azure stands', () => {
  it('on loopback only, for known hosts only', async () => {
    expect(new URL(azure.controlUrl).hostname).toBe('127.0.0.1')
    expect(new URL(azure.env.HTTPS_PROXY ?? '').hostname).toBe('127.0.0.1')
    const refused = await ask(azure.env, { url: 'https://example.com/' }).catch(
      (error: Error) => error
    )
    expect(refused).toBeInstanceOf(Error)
    expect(azure.requests.at(-1)).toMatchObject({ status: 502, host: 'example.com' })
  })

  it('and tells what it was asked and what there is', async () => {
    await group()
    const requests = (await (await fetch(`${azure.controlUrl}/requests`)).json()) as object[]
    expect(requests.at(-1)).toMatchObject({
      method: 'PUT',
      host: 'management.azure.com',
      status: 201,
      requestBody: { location: 'westeurope' }
    })
    const state = (await (await fetch(`${azure.controlUrl}/state`)).json()) as {
      resources: Record<string, object>
    }
    expect(Object.values(state.resources)).toContainEqual(expect.objectContaining({ name: 'rg' }))
    await fetch(`${azure.controlUrl}/reset`, { method: 'POST' })
    expect(azure.world.resources.size).toBe(0)
  })

  it('and tells its time, which need not be that of the client', async () => {
    const HOUR = 3_600_000
    for (const skew of [0, HOUR]) {
      azure.configure({ clockSkewMs: skew })
      const { date = '' } = (await group()).headers
      expect(date).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
      expect(Math.abs(Date.parse(date) - Date.now() - skew)).toBeLessThan(HOUR / 60)
    }
    expect(azure.requests.at(-1)?.responseHeaders).toHaveProperty('date')
  })

  it('and takes only settings that it knows', async () => {
    const body = JSON.stringify({ graph: { alowed: false } })
    const answer = await fetch(`${azure.controlUrl}/config`, { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('alowed')
  })
})
