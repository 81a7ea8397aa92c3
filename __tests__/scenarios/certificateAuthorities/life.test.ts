import { describe, expect, it } from '@jest/globals'
import { type Body, Scenario } from '../scenario.ts'
import { AUTO, Linked, NEWEST, ORDER, shortWrites } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)

describe('an environment with certificate authorities', () => {
  it('is built from nothing as it was planned, and every check holds', async () => {
    const plan = await linked.run({ operation: 'plan' })
    expect([plan.exitCode, plan.outputs.changed]).toEqual([0, 'true'])
    const run = await linked.apply()
    expect(run.work).toEqual(plan.work)
    const [hub, dps] = [scenario.only('IotHubs'), scenario.only('provisioningServices')]
    const { id: namespace } = linked.namespace
    const [root, issuing] = ['root', 'issuing-default'].map((name) =>
      scenario.all('certificateAuthorities').find(({ body }) => body.name === name)
    )
    expect(run.outputs).toMatchObject({
      'service-version': NEWEST,
      'hub-id': hub.id,
      'dps-id': dps.id,
      'namespace-id': namespace,
      'hub-hostname': hub.body.properties.hostName,
      'root-certificate-authority-id': root?.id,
      'certificate-authority-id': issuing?.id,
      'certificate-policy-id': scenario.only('certificatePolicies').id
    })
    expect(run.outputs).not.toHaveProperty('credential-id')
    expect(hub.body.sku).toMatchObject({ name: 'S1', capacity: 1 })
    expect(linked.endpoint('messaging')).toMatchObject({
      resourceId: hub.id,
      linkingState: 'Succeeded'
    })
    expect(linked.endpoint('provisioning')).toMatchObject({
      resourceId: dps.id,
      linkingState: 'Succeeded'
    })
    expect(scenario.enrollmentGroup.body).toMatchObject({
      namespaceName: linked.namespace.body.name,
      certificateAuthorityName: 'issuing-default',
      certificatePolicyName: 'default',
      iotHubs: [hub.body.properties.hostName]
    })
    expect(scenario.grants).toHaveLength(8)
    const verified = await linked.run({ operation: 'verify' })
    expect(verified.failure).toBe('')
    const { checks } = verified.result as { checks: { what: string; holds: boolean }[] }
    expect(checks.every(({ holds }) => holds)).toBe(true)
    for (const words of [
      'is linked to the namespace',
      'holds the issuing CA',
      'has an ID scope',
      'is granted to'
    ])
      expect(verified.log).toContain(words)
  })

  it('links the DPS before the hub, and makes authorities once both are linked', async () => {
    const writes = shortWrites(await linked.apply())
    const linking = writes.lastIndexOf('PATCH namespaces')
    expect(writes.filter((one) => one === 'PATCH namespaces')).toHaveLength(2)
    expect(writes.indexOf('PUT namespaces/certificateAuthorities')).toBeGreaterThan(linking)
    const grants = writes.filter((one) => one === 'PUT roleAssignments')
    expect([grants.length, writes.indexOf('PATCH namespaces')]).toEqual([
      8,
      writes.lastIndexOf('PUT roleAssignments') + 1
    ])
    expect(writes.filter((one) => one === 'PATCH provisioningServices')).toHaveLength(1)
  })

  it('runs again without a write, with one read of each resource and five requests at most', async () => {
    await linked.built()
    const before = scenario.snapshot()
    const run = await linked.apply()
    expect([run.writes, run.work, run.outputs.changed]).toEqual([[], {}, 'false'])
    expect(scenario.snapshot()).toEqual(before)
    const asked = run.requests
      .filter(({ host }) => host === 'management.azure.com')
      .map(({ method, url }) => `${method} ${url}`)
    expect(new Set(asked).size).toBe(asked.length)
    const { resources, enrollmentGroups } = scenario.azure.world
    const count = resources.size + enrollmentGroups.size + scenario.grants.length
    expect(run.requests.length).toBeLessThanOrEqual(count + 5)
  })

  it('waits for what Azure does late: mirrors, hub certificates, endpoints that show later', async () => {
    scenario.configure({
      latency: { mirrorLag: 60_000, hubCertificatePush: 45_000, endpointProjection: 20_000 }
    })
    await linked.apply()
    expect((await linked.apply()).writes).toEqual([])
  })

  it('does without the mirrors and the certificates of the hubs, and warns of the latter', async () => {
    scenario.configure({ registry: { mirrored: false, hubsLearn: false } })
    const run = await linked.apply()
    expect(run.log).toMatch(/::warning .*has not pushed every issuing CA within ten minutes/)
    scenario.configure({ registry: { hubsLearn: true } })
    expect((await linked.run({ operation: 'plan' })).work).toEqual({})
  })
})

