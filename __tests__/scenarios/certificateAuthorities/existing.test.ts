import { describe, expect, it } from '@jest/globals'
import { Plants } from '../plants.ts'
import { type Resource, Scenario } from '../scenario.ts'
import { Linked, shortWrites } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)
const plants = new Plants(scenario)

const SMALL = { phases: 'identity, namespace' }
const LINK = { 'link-existing': 'true' }
const HUB = { sku: { name: 'S1', tier: 'Standard', capacity: 1 } }

/** A hub or DPS of somebody else, as an environment would have made it; never linked to anything. */
async function another(
  type: 'IotHubs' | 'provisioningServices',
  more: object = {}
): Promise<Resource> {
  await linked.built({ environment: 'platform' })
  const made = scenario.only(type)
  const { id, body, secret } = structuredClone(made)
  scenario.azure.reset()
  scenario.configure({ principals: [body.identity.principalId] })
  await linked.built(SMALL)
  const group = plants.group('theirs')
  const { deviceRegistry: _h, deviceRegistryNamespaces: _d, ...properties } = body.properties
  const theirs = { ...body, tags: {}, properties, ...more }
  const { certificates: _c, pushedFor: _p, ...rest } = secret
  return plants.plant(
    id.replace(/.*(?=\/providers\/)/, group),
    theirs,
    type === 'IotHubs' ? { ...rest, certificates: new Map() } : rest
  )
}

/** The platform’s namespace with its DPS, which belong to nobody. */
async function platform() {
  await linked.built({ environment: 'platform' })
  for (const type of ['namespaces', 'provisioningServices', 'certificateAuthorities'])
    for (const { body } of scenario.all(type)) body.tags = {}
  return {
    namespace: scenario.only('namespaces').id,
    dps: scenario.only('provisioningServices').id
  }
}

describe.each([
  ['IotHubs', 'hub', 'messaging'],
  ['provisioningServices', 'dps', 'provisioning']
] as const)('%s of somebody else', (type, input, section) => {
  it('is linked only when that is asked for, as it is for good; it stays as it is', async () => {
    const { id, body } = await another(type)
    const inputs = { [input]: id }
    const before = structuredClone(body)
    const why = await linked.refused(inputs)
    expect(why).toContain(`${id} was not made by this environment`)
    expect(why).toContain('cannot be taken back')
    expect(why).toContain('`link-existing: true`')
    await linked.apply({ ...inputs, ...LINK })
    expect(linked.endpoint(section)).toMatchObject({ resourceId: id, linkingState: 'Succeeded' })
    const { tags, identity, sku } = plants.at(id) ?? {}
    expect({ identity, sku }).toEqual({ identity: before.identity, sku: before.sku })
    expect(Object.keys(tags).filter((name) => name !== 'iot-namespace-pushed')).toEqual([])
    expect((await linked.apply({ ...inputs, ...LINK })).writes).toEqual([])
    // Once it is linked, nothing is left to ask for.
    expect((await linked.apply(inputs)).writes).toEqual([])
  })

  it('that is linked to another namespace is refused, with its name', async () => {
    const { id, body } = await another(type)
    const other = linked.namespace.id.replace(/[^/]+$/, 'elsewhere')
    const mirror = { namespaceResourceId: other, namespaceUuid: 'u', linkingProperties: {} }
    Object.assign(
      body.properties as object,
      type === 'IotHubs'
        ? { deviceRegistry: mirror }
        : {
            deviceRegistryNamespaces: [
              {
                resourceId: other,
                authenticationType: 'SystemAssigned',
                linkingState: 'Succeeded'
              }
            ]
          }
    )
    const why = await linked.refused({ [input]: id, ...LINK })
    expect(why).toContain(`is linked to another namespace, ${other}, for good`)
  })

  it('in another region is refused', async () => {
    const { id } = await another(type, { location: 'eastus' })
    expect(await linked.refused({ [input]: id, ...LINK })).toContain('location is "eastus"')
  })

  it('without an identity is refused before anything is written', async () => {
    const { id } = await another(type, { identity: { type: 'None' } })
    expect(await linked.refused({ [input]: id, ...LINK })).toContain('identity')
  })
})

describe('what cannot be linked', () => {
  it.each(['B1', 'F1', 'GEN2'])('is a hub of the tier %s', async (name) => {
    const { id } = await another('IotHubs', { sku: { ...HUB.sku, name } })
    expect(await linked.refused({ hub: id, ...LINK })).toContain(`sku.name is "${name}"`)
  })

  it('is a second DPS: the one that is there is named', async () => {
    const shared = await platform()
    const why = await linked.refused({ namespace: shared.namespace })
    expect(why).toContain(`has another DPS, ${shared.dps}, and can have only one`)
    expect(why).toContain('input `dps`')
  })

  it('is an eleventh hub, said before the first write', async () => {
    const shared = await platform()
    const { endpoints } = linked.namespace.body.properties.messaging
    const [first] = Object.values(endpoints) as { resourceId: string }[]
    for (let index = 2; index <= 10; index++)
      endpoints[`hub-${index}`] = { ...first, resourceId: `${first?.resourceId}-${index}` }
    const why = await linked.refused(shared)
    expect(why).toContain('would have 11 hubs, and can have 10 (quota)')
  })
})

