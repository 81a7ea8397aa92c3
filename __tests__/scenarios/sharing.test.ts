import { describe, expect, it } from '@jest/globals'
import { linksOf } from '../../emulator/providers/links.ts'
import { groupOf, Plants } from './plants.ts'
import { type Body, Scenario } from './scenario.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)

const PLATFORM = { environment: 'platform' }
const BRANCHES = ['a', 'b', 'c', 'd', 'e'].map((letter) => `feature/${letter}`)
const remove = (environment: string) => ({
  operation: 'destroy',
  environment,
  confirm: environment
})

/** An environment made by this action, whose namespace and DPS others are given by their ids. */
async function platform() {
  await scenario.built(PLATFORM)
  const shared = {
    namespace: scenario.only('namespaces').id,
    dps: scenario.only('provisioningServices').id
  }
  return { shared, group: scenario.only('resourceGroups').id, hub: scenario.only('IotHubs').id }
}

/** Everything, without what each write of a list of hubs changes. */
function state() {
  const everything = plants.state()
  for (const body of Object.values(everything.resources as Record<string, Body>)) delete body.etag
  return everything
}

describe('a platform of this repository, shared by ids', () => {
  it('is as it was after five branches were applied and destroyed at once', async () => {
    const { shared } = await platform()
    const before = state()
    const runs = await Promise.all(
      BRANCHES.map((environment) => scenario.apply({ ...shared, environment }))
    )
    // Whoever reads the DPS while another branch adds its link finds it Accepted, and waits.
    const untouched = /^(shared|wait until Azure has it ready, it is \w+)$/
    for (const { plan } of runs) {
      for (const shared of [plan.namespace, plan.dps]) {
        expect(shared?.reason).toMatch(untouched)
      }
    }
    expect(linksOf(scenario.only('provisioningServices'))).toHaveLength(1 + BRANCHES.length)
    expect(scenario.azure.world.enrollmentGroups.size).toBe(1 + BRANCHES.length)
    for (const environment of BRANCHES) {
      expect((await scenario.apply({ ...shared, environment, adopt: 'true' })).writes).toEqual([])
    }
    // Some are told what is shared, and some are not.
    await Promise.all(
      BRANCHES.map((environment, index) =>
        scenario.apply({ ...remove(environment), ...(index % 2 ? shared : {}) })
      )
    )
    expect(state()).toEqual(before)
    expect((await scenario.apply(PLATFORM)).writes).toEqual([])
  })

  it('keeps what branches need when it is destroyed, and says so', async () => {
    const empty = state()
    const { shared, group, hub } = await platform()
    const branches = BRANCHES.slice(0, 2)
    for (const environment of branches) await scenario.apply({ ...shared, environment })
    const run = await scenario.apply(remove('platform'))
    expect(plants.at(hub)).toBeUndefined()
    for (const id of [group, shared.namespace, shared.dps]) expect(plants.at(id)).toBeDefined()
    expect(
      [scenario.all('credentials'), scenario.all('policies')].map(({ length }) => length)
    ).toEqual([1, 1])
    for (const [id, why] of [
      ['resource-group', 'is in it and stays'],
      ['namespace', 'stays'],
      ['credential', 'uses it and stays'],
      ['policy/default', 'stays'],
      ['dps', 'is in it and stays']
    ] as const) {
      expect(run.plan[id]).toMatchObject({ action: 'leave', reason: expect.stringContaining(why) })
    }
    for (const environment of branches) {
      const verified = await scenario.run({ operation: 'verify', ...shared, environment })
      expect([verified.exitCode, verified.failure]).toEqual([0, ''])
      expect((await scenario.apply({ ...shared, environment })).writes).toEqual([])
    }
    for (const environment of branches) await scenario.apply(remove(environment))
    await scenario.apply(remove('platform'))
    expect(state()).toEqual(empty)
  })

  it('keeps a namespace that only hubs of others use, and a DPS that only links them', async () => {
    const { shared, group } = await platform()
    const { namespace } = shared
    await scenario.apply({ namespace, environment: 'own-dps' })
    const kept = await scenario.apply({ ...remove('platform'), 'dry-run': 'true' })
    expect(kept.plan.dps).toMatchObject({ action: 'remove' })
    expect(kept.plan.namespace).toMatchObject({ action: 'leave' })
    expect(kept.plan['resource-group']).toMatchObject({ action: 'leave' })
    await scenario.apply({ ...shared, environment: 'linked', phases: 'identity,namespace,hub,dps' })
    await scenario.apply(remove('platform'))
    for (const id of [group, namespace, shared.dps]) expect(plants.at(id)).toBeDefined()
    expect(plants.at(shared.dps)?.properties.iotHubs).toHaveLength(1)
  })

  it.each(['namespaces', 'provisioningServices', 'IotHubs', 'userAssignedIdentities'] as const)(
    'is refused by plain names: %s',
    async (type) => {
      const { group } = await platform()
      const inputs = {
        namespaces: 'namespace',
        provisioningServices: 'dps',
        IotHubs: 'hub',
        userAssignedIdentities: 'identity'
      }
      const { id, body } = scenario.only(type)
      scenario.set('resourceGroups', 'tags', {})
      for (const adopt of ['false', 'true']) {
        const run = await scenario.run({
          'resource-group': groupOf(group),
          [inputs[type]]: String(body.name),
          adopt
        })
        expect([run.exitCode, run.writes]).toEqual([1, []])
        expect(run.failure).toContain(`${id} belongs to environment 'platform'`)
      }
    }
  )

  it('is refused by ids when it is another repository’s', async () => {
    const { shared } = await platform()
    const other = { repository: { name: 'octo-org/other', id: '42' } }
    const run = await scenario.run(shared, other)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain("environment 'platform' of repository octo-org/octo-repo")
  })

  it('is refused by ids when its tags prove nothing', async () => {
    const { shared } = await platform()
    scenario.set('namespaces', 'tags.iot-mark', 'copied')
    const run = await scenario.run(shared)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(`${shared.namespace} belongs to environment 'platform'`)
  })
})

describe('an enrollment group that lists no hub, on a DPS that is shared', () => {
  const unlisted = async () => {
    await scenario.built()
    scenario.set('provisioningServices', 'tags', {})
    scenario.enrollmentGroup.body.iotHubs = []
  }

  it('is used as it is while no other hub is linked, with a warning', async () => {
    await unlisted()
    const run = await scenario.apply()
    expect(run.log).toMatch(/::warning[^\n]*lists no hub, so its devices go to whatever hub/)
    expect(run.writes).toEqual([])
    expect((await scenario.run({ operation: 'verify' })).exitCode).toBe(0)
  })

  it('becomes this environment’s with `adopt`', async () => {
    await unlisted()
    await scenario.apply({ adopt: 'true' })
    const { hostName } = scenario.only('IotHubs').body.properties as { hostName: string }
    expect(scenario.enrollmentGroup.body.iotHubs).toEqual([hostName])
  })

  it('is somebody else’s while another hub is linked', async () => {
    await unlisted()
    const { properties } = scenario.only('provisioningServices').body
    properties.iotHubs.push({ ...properties.iotHubs[0], name: 'other.azure-devices.net' })
    const run = await scenario.run()
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain("serves other hubs (all of them), so it is somebody else's")
  })
})
