import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import type { Resource } from '../../emulator/kernel.ts'
import { ask } from '../scenarios/client.ts'
import { ARM, token } from './deployer.ts'

let azure: Emulator
let authorization = ''
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
  authorization = `Bearer ${await token(azure)}`
})
beforeEach(() => azure.reset())
afterAll(() => azure.stop())

const SUBSCRIPTION = () => `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}`
const GROUP = () => `${SUBSCRIPTION()}/resourceGroups/rg`
const TAGGED = "$filter=tagName eq 'team' and tagValue eq 'iot'"

/** Puts a resource there, as somebody else would. */
function plant(id: string, type: string, tags: object = { team: 'iot' }): Resource {
  const name = id.split('/').at(-1)
  const properties = { provisioningState: 'Succeeded', state: 'Active' }
  const resource = { id, body: { id, name, type, tags, properties }, secret: {} }
  azure.world.resources.set(id.toLowerCase(), resource)
  return resource
}
const provided = (type: string, name: string) =>
  plant(`${GROUP()}/providers/${type}/${name}`, type).id
const group = () => plant(GROUP(), 'Microsoft.Resources/resourceGroups')

const get = (url: string) => ask(azure.env, { url, headers: { authorization } })
const list = (path: string, version: string, filter = '') =>
  get(`${ARM}${path}?api-version=${version}${filter && `&${filter.replaceAll(' ', '%20')}`}`)

/** All pages of a list. */
async function pages(path: string, version: string, filter = '') {
  const found = [await list(path, version, filter)]
  for (let next = found.at(-1)?.body.nextLink; next; next = found.at(-1)?.body.nextLink) {
    found.push(await get(next))
  }
  return found.map(({ body }) => body.value.map(({ name }: { name: string }) => name))
}

describe('a list by tag', () => {
  it('of resources keeps the tags to itself, one of groups does not', async () => {
    group()
    provided('Microsoft.Storage/storageAccounts', 'mine')
    for (const scope of [SUBSCRIPTION(), GROUP()]) {
      const tagged = await list(`${scope}/resources`, '2021-04-01', TAGGED)
      expect(tagged.body.value).toMatchObject([{ name: 'mine' }])
      expect(tagged.body.value[0]).not.toHaveProperty('tags')
      const all = await list(`${scope}/resources`, '2021-04-01')
      expect(all.body.value).toMatchObject([{ tags: { team: 'iot' } }])
    }
    const groups = await list(`${SUBSCRIPTION()}/resourcegroups`, '2021-04-01', TAGGED)
    expect(groups.body.value).toMatchObject([{ name: 'rg', tags: { team: 'iot' } }])
  })
})

describe('every list', () => {
  beforeEach(() => azure.configure({ pageSize: 2 }))
  const names = ['a', 'b', 'c', 'd', 'e']
  const inTwos = [['a', 'b'], ['c', 'd'], ['e']]

  it.each([
    ['Microsoft.Devices/IotHubs', '2025-08-01-preview'],
    ['Microsoft.Devices/provisioningServices', '2025-02-01-preview'],
    ['Microsoft.DeviceRegistry/namespaces', '2025-11-01-preview']
  ])('of %s comes in pages, of the group and of the subscription', async (type, version) => {
    group()
    for (const name of names) provided(type, name)
    expect(await pages(`${GROUP()}/providers/${type}`, version)).toEqual(inTwos)
    expect(await pages(`${SUBSCRIPTION()}/providers/${type}`, version)).toEqual(inTwos)
    expect(await pages(`${GROUP()}/resources`, '2021-04-01')).toEqual(inTwos)
  })

  it('of groups, policies, grants and roles as well', async () => {
    for (const name of names) {
      plant(`${SUBSCRIPTION()}/resourceGroups/${name}`, 'Microsoft.Resources/resourceGroups')
    }
    expect(await pages(`${SUBSCRIPTION()}/resourcegroups`, '2021-04-01')).toEqual(inTwos)
    const credential = `${SUBSCRIPTION()}/resourceGroups/a/providers/Microsoft.DeviceRegistry/namespaces/adr/credentials/default`
    plant(credential, 'Microsoft.DeviceRegistry/namespaces/credentials')
    for (const name of names) plant(`${credential}/policies/${name}`, 'policies')
    expect(await pages(`${credential}/policies`, '2025-11-01-preview')).toEqual(inTwos)
    const authorizations = `${SUBSCRIPTION()}/providers/Microsoft.Authorization`
    for (const name of names) {
      const id = `${authorizations}/roleAssignments/${name}`
      const properties = { scope: SUBSCRIPTION(), principalId: 'somebody', roleDefinitionId: '' }
      azure.world.roleAssignments.set(id.toLowerCase(), {
        id,
        body: { id, name, properties },
        secret: {}
      })
    }
    const filter = "$filter=principalId eq 'somebody'"
    const grants = await pages(`${authorizations}/roleAssignments`, '2022-04-01', filter)
    expect(grants).toEqual(inTwos)
    const roles = await pages(`${authorizations}/roleDefinitions`, '2022-04-01')
    expect(roles.length).toBeGreaterThan(2)
  })

  it('leads to the next page at the host that was called, with the question unchanged', async () => {
    group()
    for (const name of names) provided('Microsoft.Storage/storageAccounts', name)
    const first = await list(`${GROUP()}/resources`, '2021-04-01', TAGGED)
    const next = new URL(first.body.nextLink)
    expect(next.origin).toBe(ARM)
    expect(next.searchParams.get('api-version')).toBe('2021-04-01')
    expect(`$filter=${next.searchParams.get('$filter')}`).toBe(TAGGED)
    expect(next.search).toContain('$skiptoken=')
    const second = await get(first.body.nextLink)
    expect(second.body.value[0]).not.toHaveProperty('tags')
    expect(second.body.nextLink.match(/skiptoken/g)).toHaveLength(1)
  })

  it('skips nothing when something is deleted between two pages', async () => {
    group()
    for (const name of names) provided('Microsoft.Storage/storageAccounts', name)
    const { body } = await list(`${GROUP()}/resources`, '2021-04-01')
    for (const { id } of body.value) azure.world.resources.delete(id.toLowerCase())
    expect((await get(body.nextLink)).body.value).toMatchObject([{ name: 'c' }, { name: 'd' }])
  })

  it('can fail on its second page', async () => {
    group()
    for (const name of names) provided('Microsoft.Storage/storageAccounts', name)
    azure.setFaults([{ path: '\\$skiptoken=', effect: { kind: 'answer', status: 500 } }])
    const first = await list(`${GROUP()}/resources`, '2021-04-01')
    expect(first.status).toBe(200)
    expect((await get(first.body.nextLink)).status).toBe(500)
    expect((await get(first.body.nextLink)).status).toBe(200)
  })

  it('refuses a token that it did not give', async () => {
    const answer = await list(`${SUBSCRIPTION()}/resources`, '2021-04-01', '$skiptoken=%25')
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'InvalidSkipToken' } } })
  })
})

