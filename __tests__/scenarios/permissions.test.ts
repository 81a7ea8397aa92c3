import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const IOT_HUB_APP = '89d10474-74af-4874-99a7-c23c2f643083'

describe('the IoT Hub application', () => {
  it('that Graph does not tell is a warning with the command', async () => {
    scenario.configure({ graph: { allowed: false } })
    const run = await scenario.apply()
    expect(run.log).toMatch(
      new RegExp(
        `::warning .*az role assignment create --assignee ${IOT_HUB_APP} --role Contributor`
      )
    )
    expect(run.summary).toContain(IOT_HUB_APP)
    expect(scenario.grants).toHaveLength(4)
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('that Graph does not tell stops the run when it is required', async () => {
    scenario.configure({ graph: { allowed: false } })
    const run = await scenario.run({ 'hub-app-grant': 'required' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('hub-app-object-id')
  })

  it('is not asked about when skipped', async () => {
    const run = await scenario.apply({ 'hub-app-grant': 'skip' })
    expect(run.requests.filter(({ host }) => host.startsWith('graph.'))).toEqual([])
    expect(scenario.grants).toHaveLength(4)
  })

  it('is granted by its object id without Graph', async () => {
    scenario.configure({ graph: { allowed: false } })
    const objectId = '6c1d0b7f-8e24-4b53-9a9c-3e7f5d2c1b55'
    const run = await scenario.apply({ 'hub-app-object-id': objectId })
    expect(run.requests.filter(({ host }) => host.startsWith('graph.'))).toEqual([])
    expect(scenario.grants.map(({ body }) => body.properties)).toContainEqual(
      expect.objectContaining({ principalId: objectId })
    )
  })

  it('that comes with the registration of the provider is found once it is there', async () => {
    scenario.configure({
      hubApp: { present: 'registered' },
      providers: { 'Microsoft.Devices': 'NotRegistered' }
    })
    await scenario.apply()
    expect(scenario.grants).toHaveLength(5)
  })
})

describe('grants', () => {
  it('of the hub can be one custom role', async () => {
    const id = '11111111-2222-4333-8444-555555555555'
    scenario.configure({
      roles: [
        {
          id,
          name: 'Namespace on hub',
          actions: ['Microsoft.Devices/IotHubs/*'],
          dataActions: ['Microsoft.Devices/IotHubs/devices/*']
        }
      ]
    })
    const definition = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${id}`
    const run = await scenario.apply({ 'hub-role-definition-id': definition })
    const onHub = scenario.grants.filter(
      ({ body }) => body.properties.scope === run.outputs['hub-id']
    )
    expect(onHub.map(({ body }) => body.properties.roleDefinitionId)).toEqual([definition])
    expect((await scenario.apply({ 'hub-role-definition-id': definition })).writes).toEqual([])
  })

  it('of the identity go without the onboarding role when it is off', async () => {
    await scenario.built({ 'onboarding-role': 'false' })
    expect(scenario.grants).toHaveLength(4)
  })

  it('that are inherited count', async () => {
    const run = await scenario.apply()
    const role = 'a5c3590a-3a1a-4cd4-9648-ea0a32b15137'
    const { roleAssignments } = scenario.azure.world
    const [direct] = scenario.grants.filter(({ body }) =>
      body.properties.roleDefinitionId.endsWith(role)
    )
    if (direct === undefined) throw new Error('the grant was not made')
    roleAssignments.delete(direct.id.toLowerCase())
    const scope = run.outputs['resource-group-id'] ?? ''
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/by-hand`
    roleAssignments.set(id.toLowerCase(), {
      id,
      body: { ...direct.body, id, properties: { ...direct.body.properties, scope } },
      secret: { effectiveAt: 0 }
    })
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('made by an administrator beforehand are enough with role-assignments: skip', async () => {
    await scenario.built()
    const before = scenario.grants.length
    scenario.configure({
      deployer: {
        grants: [
          {
            role: 'Contributor',
            scope: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
          }
        ]
      }
    })
    const skip = { 'role-assignments': 'skip', 'hub-app-grant': 'skip' }
    const run = await scenario.apply({ ...skip, policies: 'default=30\nnew=7' })
    expect(run.requests.filter(({ url }) => url.includes('roleAssignments'))).toEqual([])
    expect(scenario.grants).toHaveLength(before)
  })

  it('that the deploying identity may not make name where the right, and its condition, are', async () => {
    scenario.configure({
      deployer: {
        grants: [
          {
            role: 'Contributor',
            scope: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
          }
        ]
      }
    })
    const run = await scenario.run({ 'hub-app-grant': 'skip' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('README.md#setting-up-azure-once does, with the condition')
    expect(run.failure).not.toContain('Role Based Access Control Administrator')
    expect(run.failure).toContain('2 things have to be settled first')
  })
})

describe('a caller whose rights end at one group', () => {
  it('gets everything built, with what it may not ask left unasked', async () => {
    const { AZURE_SUBSCRIPTION_ID: subscription } = scenario.azure.env
    await scenario.apply({ phases: 'identity', 'resource-group': 'rg-mine' })
    scenario.configure({
      deployer: {
        grants: [{ role: 'Owner', scope: `/subscriptions/${subscription}/resourceGroups/rg-mine` }]
      }
    })
    const run = await scenario.apply({ 'resource-group': 'rg-mine' })
    expect(run.requests.some(({ status }) => status === 403)).toBe(true)
    expect((await scenario.apply({ 'resource-group': 'rg-mine' })).writes).toEqual([])
  })
})

describe('the subscription', () => {
  it('gets its providers registered', async () => {
    scenario.configure({ providers: { 'Microsoft.DeviceRegistry': 'NotRegistered' } })
    const run = await scenario.apply()
    expect(run.outputs.changed).toBe('true')
  })

  it('that does not offer the api-version stops the run with those it does', async () => {
    scenario.configure({ apiVersions: { 'Microsoft.Devices/IotHubs': ['2023-06-30'] } })
    const run = await scenario.run()
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain("The supported api-versions are '2023-06-30'")
    expect(run.failure).toContain('Ask Microsoft for access')
  })

  it('that is none of ours is said so', async () => {
    const run = await scenario.run({ 'subscription-id': '99999999-1111-4111-8111-111111111111' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('subscription-id')
  })

  it('in which a name is taken by somebody else hears of it before anything is written', async () => {
    scenario.configure({ takenNames: ['hub-taken', 'dps-taken'] })
    const run = await scenario.run({ hub: 'hub-taken', dps: 'dps-taken' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('input `hub`')
    expect(run.failure).toContain('input `dps`')
  })

  /** Resources of other teams, as many as asked. */
  function others(count: number, type: string, body: object, child = ''): void {
    for (let index = 0; index < count; index++) {
      const id = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/others/providers/${type}/other-${index}${child}`
      scenario.azure.world.resources.set(id.toLowerCase(), {
        id,
        body: { id, name: id.slice(id.lastIndexOf('/') + 1), ...body },
        secret: {}
      })
    }
  }
  const DPS = 'Microsoft.Devices/provisioningServices'
  const FOREIGN = {
    location: 'eastus',
    sku: { name: 'S1', capacity: 1 },
    properties: { state: 'Active' }
  }

  it('with as many DPSs as Azure allows hears of it together with all else', async () => {
    others(10, DPS, FOREIGN)
    scenario.configure({ takenNames: ['hub-taken'] })
    const run = await scenario.run({ hub: 'hub-taken' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('10 Device Provisioning Services')
    expect(run.failure).toContain('input `dps`')
    expect(run.failure).toContain('input `hub`')
  })

  it('whose limit was raised may have more', async () => {
    others(11, DPS, FOREIGN)
    scenario.configure({ quotas: { dps: 20 } })
    await scenario.apply()
  })

  it('with credentials in the region is warned, and told what Azure then says', async () => {
    const namespace = { location: 'West Europe', properties: { provisioningState: 'Succeeded' } }
    others(2, 'Microsoft.DeviceRegistry/namespaces', namespace)
    others(2, 'Microsoft.DeviceRegistry/namespaces', namespace, '/credentials/default')
    scenario.azure.world.resources.set(
      `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}/resourcegroups/others`,
      { id: '/x', body: { properties: {} }, secret: {} }
    )
    scenario.configure({ quotas: { credentials: 2 } })
    const run = await scenario.run()
    expect(run.log).toMatch(/::warning.*2 namespaces in westeurope have a credential already/)
    expect(run.failure).toContain('CredentialQuotaExceeded')
    expect(run.failure).toContain('#credentialquotaexceeded')
    // Nothing is asked once there is a credential.
    scenario.configure({ quotas: { credentials: 3 } })
    await scenario.apply()
    expect((await scenario.apply()).log).not.toContain('::warning')
  })
})
