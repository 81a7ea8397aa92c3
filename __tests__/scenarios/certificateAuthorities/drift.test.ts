import { describe, expect, it } from '@jest/globals'
import { type Body, Scenario } from '../scenario.ts'
import { Linked, shortWrites } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)

const authority = (name: string) =>
  scenario.all('certificateAuthorities').find(({ body }) => body.name === name)

describe('what was changed by hand is put right, and nothing else is written', () => {
  it.each<[string, () => void, readonly string[]]>([
    [
      'a tag of the namespace',
      () => scenario.set('namespaces', 'tags.team', 'x'),
      ['PATCH Microsoft.Resources/tags']
    ],
    [
      'the identity of the namespace',
      () => scenario.set('namespaces', 'identity', { type: 'None' }),
      []
    ],
    [
      'the validity of the leaves',
      () => scenario.set('certificatePolicies', 'properties.certificate.validityPeriodInDays', 90),
      ['PATCH namespaces/certificateAuthorities/certificatePolicies']
    ],
    [
      'the mark of the push',
      () => {
        delete scenario.only('provisioningServices').body.tags['iot-namespace-pushed']
      },
      ['PATCH provisioningServices']
    ],
    [
      'the certificate policy of the group',
      () => {
        scenario.enrollmentGroup.body.certificatePolicyName = 'other'
      },
      ['PUT enrollmentGroups']
    ],
    [
      'the CA of the group',
      () => {
        scenario.enrollmentGroup.body.certificateAuthorityName = 'other'
      },
      ['PUT enrollmentGroups']
    ],
    [
      'all names of the group',
      () => {
        for (const name of ['namespaceName', 'certificateAuthorityName', 'certificatePolicyName'])
          delete scenario.enrollmentGroup.body[name]
      },
      ['PUT enrollmentGroups']
    ],
    [
      'the hubs of the group',
      () => {
        scenario.enrollmentGroup.body.iotHubs = []
      },
      ['PUT enrollmentGroups']
    ]
  ])('%s', async (what, spoil, writes) => {
    const team = { tags: 'team=iot' }
    await linked.built(team)
    const keys = structuredClone(scenario.enrollmentGroup.secret.symmetricKey)
    spoil()
    const run = await linked.mended(team)
    const written = shortWrites(run)
    if (what === 'the identity of the namespace') {
      // Another principal comes of it, and its four roles with it.
      expect(written.filter((one) => one !== 'PUT roleAssignments')).toEqual(['PATCH namespaces'])
    } else if (what === 'a tag of the namespace') expect(written).toHaveLength(1)
    else expect(written).toEqual(writes)
    expect(scenario.enrollmentGroup.secret.symmetricKey).toEqual(keys)
  })

  it('each grant', async () => {
    await linked.built()
    const { roleAssignments } = scenario.azure.world
    for (const { id, body } of scenario.grants) {
      roleAssignments.delete(id.toLowerCase())
      const run = await linked.apply()
      expect(shortWrites(run)).toEqual(['PUT roleAssignments'])
      expect(roleAssignments.get(id.toLowerCase())?.body).toMatchObject({
        properties: { principalId: body.properties.principalId }
      })
    }
    expect((await linked.apply()).writes).toEqual([])
  })
})

describe('what was removed by hand is made again, and what hangs on it', () => {
  it('the certificate policy', async () => {
    await linked.built()
    linked.remove('certificatePolicies')
    expect(shortWrites(await linked.mended())).toEqual([
      'PUT namespaces/certificateAuthorities/certificatePolicies'
    ])
  })

  it('the issuing CA with its policy, whose new certificate comes to the hub', async () => {
    await linked.built()
    scenario.remove(authority('issuing-default')?.id ?? '')
    for (const { id } of scenario.all('certificatePolicies')) scenario.remove(id)
    expect(shortWrites(await linked.mended())).toEqual([
      'PUT namespaces/certificateAuthorities',
      'PUT namespaces/certificateAuthorities/certificatePolicies'
    ])
  })

  it('all of the authorities', async () => {
    await linked.built()
    for (const type of ['certificatePolicies', 'certificateAuthorities'])
      for (const { id } of scenario.all(type)) scenario.remove(id)
    expect(shortWrites(await linked.mended())).toEqual([
      'PUT namespaces/certificateAuthorities',
      'PUT namespaces/certificateAuthorities',
      'PUT namespaces/certificateAuthorities/certificatePolicies'
    ])
  })

  it('the enrollment group', async () => {
    await linked.built()
    scenario.azure.world.enrollmentGroups.clear()
    expect(shortWrites(await linked.mended())).toEqual(['PUT enrollmentGroups'])
  })

  it('the hub: its dead endpoint goes, and Reader is taken back', async () => {
    await linked.built()
    const before = linked.shape() as Body
    linked.remove('IotHubs')
    const run = await linked.mended()
    const writes = shortWrites(run)
    expect(writes.filter((one) => one === 'PUT namespaces')).toHaveLength(1)
    expect(writes.filter((one) => one.startsWith('DELETE'))).toEqual(['DELETE roleAssignments'])
    expect(writes).not.toContain('PUT provisioningServices')
    expect(writes.filter((one) => /certificate/i.test(one))).toEqual([])
    // What was granted to the hub that is gone is granted to nobody, as ever in Azure.
    expect(linked.shape()).toEqual({ ...before, grants: expect.anything() })
  })

  it('the DPS: where none takes its place, the plan warns of it', async () => {
    await linked.built()
    linked.remove('provisioningServices')
    const run = await scenario.run({ 'service-version': '', operation: 'plan' })
    expect(run.log).toContain('was deleted while hubs were linked')
  })

  it('the DPS, which takes over its endpoint while hubs are linked', async () => {
    scenario.configure({ registry: { dpsRevived: true } })
    await linked.built()
    linked.remove('provisioningServices')
    const run = await linked.mended()
    expect(shortWrites(run)).not.toContain('PUT namespaces')
    expect(shortWrites(run)).toContain('PATCH provisioningServices')
    expect(linked.endpoint('provisioning').linkingState).toBe('Succeeded')
    expect(linked.endpoint('messaging').linkingState).toBe('Succeeded')
  })

  it('hub and DPS at once', async () => {
    await linked.built()
    linked.remove('IotHubs')
    linked.remove('provisioningServices')
    await linked.mended()
    expect([linked.endpoint('provisioning'), linked.endpoint('messaging')]).toMatchObject([
      { linkingState: 'Succeeded' },
      { linkingState: 'Succeeded' }
    ])
  })

  it.each(['IotHubs', 'provisioningServices'])(
    'what Azure is still deleting, once it is gone: %s',
    async (type) => {
      scenario.configure({ registry: { dpsRevived: true } })
      await linked.built()
      const { id } = scenario.only(type)
      scenario.set(type, 'properties.provisioningState', 'Deleting')
      scenario.set(type, 'properties.state', 'Deleting')
      const timer = setTimeout(() => scenario.remove(id), 4000)
      await linked.mended()
      clearTimeout(timer)
      expect(linked.endpoint('messaging').linkingState).toBe('Succeeded')
    }
  )

  it('the namespace, which links again what its forerunner left orphaned', async () => {
    await linked.built()
    linked.remove('namespaces')
    const run = await linked.mended()
    expect(shortWrites(run)).not.toContain('PUT IotHubs')
    expect(linked.endpoint('messaging').linkingState).toBe('Succeeded')
  })
})
