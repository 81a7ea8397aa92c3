import { describe, expect, it } from '@jest/globals'
import { register, requestFor } from '../csrDevice.ts'
import { Plants } from '../plants.ts'
import { type Body, Scenario } from '../scenario.ts'
import { endpointNames, linkedHubs, NEW, plantIn } from './leaving.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)

const PLATFORM = { ...NEW, environment: 'platform' }
const names = (count: number) => Array.from({ length: count }, (_, index) => `branch-${index}`)
const remove = (environment: string) => ({
  ...NEW,
  operation: 'destroy',
  environment,
  confirm: environment
})

/** An environment that brings namespace, DPS and certificates for others. */
async function platform(more: Readonly<Record<string, string>> = {}) {
  await scenario.built({ ...PLATFORM, ...more })
  return {
    ...NEW,
    namespace: scenario.only('namespaces').id,
    dps: scenario.only('provisioningServices').id
  }
}

function state(): Body {
  const everything = plants.state()
  for (const body of Object.values(everything.resources as Record<string, Body>)) delete body.etag
  return everything
}

/** As long as Azure may take for a write and for a link, so that whoever comes meanwhile is refused. */
const busy = () =>
  scenario.configure({ latency: { namespaceUpdate: 20_000, hubLink: 45_000, readLag: 0 } })

describe('branches on the namespace and the DPS of a platform', () => {
  it('join and leave at once, and the platform is as it was', async () => {
    const shared = await platform()
    const before = state()
    const branches = names(5)
    busy()
    const runs = await Promise.all(
      branches.map((environment) => scenario.apply({ ...shared, environment }))
    )
    for (const { plan } of runs) {
      for (const one of [plan.namespace, plan.dps]) expect(one?.action).toMatch(/^(keep|await)$/)
    }
    expect(linkedHubs(scenario)).toEqual([...branches, 'platform'])
    expect(scenario.azure.world.enrollmentGroups.size).toBe(1 + branches.length)
    for (const environment of branches)
      expect((await scenario.apply({ ...shared, environment })).writes).toEqual([])
    await Promise.all(branches.map((environment) => scenario.apply(remove(environment))))
    expect(state()).toEqual(before)
    expect((await scenario.apply(PLATFORM)).writes).toEqual([])
  })

  it('ten at once take their turns', async () => {
    // Ten hubs are all that a namespace takes, so that the platform has none, and nothing to push the link for.
    const shared = await platform({ phases: 'identity, namespace, dps' })
    busy()
    scenario.configure({ registry: { pushNeeded: false } })
    const branches = names(10)
    const runs = await Promise.all(
      branches.map((environment) =>
        scenario.apply({ ...shared, environment, certificates: 'false' })
      )
    )
    expect(linkedHubs(scenario)).toEqual(branches)
    for (const run of runs) expect(run.log).toMatch(/created +Link of IoT hub/)
    const refused = scenario.azure.requests.filter(
      ({ method, status }) => method === 'PATCH' && status === 409
    )
    expect(refused.length).toBeGreaterThan(0)
    // In each round one is served, and each of those that wait is refused once at most.
    expect(refused.length).toBeLessThanOrEqual((branches.length * (branches.length - 1)) / 2)
  })

  it('cannot be more than ten hubs: an eleventh is told before anything is written', async () => {
    const shared = await platform()
    const { id, body } = scenario.only('namespaces')
    const home = id.replace(/\/providers\/.*/, '/providers/Microsoft.Devices/IotHubs')
    for (const name of names(9)) {
      const endpointType = 'Microsoft.Devices/IotHubs'
      const properties = { hostName: `${name}.azure-devices.net`, provisioningState: 'Succeeded' }
      plantIn(scenario, `${home}/${name}`, { type: endpointType, tags: {}, properties })
      body.properties.messaging.endpoints[name] = {
        endpointType,
        resourceId: `${home}/${name}`,
        linkingState: 'Succeeded'
      }
    }
    const run = await scenario.run({ ...shared, environment: 'eleventh' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('would have 11 hubs, and can have 10 (quota)')
    expect(endpointNames(scenario)).toHaveLength(11)
  })

  it('have devices of their own, each of which gets a certificate and its branch’s hub', async () => {
    const shared = await platform()
    const branches = names(2)
    for (const environment of branches) {
      const run = await scenario.apply({ ...shared, environment })
      const name = run.outputs['enrollment-group'] ?? ''
      const [group] = [...scenario.azure.world.enrollmentGroups.values()].filter(
        ({ body }) => body.enrollmentGroupId === name
      )
      const { primaryKey = '' } = (group?.secret.symmetricKey ?? {}) as { primaryKey?: string }
      // A hash over all hubs of the namespace would send one of them astray.
      for (const id of ['a', 'b', 'c', 'd', 'e'].map((letter) => `${environment}-${letter}`)) {
        const state = await register(scenario.azure, {
          id,
          scope: run.outputs['dps-id-scope'] ?? '',
          groupKey: primaryKey,
          apiVersion: '2026-11-01',
          csr: await requestFor(id)
        })
        const hub = run.outputs.hub ?? ''
        expect(state).toMatchObject({ status: 'assigned', deviceId: id })
        expect(state.assignedHub.startsWith(`${hub}.`)).toBe(true)
        expect(state.issuedCertificateChain).toHaveLength(3)
      }
    }
    expect(scenario.all('registryDevices')).toHaveLength(10)
    // They are the platform's: the branch that leaves does not know which of them are on its hub.
    const [first = '', second] = branches
    const files = { 'iot.yml': 'destroy-devices: true\n' }
    await scenario.apply({ ...remove(first), config: 'iot.yml' }, { files })
    expect(linkedHubs(scenario)).toEqual([second, 'platform'])
    expect(scenario.all('registryDevices')).toHaveLength(10)
    const kept = await scenario.apply(remove('platform'))
    expect(kept.plan['registry-devices']?.reason).toContain('10 are there')
    expect(kept.writes).toEqual([])
  })

  it('keep all that they need when the platform is destroyed', async () => {
    const empty = scenario.shape()
    const shared = await platform()
    const [environment = ''] = names(1)
    await scenario.apply({ ...shared, environment })
    const run = await scenario.apply(remove('platform'))
    for (const id of ['namespace', 'dps', 'resource-group', 'certificate-authority/root'])
      expect(run.plan[id]).toMatchObject({ action: 'leave' })
    expect(linkedHubs(scenario)).toEqual([environment])
    expect(scenario.all('certificatePolicies')).toHaveLength(1)
    const verified = await scenario.run({ ...shared, environment, operation: 'verify' })
    expect([verified.exitCode, verified.failure]).toEqual([0, ''])
    expect((await scenario.apply({ ...shared, environment })).writes).toEqual([])
    await scenario.apply(remove(environment))
    await scenario.apply(remove('platform'))
    expect(scenario.shape()).toEqual(empty)
  })
})
