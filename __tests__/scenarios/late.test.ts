import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const SOON = 20_000
const NEVER = 24 * 3_600_000

/** What Azure may tell late, with how the action names it, and of what. */
const VALUES = [
  ['identityPrincipal', 'its principal id', 'User-assigned identity'],
  ['namespacePrincipal', 'the principal id of its identity', 'Device Registry namespace'],
  ['idScope', 'its ID scope', 'Device Provisioning Service'],
  ['dpsHostName', 'its service host name', 'Device Provisioning Service'],
  ['hubHostName', 'its host name', 'IoT hub'],
  ['policySubject', 'the subject of its CA', 'Policy']
]

const ALL = Object.fromEntries(VALUES.map(([name]) => [name, SOON]))

describe('what Azure tells late of new resources', () => {
  it('is waited for: every value at once, the keys of the hub, and the status of each operation', async () => {
    scenario.configure({ late: { ...ALL, hubKeys: SOON, operationStatus: SOON } })
    const run = await scenario.apply()
    for (const name of [
      'identity-principal-id',
      'namespace-principal-id',
      'dps-id-scope',
      'dps-hostname',
      'hub-hostname'
    ]) {
      expect([name, run.outputs[name]]).toEqual([name, expect.stringMatching(/./)])
    }
    const syncs = run.writes.filter((write) => write.endsWith('/synchronize'))
    expect(syncs).toHaveLength(1)
    const again = await scenario.apply()
    expect([again.writes, again.outputs.changed]).toEqual([[], 'false'])
  })

  it('is waited for: whole answers', async () => {
    scenario.configure({ late: { body: 3_000 } })
    await scenario.apply()
    const again = await scenario.apply()
    expect([again.writes, again.outputs.changed]).toEqual([[], 'false'])
  })

  it('may be the keys of a hub that exists', async () => {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    dps.secret.links = []
    dps.body.properties.iotHubs = []
    scenario.configure({ late: { hubKeys: SOON } })
    const run = await scenario.apply()
    expect(run.work).toEqual({ [Object.keys(run.work)[0] ?? '']: 'create' })
    expect(dps.body.properties.iotHubs).toHaveLength(1)
  })
})

describe('what Azure tells late of resources that exist', () => {
  it.each(VALUES)('is waited for, which is no change: %s', async (name = '', value = '') => {
    await scenario.built()
    scenario.configure({ late: { [name]: SOON } })
    const plan = await scenario.run({ operation: 'plan', 'fail-on-drift': 'true' })
    expect([plan.failure, plan.outputs.changed, plan.work]).toEqual(['', 'false', {}])
    expect(Object.values(plan.plan).map(({ action }) => action)).toContain('await')
    expect(plan.log).toContain(`Azure to tell ${value}`)

    scenario.configure({ late: { [name]: SOON } })
    const run = await scenario.apply()
    expect([run.writes, run.outputs.changed]).toEqual([[], 'false'])
    expect(run.summary).toContain('unchanged')
    expect(run.summary).not.toContain('created')
    const outcomes = run.result.steps.map(({ outcome }: { outcome: string }) => outcome)
    expect(new Set(outcomes)).toEqual(new Set(['unchanged', 'waited']))
    expect(run.outputs['identity-principal-id']).toBe(
      scenario.only('userAssignedIdentities').body.properties.principalId
    )
  })

  it('does not hide a change that is due', async () => {
    await scenario.built()
    scenario.configure({ late: { dpsHostName: SOON } })
    scenario.enrollmentGroup.body.iotHubs = []
    const run = await scenario.apply()
    expect([run.writes.length, run.outputs.changed]).toEqual([1, 'true'])
    expect(scenario.enrollmentGroup.body.iotHubs).toHaveLength(1)
  })

  it('is waited for in a phase that was not selected as well', async () => {
    await scenario.built()
    scenario.azure.world.enrollmentGroups.clear()
    scenario.configure({ late: { dpsHostName: SOON } })
    const run = await scenario.apply({ phases: 'enrollment' })
    expect(run.result.steps).toContainEqual(
      expect.objectContaining({ id: 'dps', outcome: 'waited' })
    )
    expect(scenario.enrollmentGroup).toBeDefined()
  })

  it('may be the whole of an answer', async () => {
    await scenario.built()
    scenario.configure({ late: { body: 3_000 } })
    const run = await scenario.apply()
    expect([run.writes, run.outputs.changed]).toEqual([[], 'false'])
  })

  // A destroy goes by neither of these.
  it.each(VALUES.filter(([name]) => name !== 'policySubject' && name !== 'idScope'))(
    'keeps it, and what others have in it, from being destroyed: %s',
    async (name = '', value) => {
      await scenario.built()
      scenario.configure({ late: { [name]: NEVER } })
      const run = await scenario.run({ operation: 'destroy', confirm: 'test' })
      expect([run.exitCode, run.writes]).toEqual([1, []])
      expect(run.failure).toContain(value)
      scenario.configure({ late: { [name]: SOON } })
      await scenario.apply({ operation: 'destroy', confirm: 'test' })
      expect([...scenario.azure.world.resources.keys()]).toEqual([])
    }
  )
})

describe('what Azure never tells', () => {
  it.each(VALUES)(
    'ends the run with its name, and what to do: %s',
    async (name = '', value = '', kind = '') => {
      await scenario.built()
      scenario.configure({ late: { [name]: NEVER } })
      const run = await scenario.run()
      expect([run.exitCode, run.writes]).toEqual([1, []])
      expect(run.failure).toContain(`Azure has not told ${value} of ${kind} /subscriptions/`)
      expect(run.failure).toContain('What to do: run again')
    }
  )

  it('of a new policy ends the run long before a sync could', async () => {
    scenario.configure({ late: { policySubject: NEVER } })
    const run = await scenario.run()
    expect(run.failure).toContain('the subject of its CA')
    expect(run.writes.filter((write) => write.endsWith('/synchronize'))).toEqual([])
  })

  it('of an operation ends the run with that operation', async () => {
    scenario.configure({ late: { operationStatus: NEVER } })
    const run = await scenario.run({ phases: 'identity, namespace' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('Could not create Device Registry namespace')
  })
})
