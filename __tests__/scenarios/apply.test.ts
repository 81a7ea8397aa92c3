import { describe, expect, it } from '@jest/globals'
import { PHASES } from '../../src/settings/settings.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

describe('a fresh apply', () => {
  it('builds the environment of the tutorial and tells its ids', async () => {
    const run = await scenario.apply()
    expect(run.outputs.changed).toBe('true')
    const hub = scenario.only('IotHubs')
    const dps = scenario.only('provisioningServices')
    const namespace = scenario.only('namespaces')
    const identity = scenario.only('userAssignedIdentities')
    expect(run.outputs).toMatchObject({
      'hub-id': hub.id,
      'dps-id': dps.id,
      'namespace-id': namespace.id,
      'identity-id': identity.id,
      'hub-hostname': hub.body.properties.hostName,
      'dps-id-scope': dps.body.properties.idScope,
      'identity-principal-id': identity.body.properties.principalId,
      'namespace-principal-id': namespace.body.identity.principalId
    })
    expect(hub.body).toMatchObject({
      sku: { name: 'GEN2' },
      properties: {
        state: 'Active',
        deviceRegistry: { namespaceResourceId: namespace.id, identityResourceId: identity.id }
      }
    })
    expect(dps.body.properties.deviceRegistryNamespace.resourceId).toBe(namespace.id)
    expect(dps.body.properties.iotHubs.map(({ name }: { name: string }) => name)).toEqual([
      hub.body.properties.hostName
    ])
    expect(scenario.enrollmentGroup.body).toMatchObject({
      credentialPolicyName: 'default',
      iotHubs: [hub.body.properties.hostName]
    })
    expect(scenario.grants).toHaveLength(5)
  })

  it('starts every run with reads only: nothing is written before the plan is known', async () => {
    const { requests } = await scenario.apply()
    const methods = requests
      .filter(({ host }) => host === 'management.azure.com')
      .map(({ method, url }) =>
        /check.*NameAvailability/.test(url) ? 'CHECK' : /listkeys/.test(url) ? 'READ' : method
      )
    // What asks by POST, such as for keys, writes nothing.
    const firstWrite = methods.findIndex((method) => ['PUT', 'PATCH', 'POST'].includes(method))
    const lastCheck = methods.lastIndexOf('CHECK')
    expect(firstWrite).toBeGreaterThan(lastCheck)
  })

  it('keeps its connections, behind a proxy as well', async () => {
    const { requests } = await scenario.apply()
    const connections = new Set(requests.map(({ connection }) => connection))
    expect(connections).not.toContain(-1)
    expect(connections.size).toBeLessThan(requests.length / 2)
  })

  it('writes each resource once', async () => {
    const { writes } = await scenario.apply()
    expect(new Set(writes).size).toBe(writes.length - 1) // the DPS: created, then given its hub
  })

  it('hands every id on unmasked, and masks every secret', async () => {
    const run = await scenario.apply()
    for (const [name, value] of Object.entries(run.outputs)) {
      for (const secret of run.masked) expect([name, value.includes(secret)]).toEqual([name, false])
    }
  })

  it('writes a summary with ids and a timeline, unless told not to', async () => {
    const run = await scenario.apply()
    expect(run.summary).toContain(scenario.only('IotHubs').id)
    expect(run.summary).toMatch(/```mermaid\n%%.*%%\ngantt/)
    scenario.azure.reset()
    expect((await scenario.apply({ summary: 'false' })).summary).toBe('')
  })
})

describe('a second run', () => {
  it('changes nothing and tells the same ids', async () => {
    const first = await scenario.apply()
    const before = scenario.snapshot()
    const second = await scenario.apply()
    expect(second.writes).toEqual([])
    expect(second.work).toEqual({})
    expect(scenario.snapshot()).toEqual(before)
    const { changed, plan, result, ...rest } = first.outputs
    // What is to be done is told of each run alone.
    const ids = Object.fromEntries(
      Object.entries(rest).filter(([name]) => !/^(changes-|plan-)/.test(name))
    )
    expect(changed).toBe('true')
    expect(second.outputs).toMatchObject({ ...ids, changed: 'false' })
    expect([plan, result]).not.toContain(undefined)
  })

  it('does not ask for the same thing twice', async () => {
    await scenario.built()
    const { requests } = await scenario.apply()
    const asked = requests
      .filter(({ host }) => host === 'management.azure.com')
      .map(({ method, url }) => `${method} ${url}`)
    expect(asked.filter((one, index) => asked.indexOf(one) !== index)).toEqual([])
  })

  it('is the same for an environment in other letters', async () => {
    await scenario.built({ environment: 'Test' })
    expect((await scenario.apply({ environment: 'TEST' })).writes).toEqual([])
  })
})

describe('a dry run', () => {
  it('writes nothing, and says what an apply would do', async () => {
    const run = await scenario.run({ 'dry-run': 'true' })
    expect(run.exitCode).toBe(0)
    expect(run.writes).toEqual([])
    expect(run.outputs.changed).toBe('true')
    expect(run.work.hub).toBeUndefined()
    expect(Object.values(run.work)).toContain('create')
    const applied = await scenario.apply()
    expect(applied.work).toEqual(run.work)
    const again = await scenario.run({ 'dry-run': 'true' })
    expect(again.outputs.changed).toBe('false')
  })
})

describe('phases', () => {
  it('one after the other build what one run builds', async () => {
    for (const phase of PHASES) {
      const run = await scenario.apply({ phases: phase })
      expect([phase, new Set(Object.values(run.plan).map((item) => item.phase))]).toEqual([
        phase,
        new Set([phase])
      ])
    }
    expect((await scenario.apply()).writes).toEqual([])
  })

  it.each([
    ['namespace', 'identity'],
    ['certificates', 'namespace'],
    ['hub', 'namespace'],
    ['dps', 'namespace'],
    ['sync', 'certificates'],
    ['enrollment', 'dps']
  ])('%s alone in an empty subscription names the phase %s', async (phase, missing) => {
    const run = await scenario.run({ phases: phase })
    expect(run.exitCode).toBe(1)
    expect(run.writes).toEqual([])
    expect(run.failure).toContain(`phase \`${missing}\``)
    expect(run.failure).toContain('does not exist')
  })

  it('emit the ids of what other phases made', async () => {
    const all = await scenario.apply()
    const one = await scenario.apply({ phases: 'enrollment' })
    expect(one.outputs['hub-id']).toBe(all.outputs['hub-id'])
    expect(one.outputs['namespace-principal-id']).toBe(all.outputs['namespace-principal-id'])
  })

  it('write nothing of other phases', async () => {
    await scenario.built({ phases: 'identity, namespace' })
    expect(scenario.all('IotHubs')).toEqual([])
    expect(scenario.all('credentials')).toEqual([])
  })
})

