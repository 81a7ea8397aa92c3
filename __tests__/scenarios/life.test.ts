import { describe, expect, it } from '@jest/globals'
import { linksOf } from '../../emulator/providers/links.ts'
import { type Body, Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Everything durable, without what Azure itself keeps: that providers are registered, and when it is. */
function state(): Body {
  const { providers: _kept, principals: _directory, ...rest } = scenario.snapshot() as Body
  return rest
}

const remove = { operation: 'destroy', confirm: 'test' }

/** Makes everything that exists belong to nobody, as if a person had made it. */
function share(...types: readonly string[]): void {
  for (const type of types) {
    for (const { body } of scenario.all(type)) body.tags = {}
  }
}

const SHARED = ['namespaces', 'credentials', 'policies', 'provisioningServices']

/** An environment whose namespace and DPS belong to nobody. */
async function sharedServices() {
  const { outputs } = await scenario.apply({ environment: 'platform' })
  share(...SHARED)
  return { namespace: outputs['namespace-id'] ?? '', dps: outputs['dps-id'] ?? '' }
}

describe('plan', () => {
  it('says what apply then does, and writes nothing', async () => {
    const plan = await scenario.run({ operation: 'plan' })
    expect([plan.exitCode, plan.writes, plan.outputs.changed]).toEqual([0, [], 'true'])
    const applied = await scenario.apply()
    expect(applied.work).toEqual(plan.work)
    const after = await scenario.run({ operation: 'plan' })
    expect([after.exitCode, after.work, after.outputs.changed]).toEqual([0, {}, 'false'])
  })

  it('fails with fail-on-drift only when something differs', async () => {
    const nightly = { operation: 'plan', 'fail-on-drift': 'true' }
    await scenario.apply()
    expect((await scenario.run(nightly)).exitCode).toBe(0)
    scenario.set('IotHubs', 'tags.team', 'x')
    scenario.set(
      'policies',
      'properties.certificate.leafCertificateConfiguration.validityPeriodInDays',
      7
    )
    const drifted = await scenario.run({ ...nightly, tags: 'team=iot' })
    expect([drifted.exitCode, drifted.writes]).toEqual([1, []])
    expect(drifted.failure).toContain('Azure differs from the inputs')
    expect(drifted.plan['policy/default']).toMatchObject({
      action: 'change',
      changes: expect.arrayContaining([expect.objectContaining({ before: 7, after: 30 })])
    })
    expect(drifted.summary).toContain('7 → 30')
  })
})

describe('verify', () => {
  it('passes after apply, line by line, and writes nothing', async () => {
    await scenario.built()
    const run = await scenario.run({ operation: 'verify' })
    expect([run.exitCode, run.writes]).toEqual([0, []])
    const { checks } = run.result as { checks: { what: string; holds: boolean }[] }
    expect(checks.length).toBeGreaterThan(25)
    expect(checks.every(({ holds }) => holds)).toBe(true)
    for (const words of [
      'GEN2',
      'ID scope',
      'linked hubs',
      'CA certificate',
      'bound to the policy',
      'is granted to'
    ]) {
      expect(run.log).toContain(words)
    }
  })

  it.each([
    [
      'an unlinked hub',
      () => {
        const dps = scenario.only('provisioningServices')
        dps.secret.links = []
        dps.body.properties.iotHubs = []
      },
      'among the linked hubs'
    ],
    [
      'a missing CA certificate',
      () => {
        ;(scenario.only('IotHubs').secret.certificates as Map<string, unknown>).clear()
      },
      'holds the CA certificate'
    ],
    [
      'an enrollment group of another policy',
      () => {
        scenario.enrollmentGroup.body.credentialPolicyName = 'other'
      },
      'is bound to the policy default'
    ],
    [
      'a missing grant',
      () => {
        const onHub = scenario.grants.find(({ id }) => /\/IotHubs\//i.test(id))
        scenario.azure.world.roleAssignments.delete(onHub?.id.toLowerCase() ?? '')
      },
      'is granted to'
    ],
    [
      'a hub that is not active',
      () => {
        scenario.set('IotHubs', 'properties.state', 'Suspended')
      },
      'is provisioned'
    ]
  ])('fails for %s, with the remedy', async (_what, spoil, words) => {
    await scenario.built()
    spoil()
    const run = await scenario.run({ operation: 'verify' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(words)
    expect(run.failure).toMatch(/operation: apply|portal/)
  })

  it('warns of a CA that ends within two leaf lifetimes', async () => {
    await scenario.built()
    const soon = new Date(
      Date.parse((scenario.azure.state() as { time: string }).time) + 59 * 86_400_000
    )
    scenario.set(
      'policies',
      'properties.certificate.certificateAuthorityConfiguration.validityNotAfter',
      soon.toISOString()
    )
    const run = await scenario.run({ operation: 'verify' })
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(/::warning .*two leaf certificates/)
  })
})

describe('destroy', () => {
  it('leaves Azure as it was before', async () => {
    const before = state()
    await scenario.apply({ policies: 'default=30\nother=7', 'hub-location': 'northeurope' })
    const run = await scenario.apply(remove)
    expect(state()).toEqual(before)
    expect(run.outputs.changed).toBe('true')
    expect(run.log).toContain('removed      IoT hub hub-test')
    const again = await scenario.apply(remove)
    expect([again.writes, again.outputs.changed]).toEqual([[], 'false'])
  })

  it('finds what was given names of its own, without being told them', async () => {
    const before = state()
    await scenario.apply({
      'resource-group': 'rg-x',
      hub: 'hub-x',
      dps: 'dps-x',
      namespace: 'adr-x',
      identity: 'id-x',
      'enrollment-group': 'devices'
    })
    await scenario.apply(remove)
    expect(state()).toEqual(before)
  })

  it('needs to be told which environment, unless it only looks', async () => {
    await scenario.built()
    const wrong = await scenario.run({ operation: 'destroy', confirm: 'tset' })
    expect([wrong.exitCode, wrong.requests]).toEqual([1, []])
    expect(wrong.failure).toContain('confirm')
    const dry = await scenario.run({ operation: 'destroy', 'dry-run': 'true' })
    expect([dry.exitCode, dry.writes, dry.outputs.changed]).toEqual([0, [], 'true'])
    expect(scenario.all('IotHubs')).toHaveLength(1)
  })

  it('of an environment that never was has nothing to do', async () => {
    const run = await scenario.apply(remove)
    expect(run.log).toContain('Environment test: nothing to remove.')
    expect(run.writes).toEqual([])
  })

  it('leaves a shared group, and a group in which something else lies', async () => {
    await scenario.built({ phases: 'identity', 'resource-group': 'rg-shared' })
    share('resourceGroups')
    await scenario.apply({ 'resource-group': 'rg-shared' })
    await scenario.apply({ ...remove, 'resource-group': 'rg-shared' })
    expect(scenario.only('resourceGroups').body.name).toBe('rg-shared')
    expect(scenario.all('IotHubs')).toEqual([])
    scenario.azure.reset()

    await scenario.apply()
    const group = scenario.only('resourceGroups').id
    const foreign = `${group}/providers/Microsoft.Storage/storageAccounts/mine`
    scenario.azure.world.resources.set(foreign.toLowerCase(), {
      id: foreign,
      body: { id: foreign, name: 'mine', type: 'Microsoft.Storage/storageAccounts', tags: {} },
      secret: {}
    })
    const run = await scenario.apply(remove)
    expect(scenario.all('storageAccounts')).toHaveLength(1)
    expect(scenario.all('IotHubs')).toEqual([])
    expect(run.log).toContain('storageAccounts/mine is in it and stays')
    expect(run.plan['resource-group']).toMatchObject({ action: 'leave' })
  })

  it('leaves shared services, and takes its own hub, link, enrollment group and grants', async () => {
    const shared = await sharedServices()
    const before = state()
    await scenario.apply(shared)
    await scenario.apply({ ...remove, ...shared })
    expect(state()).toEqual({
      ...before,
      resources: expect.anything(),
      enrollmentGroups: before.enrollmentGroups
    })
    expect(Object.keys(state().resources as object)).toEqual(
      Object.keys(before.resources as object)
    )
    expect(linksOf(scenario.only('provisioningServices')).map(({ name }) => name)).toHaveLength(1)
  })

  it('finds shared services without being told them', async () => {
    const shared = await sharedServices()
    const before = state()
    await scenario.apply(shared)
    await scenario.apply(remove)
    expect(Object.keys(state().resources as object)).toEqual(
      Object.keys(before.resources as object)
    )
    expect(state().roleAssignments).toEqual(before.roleAssignments)
    expect(state().enrollmentGroups).toEqual(before.enrollmentGroups)
    expect(linksOf(scenario.only('provisioningServices'))).toHaveLength(1)
  })

  it('leaves its own DPS, namespace and credential while another environment uses them', async () => {
    const owner = await scenario.apply({ environment: 'platform' })
    const guest = {
      namespace: owner.outputs['namespace-id'] ?? '',
      dps: owner.outputs['dps-id'] ?? ''
    }
    share(...SHARED)
    await scenario.apply(guest)
    // The platform takes its resources back.
    await scenario.apply({ environment: 'platform', adopt: 'true' })
    const run = await scenario.apply({
      operation: 'destroy',
      environment: 'platform',
      confirm: 'platform'
    })
    expect(scenario.all('credentials')).toHaveLength(1)
    expect(run.plan.dps).toMatchObject({ action: 'leave' })
    expect(run.plan.namespace).toMatchObject({ action: 'leave' })
    share(...SHARED)
    const verified = await scenario.run({ operation: 'verify', ...guest })
    expect(verified.failure).toBe('')
    expect(verified.exitCode).toBe(0)
  })

  it('goes on after an interruption', async () => {
    const before = state()
    await scenario.apply()
    scenario.configure({ latency: { hubDelete: 3_600_000 } })
    const stopped = await scenario.run({ ...remove, 'timeout-minutes': '10' })
    expect(stopped.exitCode).toBe(1)
    expect(stopped.failure).toContain('IoT hub')
    scenario.configure({ latency: { hubDelete: 300 } })
    for (const { id } of scenario.all('IotHubs')) scenario.remove(id)
    await scenario.apply(remove)
    expect(state()).toEqual(before)
  })

  it('looks again before each deletion: what somebody takes over meanwhile is kept', async () => {
    await scenario.built()
    const { id } = scenario.only('namespaces')
    // The hub goes first, and takes its time.
    scenario.configure({ latency: { hubDelete: 120_000 } })
    const takeOver = setInterval(() => {
      if (!scenario.azure.requests.some(({ method }) => method === 'DELETE')) return
      clearInterval(takeOver)
      scenario.set('namespaces', 'tags.iot-environment', 'other')
    }, 1)
    const run = await scenario.run(remove)
    expect([run.exitCode, run.failure]).toEqual([0, ''])
    expect(run.log).toMatch(/left +Device Registry namespace .*it belongs to environment 'other'/)
    expect(scenario.only('namespaces').id).toBe(id)
    // What lies in it and what it lies in stay with it.
    expect(scenario.all('resourceGroups')).toHaveLength(1)
  })

  it('keeps what belongs to another environment by now', async () => {
    await scenario.built()
    const hub = scenario.only('IotHubs')
    scenario.set('IotHubs', 'tags.iot-environment', 'other')
    const run = await scenario.run(remove)
    expect(scenario.only('IotHubs').id).toBe(hub.id)
    expect(run.plan[`hub/${hub.body.name}`]).toMatchObject({ action: 'leave' })
    expect(scenario.all('namespaces')).toHaveLength(1)
  })
})
