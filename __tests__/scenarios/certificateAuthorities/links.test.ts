import { describe, expect, it } from '@jest/globals'
import { type Body, Scenario } from '../scenario.ts'
import { Linked, shortWrites } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)

/** Endpoints of another kind, as Azure IoT Operations writes them, and one of no type that is known. */
const GRID = {
  endpointType: 'Microsoft.EventGrid/namespaces',
  address: 'https://grid.westeurope-1.eventgrid.azure.net',
  resourceId: '/subscriptions/x/resourceGroups/y/providers/Microsoft.EventGrid/namespaces/z'
}

describe('a link', () => {
  it.each([
    ['messaging', 'AdrMiNotAuthorized'],
    ['messaging', 'Unheard'],
    ['provisioning', 'LinkInitiateFailed']
  ] as const)('of %s that failed with %s is made again, and it alone', async (section, code) => {
    await linked.built()
    linked.fail(section, { code, message: 'as Azure says it' })
    const plan = await linked.run({ operation: 'plan' })
    expect(JSON.stringify(plan.plan)).toContain(`failed with ${code}: as Azure says it`)
    const run = await linked.mended()
    expect(shortWrites(run)).toEqual(['PATCH namespaces'])
    const [patch] = run.requests.filter(({ method }) => method === 'PATCH')
    const { properties } = (patch?.requestBody ?? {}) as Body
    expect(Object.keys(properties)).toEqual([section])
  })

  it('that has succeeded with an error is an error', async () => {
    await linked.built()
    Object.assign(linked.endpoint('messaging'), { linkingError: { code: 'X', message: 'y' } })
    const verified = await linked.run({ operation: 'verify' })
    expect([verified.exitCode, verified.failure]).toEqual([1, expect.stringContaining('X: y')])
    const plan = await linked.run({ operation: 'plan' })
    expect(Object.values(plan.work)).toEqual(['act'])
  })

  it('whose endpoint is gone although the hub is there is made again', async () => {
    await linked.built()
    linked.namespace.body.properties.messaging.endpoints = {}
    expect(shortWrites(await linked.mended())).toEqual(['PATCH namespaces'])
  })

  it('in progress is awaited, and not written', async () => {
    await linked.built()
    Object.assign(linked.endpoint('messaging'), { linkingState: 'InProgress' })
    const timer = setTimeout(
      () => Object.assign(linked.endpoint('messaging'), { linkingState: 'Succeeded' }),
      4000
    )
    const run = await linked.apply()
    clearTimeout(timer)
    expect([run.writes, run.outputs.changed]).toEqual([[], 'false'])
    const outcomes = run.result.steps.map(({ outcome }: { outcome: string }) => outcome)
    expect(outcomes).toContain('waited')
  })

  it.each([
    [{ attemptsUnauthorized: 2 }, 6],
    [{ attemptsRejected: 2 }, 6],
    [{ attemptsUnauthorized: 1, attemptsRejected: 1 }, 6]
  ])('is tried again while %j', async (registry, patches) => {
    scenario.configure({ registry })
    const writes = shortWrites(await linked.apply())
    expect(writes.filter((one) => one === 'PATCH namespaces')).toHaveLength(patches)
    expect((await linked.apply()).writes).toEqual([])
  })

  it('that is rejected as invalid for the third time is a mistake, with Azure’s words', async () => {
    scenario.configure({ registry: { attemptsRejected: 9 } })
    const run = await linked.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('rejected the link request as invalid')
    expect(run.failure).toContain('at attempt 3')
    const writes = shortWrites(run).filter((one) => one === 'PATCH namespaces')
    expect(writes).toHaveLength(3)
  })

  it('that only a PUT can make is made by one, once for each', async () => {
    scenario.configure({ registry: { patchRefused: true } })
    const writes = shortWrites(await linked.apply())
    expect(writes.filter((one) => / namespaces$/.test(one))).toEqual([
      'PUT namespaces',
      'PATCH namespaces',
      'PUT namespaces',
      'PATCH namespaces',
      'PUT namespaces'
    ])
    expect((await linked.apply()).writes).toEqual([])
  })

  it.each(['location', 'async', 'both'])('is followed by %s', async (patchFollowed) => {
    scenario.configure({ registry: { patchFollowed }, latency: { namespaceUpdate: 30_000 } })
    await linked.apply()
    expect((await linked.apply()).writes).toEqual([])
  })

  it('gets the grants of the principal that this version shows', async () => {
    scenario.configure({ registry: { principalPerModel: true } })
    await linked.apply()
    expect((await linked.apply()).writes).toEqual([])
  })
})

describe('a namespace that failed with all its links holding', () => {
  it('is healed by a PATCH of its tags, and nothing else is written', async () => {
    await linked.built()
    scenario.set('namespaces', 'properties.provisioningState', 'Failed')
    const verified = await linked.run({ operation: 'verify' })
    expect(verified.failure).toContain('has a namespace that is provisioned')
    const run = await linked.mended()
    expect(shortWrites(run)).toEqual(['PATCH namespaces'])
    const [patch] = run.requests.filter(({ method }) => method === 'PATCH')
    expect(Object.keys(patch?.requestBody as Body)).toEqual(['tags'])
  })

  it('is healed while it is built, also where only a PUT links', async () => {
    for (const patchRefused of [false, true]) {
      scenario.azure.reset()
      scenario.configure({ registry: { healNeeded: true, patchRefused } })
      await linked.apply()
      expect((await linked.apply()).writes).toEqual([])
      expect(linked.namespace.body.properties.provisioningState).toBe('Succeeded')
    }
  })
})

describe('endpoints of others', () => {
  it('stay to the letter, through links, a PUT of the whole and a dead endpoint', async () => {
    for (const patchRefused of ['false', 'true']) {
      scenario.azure.reset()
      scenario.configure({ registry: { patchRefused: patchRefused === 'true' } })
      await linked.apply({ phases: 'identity, namespace' })
      const { properties } = linked.namespace.body
      const management = { endpoints: { m: { ...GRID, scopeId: 's' } } }
      Object.assign(properties, { messaging: { endpoints: { grid: { ...GRID } } }, management })
      await linked.apply()
      expect(linked.endpoints('messaging').grid).toEqual(GRID)
      linked.remove('IotHubs')
      await linked.mended()
      expect(linked.endpoints('messaging').grid).toEqual(GRID)
      expect(linked.namespace.body.properties.management).toEqual(management)
    }
  })

  it('stay in a namespace whose last change failed: it is not made anew', async () => {
    await linked.apply({ phases: 'identity, namespace' })
    const { properties } = linked.namespace.body
    const management = { endpoints: { m: { ...GRID, scopeId: 's' } } }
    Object.assign(properties, { management, provisioningState: 'Failed' })
    expect(shortWrites(await linked.mended())).not.toContain('PUT namespaces')
    expect(linked.namespace.body.properties.management).toEqual(management)
  })
})