describe('certificates', () => {
  it('can be off: no credential, no sync, no policy in the enrollment group', async () => {
    const run = await scenario.apply({ certificates: 'false' })
    expect(scenario.all('credentials')).toEqual([])
    expect(run.writes.join()).not.toContain('synchronize')
    expect(scenario.enrollmentGroup.body).not.toHaveProperty('credentialPolicyName')
    expect((await scenario.apply({ certificates: 'false' })).writes).toEqual([])
  })

  it('turned off later are left and listed as unmanaged', async () => {
    await scenario.built()
    const run = await scenario.apply({ certificates: 'false' })
    expect(scenario.all('credentials')).toHaveLength(1)
    const { unmanaged } = JSON.parse(run.outputs.plan ?? '') as { unmanaged: { kind: string }[] }
    expect(unmanaged.map(({ kind }) => kind)).toEqual(['Credential', 'Policy'])
  })

  it('come in several policies with leaf validities of their own, all of them on the hub', async () => {
    await scenario.built({ policies: 'default=30\nfactory=7\nfield=90', policy: 'factory' })
    const days = scenario
      .all('policies')
      .map(
        ({ body }) => body.properties.certificate.leafCertificateConfiguration.validityPeriodInDays
      )
    expect(days.sort()).toEqual([30, 7, 90])
    const certificates = scenario.only('IotHubs').secret.certificates as Map<string, unknown>
    expect(certificates.size).toBe(3)
    expect(scenario.enrollmentGroup.body.credentialPolicyName).toBe('factory')
  })

  it('of a policy that is dropped from the inputs stay, as unmanaged', async () => {
    await scenario.built({ policies: 'default=30\nold=7' })
    const run = await scenario.apply({ policies: 'default=30' })
    expect(run.writes).toEqual([])
    expect(run.outputs.plan).toContain('policies/old')
    expect(scenario.all('policies')).toHaveLength(2)
  })
})

describe('places and names', () => {
  it('may differ between hub and the rest', async () => {
    await scenario.built({ 'hub-location': 'North Europe' })
    expect(scenario.only('IotHubs').body.location).toBe('northeurope')
    expect(scenario.only('provisioningServices').body.location).toBe('westeurope')
    expect((await scenario.apply({ 'hub-location': 'northeurope' })).writes).toEqual([])
  })

  it('are needed only to create', async () => {
    await scenario.built()
    expect((await scenario.apply({ location: '' })).writes).toEqual([])
    scenario.azure.reset()
    const run = await scenario.run({ location: '' })
    expect(run.failure).toContain('`location`')
    expect(run.writes).toEqual([])
  })

  it('outside what Azure offers are refused with the list', async () => {
    const run = await scenario.run({ location: 'atlantis' })
    expect(run.failure).toContain('westeurope')
    expect(run.writes).toEqual([])
  })

  it.each([
    'feature/Ünïcode_long-and-longer-and-longer-and-longer-and-longer-and-longer',
    'x'.repeat(200),
    'dependabot/npm_and_yarn/x-1.2.3',
    '😀'
  ])('derive from the branch name %j', async (environment) => {
    const run = await scenario.apply({ environment })
    expect(run.outputs['hub-id']).toContain('/IotHubs/hub-')
    expect((await scenario.apply({ environment })).writes).toEqual([])
  })

  it('of branches that agree in their first 60 characters do not collide', async () => {
    const stem = 'feature/'.padEnd(60, 'a')
    await scenario.apply({ environment: `${stem}-one` })
    await scenario.apply({ environment: `${stem}-two` })
    expect(scenario.all('IotHubs')).toHaveLength(2)
  })

  it('may be given, and hold across runs', async () => {
    const given = {
      'resource-group': 'rg-given',
      identity: 'id-given',
      namespace: 'adr-given',
      hub: 'hub-given',
      dps: 'dps-given',
      'enrollment-group': 'devices',
      tags: 'team=iot\ncost-center=42'
    }
    const run = await scenario.apply(given)
    expect(run.outputs).toMatchObject({ hub: 'hub-given', 'enrollment-group': 'devices' })
    expect(scenario.only('IotHubs').body.tags).toMatchObject({
      team: 'iot',
      'managed-by': 'provision-azure-iot',
      'iot-environment': 'test',
      'iot-mark': expect.stringMatching(/^[0-9a-f]{32} rg-given\/hub-given$/)
    })
    expect((await scenario.apply(given)).writes).toEqual([])
  })
})