describe('a list for whose rights end below it', () => {
  const rights = (...scopes: string[]) =>
    azure.configure({ deployer: { grants: scopes.map((scope) => ({ role: 'Reader', scope })) } })
  const namesOf = async (path: string) =>
    (await list(path, '2021-04-01')).body.value?.map(({ name }: { name: string }) => name)

  it('is refused', async () => {
    group()
    rights(GROUP())
    for (const path of ['/resources', '/resourcegroups']) {
      const answer = await list(`${SUBSCRIPTION()}${path}`, '2021-04-01')
      expect(answer).toMatchObject({
        status: 403,
        body: { error: { code: 'AuthorizationFailed' } }
      })
    }
  })

  it('or holds what the caller may read, and is refused to whoever may read nothing', async () => {
    group()
    const hub = provided('Microsoft.Devices/IotHubs', 'hub')
    provided('Microsoft.Storage/storageAccounts', 'mine')
    const elsewhere = `${SUBSCRIPTION()}/resourceGroups/other`
    plant(elsewhere, 'Microsoft.Resources/resourceGroups')
    azure.configure({ listsTrimmed: true })
    rights(GROUP())
    expect(await namesOf(`${SUBSCRIPTION()}/resourcegroups`)).toEqual(['rg'])
    expect(await namesOf(`${SUBSCRIPTION()}/resources`)).toEqual(['hub', 'mine'])
    rights(elsewhere)
    expect(await namesOf(`${SUBSCRIPTION()}/resources`)).toEqual([])
    expect((await list(`${GROUP()}/resources`, '2021-04-01')).status).toBe(403)
    rights(hub)
    expect(await namesOf(`${SUBSCRIPTION()}/resourcegroups`)).toEqual([])
    expect(await namesOf(`${GROUP()}/resources`)).toEqual(['hub'])
    const hubs = `${SUBSCRIPTION()}/providers/Microsoft.Devices/IotHubs`
    expect((await list(hubs, '2025-08-01-preview')).body.value).toMatchObject([{ name: 'hub' }])
    rights()
    expect((await list(`${SUBSCRIPTION()}/resources`, '2021-04-01')).status).toBe(403)
  })
})

describe('the query for enrollment groups', () => {
  it('goes on where the header says, and gives no more than was asked for', async () => {
    azure.configure({
      pageSize: 2,
      deployer: {
        grants: [{ role: 'Device Provisioning Service Data Reader', scope: SUBSCRIPTION() }]
      }
    })
    provided('Microsoft.Devices/provisioningServices', 'dps')
    const host = 'dps.azure-devices-provisioning.net'
    for (const name of ['a', 'b', 'c']) {
      azure.world.enrollmentGroups.set(`${host}/${name}`, {
        id: name,
        body: { enrollmentGroupId: name },
        secret: {}
      })
    }
    const bearer = `Bearer ${await token(azure, 'https://azure-devices-provisioning.net/.default')}`
    const query = (headers: Readonly<Record<string, string>> = {}) =>
      ask(azure.env, {
        method: 'POST',
        url: `https://${host}/enrollmentGroups/query?api-version=2025-07-01-preview`,
        headers: { ...headers, authorization: bearer },
        body: { query: 'SELECT * FROM enrollmentGroups' }
      })
    const first = await query()
    expect(first.body).toEqual([{ enrollmentGroupId: 'a' }, { enrollmentGroupId: 'b' }])
    const continuation = first.headers['x-ms-continuation'] ?? ''
    const second = await query({ 'x-ms-continuation': continuation })
    expect(second.body).toEqual([{ enrollmentGroupId: 'c' }])
    expect(second.headers).not.toHaveProperty('x-ms-continuation')
    expect((await query({ 'x-ms-max-item-count': '1' })).body).toHaveLength(1)
  })
})
