import { describe, expect, it } from '@jest/globals'
import { Scenario, SWEEP } from '../scenario.ts'
import { at, DESTROY, endpointNames, leftOf, NEW, plantDevice, plantIn } from './leaving.ts'

const scenario = new Scenario()

const CONFIG = { config: 'iot.yml' }
const TAKE_DEVICES = { files: { 'iot.yml': 'destroy-devices: true\n' } }
const POLICIES = { policies: 'default=30\nfactory=7', policy: 'factory' }

describe('a destroy', () => {
  it('goes from the bottom up, and leaves nothing', async () => {
    const empty = scenario.shape()
    await scenario.built({ ...NEW, ...POLICIES })
    // It is not told of the second policy.
    const run = await scenario.apply(DESTROY)
    const order = [
      /\/certificatePolicies\/[^/]+$/,
      /\/certificateAuthorities\/issuing-[^/]+$/,
      /\/certificateAuthorities\/root$/,
      /\/namespaces\/[^/]+$/,
      /\/resourceGroups\/[^/]+$/i
    ].map((path) => at(run, 'DELETE', path))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
    const namespace = order[3] ?? -1
    for (const type of ['IotHubs', 'provisioningServices']) {
      const gone = at(run, 'DELETE', new RegExp(`/${type}/[^/]+$`))
      expect(gone).toBeGreaterThan(0)
      expect(gone).toBeLessThan(namespace)
    }
    // The endpoints end with their namespace: nothing is written of them.
    expect(run.writes.filter((one) => !one.startsWith('DELETE'))).toEqual([])
    expect(scenario.shape()).toEqual(empty)
    const again = await scenario.apply(DESTROY)
    expect(again.writes).toEqual([])
    expect(again.log).toContain('nothing to remove')
  })

  it('finds by the environment alone what was made under given names', async () => {
    await scenario.built({ ...NEW, namespace: 'given', hub: 'given-hub', dps: 'given-dps' })
    await scenario.apply({ ...DESTROY, 'service-version': '' })
    expect(leftOf(scenario)).toEqual([])
  })

  it('waits while the namespace still counts children that are gone', async () => {
    await scenario.built(NEW)
    scenario.configure({ latency: { childIndexLag: 240_000 } })
    const run = await scenario.apply(DESTROY)
    const refused = run.requests.filter(
      ({ method, url, status }) =>
        method === 'DELETE' && status === 409 && /\/namespaces\/[^/]+\?/.test(url)
    )
    expect(refused.length).toBeGreaterThan(0)
    expect(leftOf(scenario)).toEqual([])
  })

  it.each([1, 3])('keeps all that %d registry devices need, and counts them', async (count) => {
    await scenario.built(NEW)
    for (let index = 1; index <= count; index++) plantDevice(scenario, `device-${index}`)
    const before = scenario.snapshot()
    const run = await scenario.apply(DESTROY)
    expect(run.writes).toEqual([])
    expect(scenario.snapshot()).toEqual(before)
    const some = count === 1 ? 'one is there' : `${count} are there`
    expect(run.plan['registry-devices']).toMatchObject({
      action: 'leave',
      reason: expect.stringContaining(`${some}; \`destroy-devices: true\``)
    })
    expect(run.log).toContain(some)
    const actions = Object.values(run.plan).map(({ action }) => action)
    expect(new Set(actions)).toEqual(new Set(['leave']))
    expect(Object.keys(run.plan)).toEqual(
      expect.arrayContaining(['resource-group', 'namespace', 'dps', 'certificate-authority/root'])
    )
  })

  it('takes registry devices where it is told to, before what they use', async () => {
    const empty = scenario.shape()
    await scenario.built(NEW)
    for (const name of ['device-1', 'device-2', 'device-3']) plantDevice(scenario, name)
    const run = await scenario.apply({ ...DESTROY, ...CONFIG }, TAKE_DEVICES)
    const devices = run.writes.filter((one) => one.includes('/registryDevices/'))
    expect(devices).toHaveLength(3)
    expect(run.writes.slice(0, 3)).toEqual(devices)
    expect(scenario.shape()).toEqual(empty)
  })

  it('keeps a namespace with a device that registered while it was destroyed', async () => {
    await scenario.built(NEW)
    const path = /\/IotHubs\/[^/?]+\?/
    scenario.azure.watch(({ method, url }) => {
      if (method === 'DELETE' && path.test(url)) plantDevice(scenario, 'late')
    })
    const run = await scenario.apply(DESTROY)
    scenario.azure.watch(() => {})
    expect(leftOf(scenario)).toEqual(['namespaces', 'registryDevices', 'resourceGroups'])
    expect(endpointNames(scenario)).toEqual([])
    expect(run.log).toContain('registryDevices/late')
    await scenario.apply({ ...DESTROY, ...CONFIG }, TAKE_DEVICES)
    expect(leftOf(scenario)).toEqual([])
  })
})

