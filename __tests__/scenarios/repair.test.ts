import { describe, expect, it } from '@jest/globals'
import { hubAt, isAlive, linksOf } from '../../emulator/providers/links.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Every link of the DPS, and whether the key in it opens the hub. */
function links(): readonly { readonly name: string; readonly alive: boolean }[] {
  const { world } = scenario.azure
  return linksOf(scenario.only('provisioningServices')).map((link) => ({
    name: link.name,
    alive: hubAt(world, link.name) !== undefined && isAlive(world, link)
  }))
}

/** After whatever was done: one more run mends it, and the next has nothing left to do. */
async function mended(inputs: Readonly<Record<string, string>> = {}) {
  const run = await scenario.apply(inputs)
  expect(run.outputs.changed).toBe('true')
  expect((await scenario.apply(inputs)).writes).toEqual([])
  return run
}

describe('drift is repaired', () => {
  it('of the leaf validity of a policy', async () => {
    await scenario.built()
    const path = 'properties.certificate.leafCertificateConfiguration.validityPeriodInDays'
    scenario.set('policies', path, 90)
    const run = await mended()
    expect(run.plan['policy/default']).toMatchObject({
      action: 'change',
      changes: [{ property: path, before: 90, after: 30 }]
    })
    expect(run.writes).toHaveLength(1)
  })

  it('of the identity of the namespace, and of what was granted to it', async () => {
    await scenario.built()
    scenario.set('namespaces', 'identity', { type: 'None' })
    const run = await mended()
    expect(run.work.namespace).toBe('change')
    expect(scenario.only('namespaces').body.identity.type).toBe('SystemAssigned')
  })

  it('of a DPS that lost its namespace and the identity by which it reached it', async () => {
    await scenario.built()
    const { deviceRegistryNamespace: joined, ...rest } = scenario.only('provisioningServices').body
      .properties as Record<string, unknown>
    const links = rest.iotHubs
    scenario.set('provisioningServices', 'properties', rest)
    scenario.set('provisioningServices', 'identity', { type: 'None' })
    const { id } = scenario.only('userAssignedIdentities')
    const run = await mended()
    expect(run.work).toMatchObject({ dps: 'change' })
    const { identity, properties } = scenario.only('provisioningServices').body
    expect(Object.keys(identity.userAssignedIdentities)).toEqual([id])
    expect(properties.deviceRegistryNamespace).toEqual(joined)
    expect(properties.iotHubs).toEqual(links)
    expect(run.writes).toEqual([expect.stringMatching(/^PUT .*\/provisioningServices\/[^/]+$/)])
  })

  it.each(['credentialPolicyName', 'iotHubs'])(
    'of %s in the enrollment group, whose keys stay',
    async (property) => {
      await scenario.built({ policies: 'default=30\nother=30' })
      const keys = structuredClone(scenario.enrollmentGroup.secret.symmetricKey)
      const wanted = scenario.enrollmentGroup.body[property]
      scenario.enrollmentGroup.body[property] = property === 'iotHubs' ? [] : 'other'
      scenario.enrollmentGroup.body.initialTwin = { tags: { floor: 3 } }
      await mended({ policies: 'default=30\nother=30' })
      expect(scenario.enrollmentGroup.body[property]).toEqual(wanted)
      expect(scenario.enrollmentGroup.body.initialTwin).toEqual({ tags: { floor: 3 } })
      expect(scenario.enrollmentGroup.secret.symmetricKey).toEqual(keys)
    }
  )

  it('of the enrollment group’s keys: they are never new ones when the policy input changes', async () => {
    await scenario.built({ policies: 'default=30\nother=30' })
    const keys = structuredClone(scenario.enrollmentGroup.secret.symmetricKey)
    await mended({ policies: 'default=30\nother=30', policy: 'other' })
    expect(scenario.enrollmentGroup.body.credentialPolicyName).toBe('other')
    expect(scenario.enrollmentGroup.secret.symmetricKey).toEqual(keys)
  })

  it('of each missing grant', async () => {
    await scenario.built()
    const { roleAssignments } = scenario.azure.world
    for (const { id, body } of scenario.grants) {
      const key = id.toLowerCase()
      roleAssignments.delete(key)
      const run = await mended()
      expect(run.writes).toHaveLength(1)
      expect(roleAssignments.get(key)?.body).toMatchObject({
        properties: { scope: body.properties.scope }
      })
    }
  })

  it('of a hub that was unlinked', async () => {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    dps.secret.links = []
    dps.body.properties.iotHubs = []
    await mended()
    expect(links().map(({ alive }) => alive)).toEqual([true])
  })

  it('of a hub that lost a CA certificate', async () => {
    await scenario.built()
    const certificates = scenario.only('IotHubs').secret.certificates as Map<string, unknown>
    certificates.clear()
    const run = await mended()
    expect(run.work).toEqual({ sync: 'act' })
    expect(certificates.size).toBe(1)
  })
})

describe('what was deleted by hand is made again', () => {
  it('the hub, whose link had a key that died with it', async () => {
    await scenario.built()
    scenario.remove(scenario.only('IotHubs').id)
    expect(links().map(({ alive }) => alive)).toEqual([false])
    const run = await mended()
    expect(Object.keys(run.work)).toContainEqual(expect.stringMatching(/^stale-link\//))
    expect(links().map(({ alive }) => alive)).toEqual([true])
  })

  it('the hub, while other hubs stay linked', async () => {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    const namespace = scenario.only('namespaces')
    for (const type of ['namespaces', 'credentials', 'policies', 'provisioningServices']) {
      scenario.set(type, 'tags', {})
    }
    const shared = { environment: 'other', dps: dps.id, namespace: namespace.id }
    await scenario.apply(shared)
    scenario.remove(scenario.all('IotHubs')[0]?.id ?? '')
    await scenario.apply()
    expect(links().map(({ alive }) => alive)).toEqual([true, true])
  })

  it('the policy: its stale certificate is seen by the subject', async () => {
    await scenario.built()
    const policy = scenario.only('policies')
    const subject = () =>
      scenario.only('policies').body.properties.certificate.certificateAuthorityConfiguration
        .subject as string
    const before = subject()
    scenario.remove(policy.id)
    const run = await mended()
    expect(subject()).not.toBe(before)
    expect(run.work).toMatchObject({ 'policy/default': 'create', sync: 'act' })
  })

  it('the identity, which then has another principal: its grants follow', async () => {
    await scenario.built()
    scenario.remove(scenario.only('userAssignedIdentities').id)
    const run = await mended()
    expect(run.work).toMatchObject({ identity: 'create', 'grant/identity': 'create' })
    expect(run.outputs['identity-principal-id']).toBe(
      scenario.only('userAssignedIdentities').body.properties.principalId
    )
  })

  it('the enrollment group', async () => {
    await scenario.built()
    scenario.azure.world.enrollmentGroups.clear()
    const run = await mended()
    expect(run.writes).toHaveLength(1)
  })

  it('all of it, with its resource group', async () => {
    await scenario.built()
    scenario.remove(scenario.only('resourceGroups').id)
    expect(scenario.all('IotHubs')).toEqual([])
    await mended()
    expect(links().map(({ alive }) => alive)).toEqual([true])
  })
})
