import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { B, Client, ICA, N, ROOT, SYSTEM } from './linkedModel.ts'

const A = '2025-11-01-preview'
const REGISTRY = 'Microsoft.DeviceRegistry/namespaces'
const CREDENTIALS = `${REGISTRY}/credentials`
const POLICIES = `${CREDENTIALS}/policies`
const AUTHORITIES = `${REGISTRY}/certificateAuthorities`
const CREDENTIAL = `${N}/credentials/default`
const LOCATION = 'westeurope'

let client: Client
beforeAll(async () => {
  client = await Client.start()
})
beforeEach(() => client.reset())
afterAll(() => client.stop())

async function types(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { body } = await client.get('/providers/Microsoft.DeviceRegistry', '2021-04-01')
  return Object.fromEntries(
    (body.resourceTypes as { resourceType: string; apiVersions: string[] }[]).map(
      ({ resourceType, apiVersions }) => [resourceType, apiVersions]
    )
  )
}

async function namespace(): Promise<void> {
  await client.arm('PUT', '/resourceGroups/rg', { location: LOCATION }, '2021-04-01')
  await client.arm('PUT', N, { location: LOCATION, identity: SYSTEM, properties: {} })
  await client.ready(N)
}

const credential = () => client.arm('PUT', CREDENTIAL, { location: LOCATION }, A)
const root = () =>
  client.arm('PUT', ROOT, {
    location: LOCATION,
    properties: { certificateAuthorityType: 'Root', keyType: 'ECC' }
  })
const codeOf = ({ status, body }: Awaited<ReturnType<typeof root>>) => [status, body?.error?.code]

describe('what the provider offers', () => {
  it('is both models, unless set otherwise', async () => {
    const offered = await types()
    expect(offered.namespaces).toEqual(expect.arrayContaining([A, B]))
    expect(offered['namespaces/credentials']).toContain(A)
    expect(offered['namespaces/certificateAuthorities']).toEqual([B])
    await namespace()
    expect((await credential()).status).toBe(201)
    expect((await root()).status).toBe(201)
  })

  it('can be the first model alone, which knows no certificate authorities', async () => {
    client.azure.configure({ apiVersions: { [AUTHORITIES]: [] } })
    await namespace()
    expect(await types()).not.toHaveProperty('namespaces/certificateAuthorities')
    expect(codeOf(await root())).toEqual([404, 'InvalidResourceType'])
    client.azure.configure({ apiVersions: { [REGISTRY]: [A] } })
    expect(codeOf(await client.get(N))).toEqual([400, 'NoRegisteredProviderFound'])
  })

  it('can be the second alone, where whatever wrote the first is disallowed', async () => {
    client.azure.configure({ apiVersions: { [CREDENTIALS]: [], [POLICIES]: [] } })
    await namespace()
    expect(await types()).not.toHaveProperty('namespaces/credentials')
    expect(codeOf(await credential())).toEqual([403, 'DisallowedResourceOperation'])
    const policy = await client.arm('PUT', `${CREDENTIAL}/policies/p-1`, { location: LOCATION }, A)
    expect(codeOf(policy)).toEqual([403, 'DisallowedResourceOperation'])
    const pushed = await client.arm('POST', `${CREDENTIAL}/synchronize`, undefined, A)
    expect(codeOf(pushed)).toEqual([403, 'DisallowedResourceOperation'])
  })

  it('differs from region to region', async () => {
    await namespace()
    client.azure.configure({ locations: { [CREDENTIALS]: ['East US'] } })
    expect(codeOf(await credential())).toEqual([403, 'DisallowedResourceOperation'])
    expect((await root()).status).toBe(201)
    client.azure.configure({ locations: { [CREDENTIALS]: null, [AUTHORITIES]: ['East US'] } })
    expect((await credential()).status).toBe(201)
    await client.ready(ROOT)
    const issuing = await client.arm('PUT', ICA, {
      location: LOCATION,
      properties: { certificateAuthorityType: 'ICA', keyType: 'ECC', issuer: client.issuer }
    })
    expect(codeOf(issuing)).toEqual([400, 'LocationNotAvailableForResourceType'])
    client.azure.configure({ locations: { [REGISTRY]: ['East US'] } })
    const elsewhere = await client.arm('PUT', `${N}-2`, { location: LOCATION, properties: {} })
    expect(codeOf(elsewhere)).toEqual([400, 'LocationNotAvailableForResourceType'])
  })

  it('can hide what works, and list what is disallowed', async () => {
    client.azure.configure({
      registry: { unlisted: [AUTHORITIES], disallowed: [CREDENTIALS], disallowedStatus: 409 }
    })
    await namespace()
    expect(await types()).not.toHaveProperty('namespaces/certificateAuthorities')
    expect((await root()).status).toBe(201)
    expect(await types()).toHaveProperty('namespaces/credentials')
    expect(codeOf(await credential())).toEqual([409, 'DisallowedResourceOperation'])
  })

  it('can be another principal of the same namespace in each model', async () => {
    client.azure.configure({ registry: { principalPerModel: true } })
    await namespace()
    const [first, second] = [await client.get(N, A), await client.get(N)]
    expect(first.body.identity.principalId).toMatch(/^[0-9a-f-]{36}$/)
    expect(second.body.identity.principalId).toMatch(/^[0-9a-f-]{36}$/)
    expect(second.body.identity.principalId).not.toBe(first.body.identity.principalId)
  })
})
