import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { arm as armOf, token } from './deployer.ts'

const GROUP = '/resourceGroups/rg'
const GROUPS = '2021-04-01'
const OTHERS = [
  [`${GROUP}/providers/Microsoft.Storage/storageAccounts/store`, '2024-01-01'],
  [`${GROUP}/providers/Microsoft.EventHub/namespaces/events`, '2024-01-01'],
  [`${GROUP}/providers/Microsoft.ServiceBus/namespaces/bus`, '2024-01-01']
] as const
const STORE = { location: 'westeurope', sku: { name: 'Standard_LRS' }, kind: 'StorageV2' }
const DPS = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps`
const DPS_VERSION = '2025-02-01-preview'

let azure: Emulator
let authorization = ''
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
  authorization = `Bearer ${await token(azure)}`
})
beforeEach(() => azure.reset())
afterAll(() => azure.stop())

const arm = (
  method: string,
  path: string,
  version: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {}
) => armOf(azure, method, path, version, body, { ...headers, authorization })
const group = (tags: object = {}) => arm('PUT', GROUP, GROUPS, { location: 'westeurope', tags })

describe('services that are not the subject', () => {
  it('are made, read, tagged, listed and deleted in a group', async () => {
    expect((await arm('PUT', OTHERS[0][0], OTHERS[0][1], STORE)).body.error.code).toBe(
      'ResourceGroupNotFound'
    )
    await group()
    for (const [path, version] of OTHERS) {
      expect((await arm('GET', path, version)).body.error.code).toBe('ResourceNotFound')
      expect((await arm('PUT', path, version, STORE)).status).toBe(201)
      expect((await arm('PUT', path, version, { ...STORE, tags: { a: 'b' } })).status).toBe(200)
      const { body } = await arm('GET', path, version)
      expect(body).toMatchObject({ location: 'westeurope', tags: { a: 'b' } })
      expect(path).toContain(body.type)
    }
    const { body } = await arm('GET', `${GROUP}/resources`, GROUPS)
    expect(body.value.map(({ name }: { name: string }) => name).sort()).toEqual([
      'bus',
      'events',
      'store'
    ])
    // A namespace of Event Hubs is none of Azure Device Registry.
    const registry = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces`
    expect((await arm('GET', registry, '2025-11-01-preview')).body.value).toEqual([])
    expect((await arm('DELETE', OTHERS[0][0], OTHERS[0][1])).status).toBe(200)
    expect((await arm('DELETE', OTHERS[0][0], OTHERS[0][1])).status).toBe(204)
  })

  it('go with their group, and so does what arrives while it is deleted', async () => {
    azure.configure({ latency: { groupDelete: 8000 } })
    await group()
    const [[store], [events, version]] = OTHERS
    await arm('PUT', events, version, STORE)
    const { headers } = await arm('DELETE', GROUP, GROUPS)
    const refused = await arm('PUT', store, version, STORE)
    expect(refused.body.error.code).toBe('ResourceGroupBeingDeleted')
    // What was on its way before the deletion began.
    const id = `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${store}`
    azure.world.resources.set(id.toLowerCase(), { id, body: { id, name: 'store' }, secret: {} })
    const end = new URL(headers.location ?? '').pathname.replace(/^\/subscriptions\/[^/]+/, '')
    const poll = async () => (await arm('GET', end, GROUPS)).status
    let status = await poll()
    while (status === 202) {
      // Whoever asks without a pause is throttled.
      await setTimeout(200)
      status = await poll()
    }
    expect(status).toBe(204)
    expect([...azure.world.resources.keys()]).toEqual([])
  })

  it('show late in the lists of their group', async () => {
    azure.configure({ latency: { listLag: 60_000 } })
    await group()
    const [[store, version]] = OTHERS
    await arm('PUT', store, version, STORE)
    expect((await arm('GET', `${GROUP}/resources`, GROUPS)).body.value).toEqual([])
    azure.configure({ latency: { listLag: 0 } })
    expect((await arm('GET', `${GROUP}/resources`, GROUPS)).body.value).toHaveLength(1)
  })
})

describe('a policy that hands tags down', () => {
  const identity = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uid`
  it('gives what is written the tags of its group that it lacks', async () => {
    azure.configure({ inheritTags: ['costCenter', 'owner'] })
    const own = await group({ CostCenter: '42', Owner: 'group', other: 'x' })
    expect(own.body.tags).toEqual({ CostCenter: '42', Owner: 'group', other: 'x' })
    const put = (tags?: object) =>
      arm('PUT', identity, '2024-11-30', { location: 'westeurope', ...(tags && { tags }) })
    expect((await put()).body.tags).toEqual({ CostCenter: '42', Owner: 'group' })
    const { body } = await put({ owner: 'me' })
    expect(body.tags).toEqual({ CostCenter: '42', owner: 'me' })
    expect(azure.requests.at(-1)?.requestBody).toEqual({
      location: 'westeurope',
      tags: { owner: 'me' }
    })
  })
})

describe('tags of a resource', () => {
  it('are merged, replaced, and deleted by name or by name and value', async () => {
    await group({ a: '1', B: '2', c: '3', d: '4' })
    const path = `${GROUP}/providers/Microsoft.Resources/tags/default`
    const edit = async (operation: string, tags: object) =>
      (await arm('PATCH', path, GROUPS, { operation, properties: { tags } })).body.properties?.tags
    expect(await edit('Merge', { b: '5' })).toEqual({ a: '1', B: '5', c: '3', d: '4' })
    expect(await edit('Delete', { A: '1', b: 'another', c: '' })).toEqual({ B: '5', d: '4' })
    expect(await edit('Replace', { e: '6' })).toEqual({ e: '6' })
    expect((await arm('GET', path, GROUPS)).body.properties.tags).toEqual({ e: '6' })
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, '']))
    const refused = await arm('PATCH', path, GROUPS, {
      operation: 'Replace',
      properties: { tags: many }
    })
    expect(refused.status).toBe(400)
  })
})

describe('a PUT of a DPS', () => {
  it('minds the etag, or does not', async () => {
    await group()
    const dps = { location: 'westeurope', sku: { name: 'S1', capacity: 1 }, properties: {} }
    await arm('PUT', DPS, DPS_VERSION, dps)
    await arm('GET', DPS, DPS_VERSION)
    const stale = { 'if-match': '"stale"' }
    expect((await arm('PUT', DPS, DPS_VERSION, dps, stale)).status).toBe(412)
    azure.configure({ dpsHonoursIfMatch: false })
    expect((await arm('PUT', DPS, DPS_VERSION, dps, stale)).status).toBe(200)
  })
})
