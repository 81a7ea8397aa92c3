import { describe, expect, it } from '@jest/globals'
import { addLock } from '../../emulator/locks.ts'
import { meanwhile } from './moments.ts'
import { Scenario, SWEEP } from './scenario.ts'

const scenario = new Scenario()
const DESTROY = { operation: 'destroy', confirm: 'test', location: '' }
const LONG_AGO = '2020-01-01T00:00:00Z'

/** A resource group that somebody made beforehand. */
function group(name = 'given'): string {
  const id = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/${name}`
  const body = {
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location: 'westeurope',
    properties: { provisioningState: 'Succeeded' }
  }
  scenario.azure.world.resources.set(id.toLowerCase(), { id, body, secret: {} })
  return name
}

/** Ids for inputs that share what the environment `platform` made. */
async function platform(...names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { outputs } = await scenario.apply({ environment: 'platform' })
  return Object.fromEntries(names.map((name) => [name, outputs[`${name}-id`] ?? '']))
}

describe('in a resource group that somebody made', () => {
  it('apply, a second apply and verify succeed without the optional grant', async () => {
    const given = { 'resource-group': group() }
    await scenario.apply(given)
    expect((await scenario.apply(given)).writes).toEqual([])
    await scenario.apply({ ...given, operation: 'verify' })
  })

  it('a sweep that stopped half-way tells what is left', async () => {
    await scenario.apply({ 'resource-group': group(), 'expires-after': '1h' })
    scenario.set('IotHubs', 'tags.iot-expires', LONG_AGO)
    const effect = { kind: 'answer', status: 400 } as const
    scenario.azure.setFaults([
      { method: 'DELETE', path: '/provisioningServices/', times: 99, effect }
    ])
    expect((await scenario.run(SWEEP)).exitCode).toBe(1)
    scenario.azure.setFaults([])
    const run = await scenario.apply(SWEEP)
    expect(run.log).toContain('`operation: destroy` removes what is left')
    await scenario.apply(DESTROY)
    expect(scenario.all('provisioningServices')).toEqual([])
  })
})

describe('a sweep', () => {
  it('says that an environment stays, and why, while a stranger is in its group', async () => {
    await scenario.apply({ phases: 'identity', 'expires-after': '1h' })
    const [{ id = '' } = {}] = scenario.all('resourceGroups')
    const account = `${id}/providers/Microsoft.Storage/storageAccounts/theirs`
    const body = { id: account, name: 'theirs', type: 'Microsoft.Storage/storageAccounts' }
    scenario.azure.world.resources.set(account.toLowerCase(), { id: account, body, secret: {} })
    scenario.set('resourceGroups', 'tags.iot-expires', LONG_AGO)
    for (let time = 1; time <= 2; time++) {
      const run = await scenario.apply(SWEEP)
      expect(run.result.environments).toEqual([
        expect.objectContaining({ outcome: 'left', reason: expect.stringContaining(account) })
      ])
    }
  })

  it('finds the group of an environment, whatever group is given', async () => {
    await scenario.apply({ phases: 'identity', 'expires-after': '1h' })
    scenario.set('resourceGroups', 'tags.iot-expires', LONG_AGO)
    await scenario.apply({ ...SWEEP, 'resource-group': group() })
    expect(scenario.all('resourceGroups').map(({ body }) => body.name)).toEqual(['given'])
  })

  it('that may not list is no sweep of nothing', async () => {
    await scenario.apply({ phases: 'identity', 'expires-after': '1h' })
    const body = { error: { code: 'AuthorizationFailed', message: 'No.' } }
    const effect = { kind: 'answer', status: 403, body } as const
    for (const path of [
      '^/subscriptions/[^/]+/resources\\?',
      '^/subscriptions/[^/]+/resourcegroups\\?'
    ]) {
      scenario.azure.setFaults([{ method: 'GET', path, times: 99, effect }])
      const run = await scenario.run(SWEEP)
      expect([run.exitCode, run.failure]).toEqual([
        1,
        expect.stringContaining('AuthorizationFailed')
      ])
    }
  })
})

describe('what others use', () => {
  it('a hub that another environment’s DPS assigns devices to stays', async () => {
    const shared = await platform('hub', 'namespace', 'identity')
    await scenario.apply({ ...shared, environment: 'branch' })
    const run = await scenario.apply({ ...DESTROY, environment: 'platform', confirm: 'platform' })
    expect(scenario.all('IotHubs').map(({ id }) => id)).toEqual([shared.hub])
    expect(run.log).toMatch(/Device Provisioning Service .* uses it and stays/)
    const verified = await scenario.run({ ...shared, environment: 'branch', operation: 'verify' })
    expect(verified.failure).toBe('')
  })

  it('a lock against the deletion of a shared DPS is no concern of what is linked to it', async () => {
    const shared = await platform('dps', 'namespace')
    await scenario.apply({ ...shared, environment: 'test' })
    addLock(scenario.azure.world, shared.dps ?? '', 'CanNotDelete')
    await scenario.apply({ ...DESTROY, ...shared })
    expect(scenario.all('IotHubs')).toHaveLength(1)
  })

  it('an enrollment group that is another’s by the time it would go stays', async () => {
    const shared = await platform('dps', 'namespace')
    await scenario.apply({ ...shared, environment: 'test' })
    const groups = [...scenario.azure.world.enrollmentGroups.values()]
    const ours = groups.find(({ id }) => id.includes('enroll-test'))
    const run = await meanwhile(scenario, () => scenario.run({ ...DESTROY, ...shared }), {
      method: 'GET',
      path: '/Microsoft.Authorization/locks',
      act: () => {
        if (ours) ours.body.iotHubs = ['theirs.azure-devices.net']
      }
    })
    expect([run.exitCode, run.failure]).toEqual([0, ''])
    expect([...scenario.azure.world.enrollmentGroups.values()]).toContain(ours)
    expect(run.log).toContain('it lists a hub that is not this environment’s')
  })

  it('an unmarked platform is not to be taken apart: it is marked by its own apply', async () => {
    const shared = await platform('dps', 'namespace')
    for (const type of ['namespaces', 'provisioningServices']) {
      delete scenario.only(type).body.tags['iot-mark']
    }
    const run = await scenario.run({ ...shared, environment: 'branch' })
    expect(run.failure).toContain('let its apply run once with `adopt: true`')
    expect(run.failure).not.toContain('remove its tag')
  })
})

it('an expiry that becomes due during a run does not fail it', async () => {
  const run = await meanwhile(scenario, () => scenario.run({ 'expires-after': '1h' }), {
    method: 'PUT',
    path: '/provisioningServices/',
    act: () => {
      const { tags } = scenario.only('resourceGroups').body
      const sooner = Date.parse(tags['iot-expires']) - 35 * 60_000
      tags['iot-expires'] = new Date(sooner).toISOString()
    }
  })
  expect([run.exitCode, run.failure]).toEqual([0, ''])
})