describe('what others put into the namespace', () => {
  const authority = { type: 'Microsoft.DeviceRegistry/namespaces/certificateAuthorities', tags: {} }
  const CASES = {
    'a certificate authority': () => {
      const { id } = scenario.only('namespaces')
      const properties = {
        certificateAuthorityType: 'ICA',
        keyType: 'ECC',
        issuer: { issuerType: 'External' },
        provisioningState: 'Succeeded'
      }
      const location = 'westeurope'
      plantIn(scenario, `${id}/certificateAuthorities/theirs`, {
        ...authority,
        location,
        properties
      })
    },
    'an endpoint of another kind': () => {
      const { messaging } = scenario.only('namespaces').body.properties
      messaging.endpoints.grid = {
        endpointType: 'Microsoft.EventGrid/namespaces',
        address: 'grid.westeurope-1.ts.eventgrid.azure.net'
      }
    }
  }

  it.each(Object.entries(CASES))('%s keeps it and its group', async (_what, plant) => {
    await scenario.built(NEW)
    plant()
    const endpoint = structuredClone(
      scenario.only('namespaces').body.properties.messaging.endpoints.grid
    )
    const run = await scenario.apply(DESTROY)
    expect(run.plan.namespace).toMatchObject({ action: 'leave' })
    expect(run.plan['resource-group']).toMatchObject({ action: 'leave' })
    expect(scenario.all('namespaces')).toHaveLength(1)
    expect(scenario.all('IotHubs')).toEqual([])
    expect(scenario.all('provisioningServices')).toEqual([])
    // Its own endpoints are not left behind dead, and that of others is as it was.
    expect(endpointNames(scenario)).toEqual(endpoint ? ['grid'] : [])
    expect(scenario.only('namespaces').body.properties.messaging?.endpoints?.grid).toEqual(endpoint)
    const again = await scenario.apply(DESTROY)
    expect(again.writes).toEqual([])
  })
})

describe('a sweep', () => {
  it('takes environments of both models', async () => {
    const empty = scenario.shape()
    const ends = { 'expires-after': '1h' }
    await scenario.apply({ ...ends, environment: 'first' })
    await scenario.apply({ ...ends, ...NEW, environment: 'second' })
    await scenario.apply({ ...ends, ...NEW, environment: 'third', 'expires-after': '99d' })
    const third = scenario.all('resourceGroups').find(({ body }) => /third/.test(body.name))
    for (const group of scenario.all('resourceGroups'))
      if (group !== third) group.body.tags['iot-expires'] = '2020-01-01T00:00:00Z'
    const run = await scenario.apply(SWEEP)
    expect(run.log).toMatch(/removed .*environment first/)
    expect(run.log).toMatch(/removed .*environment second/)
    expect(run.log).toMatch(/left .*environment third/)
    expect(scenario.only('resourceGroups').id).toBe(third?.id)
    if (third) third.body.tags['iot-expires'] = '2020-01-01T00:00:00Z'
    await scenario.apply(SWEEP)
    expect(scenario.shape()).toEqual(empty)
  })
})