describe('a namespace and DPS that are shared on purpose', () => {
  it('take a hub and a group of the environment, and nothing of theirs changes', async () => {
    const shared = await platform()
    const before = structuredClone({
      tags: linked.namespace.body.tags,
      dps: scenario.only('provisioningServices').body.tags,
      authorities: scenario.all('certificateAuthorities').map(({ body }) => body)
    })
    const run = await linked.apply(shared)
    const [own] = scenario.all('IotHubs').filter(({ id }) => id === run.outputs['hub-id'])
    expect(own?.body.tags).toMatchObject({ 'iot-environment': 'test' })
    expect(Object.values(linked.endpoints('messaging'))).toHaveLength(2)
    expect({
      tags: linked.namespace.body.tags,
      dps: scenario.only('provisioningServices').body.tags,
      authorities: scenario.all('certificateAuthorities').map(({ body }) => body)
    }).toEqual(before)
    const groups = [...scenario.azure.world.enrollmentGroups.values()]
    expect(groups.map(({ body }) => body.certificateAuthorityName)).toEqual([
      'issuing-default',
      'issuing-default'
    ])
    expect(new Set(groups.map(({ body }) => String(body.iotHubs))).size).toBe(2)
    expect(shortWrites(run).filter((one) => one === 'PATCH namespaces')).toHaveLength(1)
    expect((await linked.apply(shared)).writes).toEqual([])
  })

  it('must have the authorities: they are not made there', async () => {
    await linked.built({ environment: 'platform', certificates: 'false' })
    for (const type of ['namespaces', 'provisioningServices'])
      for (const { body } of scenario.all(type)) body.tags = {}
    const why = await linked.refused({
      namespace: scenario.only('namespaces').id,
      dps: scenario.only('provisioningServices').id
    })
    expect(why).toContain('its namespace is shared')
  })

  it('may have made its authorities under names of its own: they serve', async () => {
    const shared = await platform()
    const { resources } = scenario.azure.world
    // As somebody made them by hand.
    const renamed = [...resources.values()].filter(({ id }) => /certificateAuthorities/.test(id))
    for (const one of renamed) {
      resources.delete(one.id.toLowerCase())
      const rename = (text: string) =>
        text.replaceAll('/issuing-default', '/theirs').replaceAll('/root', '/anchor')
      const moved = JSON.parse(rename(JSON.stringify(one.body)))
      const id = rename(one.id)
      const body = { ...moved, id, name: id.split('/').at(-1) }
      resources.set(id.toLowerCase(), { ...one, id, body })
    }
    const hub = scenario.only('IotHubs')
    for (const { properties } of (
      hub.secret.certificates as Map<string, Resource['body']>
    ).values())
      properties.certificateAuthorityResourceId = `${shared.namespace}/certificateAuthorities/theirs`
    const run = await linked.apply(shared)
    expect(run.outputs['certificate-authority-id']).toMatch(/certificateAuthorities\/theirs$/)
    expect(run.outputs['root-certificate-authority-id']).toMatch(/certificateAuthorities\/anchor$/)
    const groups = [...scenario.azure.world.enrollmentGroups.values()]
    expect(groups.map(({ body }) => body.certificateAuthorityName)).toContain('theirs')
    expect((await linked.apply(shared)).writes).toEqual([])
  })

  it('in another region than the inputs say is refused', async () => {
    const shared = await platform()
    const why = await linked.refused({ ...shared, location: 'northeurope' })
    expect(why).toContain('location is "westeurope"')
  })
})

describe.each([
  'resourceGroups',
  'namespaces',
  'IotHubs',
  'provisioningServices',
  'certificateAuthorities'
])('%s that exist already', (type) => {
  const spoil = (tags: object) => {
    for (const { body } of scenario.all(type)) body.tags = { ...body.tags, ...tags }
  }

  it('are shared without their tags, and get them with adopt, once', async () => {
    await linked.built()
    for (const { body } of scenario.all(type)) body.tags = { owner: 'somebody' }
    const before = structuredClone(scenario.all(type).map(({ body }) => body.tags))
    const shared = await linked.run({ tags: 'team=iot' })
    expect(shared.failure).toBe('')
    const kept = scenario.all(type).map(({ body: { tags } }) => {
      const { 'iot-namespace-pushed': _pushed, ...rest } = tags
      return rest
    })
    expect(kept).toEqual(before)
    await linked.apply({ adopt: 'true' })
    for (const { body } of scenario.all(type))
      expect(body.tags).toMatchObject({ owner: 'somebody', 'iot-environment': 'test' })
    expect((await linked.apply()).writes).toEqual([])
  })

  it('are refused when they are another environment’s', async () => {
    await linked.built()
    spoil({ 'iot-environment': 'other' })
    for (const adopt of ['false', 'true']) {
      const why = await linked.refused({ tags: 'team=iot', adopt })
      expect(why).toContain("environment 'other'")
    }
  })
})