describe('phases of the new model', () => {
  it.each(ORDER.slice(0, -1).map((phase, index) => [phase, index + 1] as const))(
    'cut after %s, two runs build what one builds',
    async (_phase, cut) => {
      await linked.built()
      const whole = linked.shape()
      scenario.azure.reset()
      await linked.apply({ phases: ORDER.slice(0, cut).join(',') })
      await linked.apply({ phases: ORDER.slice(cut).join(',') })
      expect(linked.shape()).toEqual(whole)
      expect((await linked.apply()).writes).toEqual([])
    }
  )

  it.each(ORDER)('%s alone has nothing to do where all is built', async (phase) => {
    await linked.built()
    const run = await linked.apply({ phases: phase })
    expect(run.writes).toEqual([])
    expect(new Set(Object.values(run.plan).map((item) => item.phase))).toEqual(new Set([phase]))
  })

  it.each([
    ['namespace', 'identity'],
    ['dps', 'namespace'],
    ['hub', 'namespace'],
    ['certificates', 'namespace'],
    ['sync', 'hub'],
    ['enrollment', 'dps']
  ])('%s alone where nothing is names the phase %s, and writes nothing', async (phase, missing) => {
    const why = await linked.refused({ phases: phase })
    expect(why).toContain(`phase \`${missing}\``)
  })

  it('hub before dps says that the DPS has to be linked first', async () => {
    await linked.built({ phases: 'identity, namespace' })
    const why = await linked.refused({ phases: 'hub' })
    expect(why).toMatch(/Device Provisioning Service/)
    expect(why).toContain('phase `dps`')
  })

  it('certificates before hub and dps say what they need', async () => {
    await linked.built({ phases: 'identity, namespace' })
    const why = await linked.refused({ phases: 'certificates' })
    expect(why).toContain('phase `dps`')
    expect(why).toContain('phase `hub`')
  })
})

describe('certificates: false', () => {
  it('makes no CA, waits for none, and gives the group no names', async () => {
    const none = { certificates: 'false' }
    const run = await linked.apply(none)
    expect(scenario.all('certificateAuthorities')).toEqual([])
    expect(scenario.enrollmentGroup.body).not.toHaveProperty('certificatePolicyName')
    expect(scenario.enrollmentGroup.body).not.toHaveProperty('namespaceName')
    for (const name of ['certificate-authority-id', 'certificate-policy-id'])
      expect(run.outputs).not.toHaveProperty(name)
    expect((await linked.apply(none)).writes).toEqual([])
  })

  it('comes to have certificates later, and keeps them when they are turned off again', async () => {
    await linked.built({ certificates: 'false' })
    const run = await linked.mended()
    expect(scenario.enrollmentGroup.body.certificatePolicyName).toBe('default')
    expect(shortWrites(run).filter((one) => one.startsWith('DELETE'))).toEqual([])
    await linked.apply({ certificates: 'false' })
    expect(scenario.all('certificateAuthorities')).toHaveLength(2)
  })
})

describe('policies', () => {
  const THREE = 'default=30\nfactory=1\nfield=90'

  it('are up to three, each with an issuing CA of its own on the hub', async () => {
    await linked.apply({ policies: THREE, policy: 'factory' })
    const days = scenario
      .all('certificatePolicies')
      .map(({ id, body }) => [
        id.split('/').at(-3),
        body.properties.certificate.validityPeriodInDays as number
      ])
    expect(Object.fromEntries(days)).toEqual({
      'issuing-default': 30,
      'issuing-factory': 1,
      'issuing-field': 90
    })
    expect((scenario.only('IotHubs').secret.certificates as Map<string, unknown>).size).toBe(3)
    expect(scenario.enrollmentGroup.body.certificatePolicyName).toBe('factory')
    expect(scenario.enrollmentGroup.body.certificateAuthorityName).toBe('issuing-factory')
    expect((await linked.apply({ policies: THREE, policy: 'factory' })).writes).toEqual([])
  })

  it('are not four: neither among the inputs, nor with those that the namespace has', async () => {
    const four = { policies: `${THREE}\nlab=7`, policy: 'lab', 'service-version': NEWEST }
    expect(await linked.refused(four)).toContain('must be at most 3')
    await linked.built({ policies: THREE })
    const why = await linked.refused({ policies: 'lab=7', policy: 'lab' })
    expect(why).toContain('would have 4 issuing CAs, and can have 3')
    expect(why).toContain('issuing-field')
  })

  it('change the validity of their leaves in place, by a PATCH that says nothing else', async () => {
    await linked.built()
    const run = await linked.mended({ policies: 'default=60' })
    expect(shortWrites(run)).toEqual([
      'PATCH namespaces/certificateAuthorities/certificatePolicies'
    ])
    const [patch] = run.requests.filter(({ method }) => method === 'PATCH')
    expect(patch?.requestBody).toEqual({
      properties: { certificate: { validityPeriodInDays: 60 } }
    })
  })

  it('that are dropped from the inputs stay, and are listed', async () => {
    await linked.built({ policies: THREE })
    const run = await linked.apply({ policies: 'default=30' })
    expect(run.writes).toEqual([])
    const { unmanaged } = JSON.parse(run.outputs.plan ?? '') as { unmanaged: Body[] }
    expect(unmanaged.map(({ kind }) => kind)).toEqual(['Issuing CA', 'Issuing CA'])
  })

  it('name their location where this Azure asks for one', async () => {
    scenario.configure({ registry: { policyLocationNeeded: true } })
    await linked.apply()
    expect((await linked.apply(AUTO)).writes).toEqual([])
  })
})
