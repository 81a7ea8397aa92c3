import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Every kind of tracked resource, in Azure's words and ours. */
const KINDS = [
  ['resourceGroups', 'Resource group'],
  ['userAssignedIdentities', 'User-assigned identity'],
  ['namespaces', 'Device Registry namespace'],
  ['credentials', 'Credential'],
  ['policies', 'Policy'],
  ['IotHubs', 'IoT hub'],
  ['provisioningServices', 'Device Provisioning Service']
] as const

const TEAM = { tags: 'team=iot' }

describe.each(KINDS)('%s that exists already', (type, kind) => {
  it('is shared without our tags: linked to and granted on, not touched', async () => {
    await scenario.built()
    scenario.set(type, 'tags', { owner: 'somebody' })
    const before = structuredClone(scenario.only(type).body)
    const run = await scenario.apply(TEAM)
    expect(scenario.only(type).body).toEqual(before)
    const reasons = Object.values(run.plan).filter(
      (item) => item.resource === scenario.only(type).id
    )
    const reason = 'its tags are gone'
    expect(reasons).toContainEqual(expect.objectContaining({ action: 'keep', reason }))
  })

  it('becomes ours with adopt: it gets the tags, once', async () => {
    await scenario.built()
    scenario.set(type, 'tags', { owner: 'somebody' })
    const run = await scenario.apply({ adopt: 'true' })
    expect(run.writes).toHaveLength(1)
    expect(scenario.only(type).body.tags).toMatchObject({
      owner: 'somebody',
      'managed-by': 'provision-azure-iot',
      'iot-environment': 'test'
    })
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('is refused when it is another environment’s, with its name', async () => {
    await scenario.built()
    scenario.set(type, 'tags.iot-environment', 'other')
    for (const adopt of ['false', 'true']) {
      const run = await scenario.run({ ...TEAM, adopt })
      expect(run.exitCode).toBe(1)
      expect(run.writes).toEqual([])
      expect(run.failure).toContain(`${kind} ${scenario.only(type).id}`)
      expect(run.failure).toContain("environment 'other'")
    }
  })

  it('gets back a tag of ours that somebody changed, and keeps tags of others', async () => {
    await scenario.built(TEAM)
    scenario.set(type, 'tags.team', 'wrong')
    scenario.set(type, 'tags.extra', 'kept')
    const run = await scenario.apply(TEAM)
    expect(run.writes).toHaveLength(1)
    expect(scenario.only(type).body.tags).toMatchObject({ team: 'iot', extra: 'kept' })
    expect((await scenario.apply(TEAM)).writes).toEqual([])
  })
})

describe('what cannot be changed in place', () => {
  const OTHER = '/subscriptions/x/resourceGroups/y/providers/Microsoft.DeviceRegistry/namespaces/z'

  it.each([
    ['SKU of the hub', 'IotHubs', 'sku.name', 'S1', 'sku.name is "S1"'],
    ['region of the hub', 'IotHubs', 'location', 'eastus', 'location is "eastus"'],
    [
      'namespace of the hub',
      'IotHubs',
      'properties.deviceRegistry.namespaceResourceId',
      OTHER,
      'namespaceResourceId'
    ],
    [
      'namespace of the DPS',
      'provisioningServices',
      'properties.deviceRegistryNamespace.resourceId',
      OTHER,
      'deviceRegistryNamespace.resourceId'
    ],
    ['region of the DPS', 'provisioningServices', 'location', 'eastus', 'location'],
    ['region of the namespace', 'namespaces', 'location', 'eastus', 'location'],
    ['region of the group', 'resourceGroups', 'location', 'eastus', 'location'],
    ['region of the identity', 'userAssignedIdentities', 'location', 'eastus', 'location']
  ])('is refused: %s', async (_what, type, property, value, words) => {
    await scenario.built()
    scenario.set(type, property, value)
    const run = await scenario.run(TEAM)
    expect(run.exitCode).toBe(1)
    expect(run.writes).toEqual([])
    expect(run.failure).toContain('cannot be changed in place')
    expect(run.failure).toContain(words)
    expect(run.failure).toContain(scenario.only(type).id)
  })

  it('is refused for a shared hub of another namespace as well', async () => {
    await scenario.built()
    scenario.set('IotHubs', 'tags', {})
    scenario.set('IotHubs', 'properties.deviceRegistry.namespaceResourceId', OTHER)
    const run = await scenario.run()
    expect([run.exitCode, run.writes]).toEqual([1, []])
  })

  it('is refused in one message when it is several things', async () => {
    await scenario.built()
    scenario.set('IotHubs', 'sku.name', 'S1')
    scenario.set('provisioningServices', 'location', 'eastus')
    const run = await scenario.run()
    expect(run.failure).toContain('2 things have to be settled first')
  })
})

describe('a shared namespace and DPS in another group', () => {
  it('serve two environments, each with its own hub and enrollment group', async () => {
    const owner = await scenario.apply({ environment: 'shared' })
    for (const type of ['namespaces', 'credentials', 'policies', 'provisioningServices']) {
      scenario.set(type, 'tags', {})
    }
    const shared = {
      namespace: owner.outputs['namespace-id'] ?? '',
      dps: owner.outputs['dps-id'] ?? ''
    }
    for (const environment of ['pr-1', 'pr-2']) {
      const run = await scenario.apply({ ...shared, environment })
      expect(run.outputs['dps-id']).toBe(shared.dps)
      expect((await scenario.apply({ ...shared, environment })).writes).toEqual([])
    }
    const links = scenario.only('provisioningServices').body.properties.iotHubs as {
      name: string
    }[]
    expect(
      new Set(links.map(({ name }) => name.replace(/-[^-]+\.azure-devices\.net$/, '')))
    ).toEqual(new Set(['hub-shared', 'hub-pr-1', 'hub-pr-2']))
    expect(links).toHaveLength(3)
    const groups = [...scenario.azure.world.enrollmentGroups.values()]
    expect(groups.map(({ body }) => (body.iotHubs as string[]).length)).toEqual([1, 1, 1])
  })

  it('must have its credential and policies, which are not made there', async () => {
    const owner = await scenario.apply({ environment: 'shared', phases: 'identity, namespace' })
    scenario.set('namespaces', 'tags', {})
    const run = await scenario.run({ namespace: owner.outputs['namespace-id'] ?? '' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('its namespace is shared')
  })

  it('keeps an enrollment group of our name that serves other hubs', async () => {
    await scenario.built({ environment: 'shared', 'enrollment-group': 'devices' })
    scenario.set('provisioningServices', 'tags', {})
    scenario.set('namespaces', 'tags', {})
    const run = await scenario.run({
      namespace: scenario.only('namespaces').id,
      dps: scenario.only('provisioningServices').id,
      'enrollment-group': 'devices'
    })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('serves other hubs')
  })
})
