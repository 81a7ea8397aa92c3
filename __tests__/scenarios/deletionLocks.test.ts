import { describe, expect, it } from '@jest/globals'
import { addLock } from '../../emulator/locks.ts'
import { addAccount, DESTROY, left } from './moments.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

const lock = (scope: string, level: 'CanNotDelete' | 'ReadOnly') =>
  addLock(scenario.azure.world, scope, level, 'keep')

const refusal = {
  kind: 'answer',
  status: 403,
  body: { error: { code: 'AuthorizationFailed', message: 'Not for you.' } }
} as const

const PLACES: Readonly<Record<string, () => string>> = {
  subscription: () => `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`,
  group: () => scenario.only('resourceGroups').id,
  hub: () => scenario.only('IotHubs').id,
  DPS: () => scenario.only('provisioningServices').id,
  namespace: () => scenario.only('namespaces').id,
  policy: () => scenario.only('policies').id
}

describe('a lock stops a destroy before anything is deleted', () => {
  const cases = Object.keys(PLACES).flatMap((place) =>
    (['CanNotDelete', 'ReadOnly'] as const).map((level) => ({ place, level }))
  )

  it.each(cases)('$level on the $place', async ({ place, level }) => {
    await scenario.built()
    const { id } = lock(PLACES[place]?.() ?? '', level)
    const before = scenario.shape()
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(id)
    expect(run.failure).toContain(level)
    expect(run.failure).toContain('az lock delete')
    expect(scenario.shape()).toEqual(before)
    scenario.azure.world.locks.clear()
    await scenario.apply(DESTROY)
    expect(left(scenario)).toEqual([])
  })

  it('on something of ours that goes with what it lies in, and that the inputs do not name', async () => {
    await scenario.built({ policies: 'default=30\nother=7' })
    const other = scenario.all('policies').find(({ body }) => body.name === 'other')
    const { id } = lock(other?.id ?? '', 'CanNotDelete')
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(id)
  })

  it('of an environment that is swept, and not of the others', async () => {
    for (const environment of ['one', 'two']) {
      await scenario.apply({ environment, phases: 'identity', 'expires-after': '1h' })
    }
    for (const { body } of scenario.all('resourceGroups')) {
      body.tags['iot-expires'] = '2020-01-01T00:00:00Z'
    }
    const one = scenario
      .all('resourceGroups')
      .find(({ body }) => body.tags['iot-environment'] === 'one')
    const { id } = lock(one?.id ?? '', 'CanNotDelete')
    const sweep = { operation: 'sweep', confirm: 'octo-org/octo-repo', environment: '' }
    const run = await scenario.run({ ...sweep, location: '' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain(id)
    expect(left(scenario)).toEqual(['resourcegroups', 'userassignedidentities'])
    expect(scenario.only('resourceGroups').id).toBe(one?.id)
  })

  it('told by the group alone, to a caller who may not ask the subscription', async () => {
    await scenario.built()
    const { id } = lock(scenario.only('IotHubs').id, 'CanNotDelete')
    const path = '^/subscriptions/[^/]+/providers/Microsoft.Authorization/locks'
    scenario.azure.setFaults([{ path, times: 99, effect: refusal }])
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(id)
  })
})

describe('a lock that is no obstacle', () => {
  it('may not be read: a warning, and the destroy goes on', async () => {
    await scenario.built()
    const path = '/Microsoft.Authorization/locks'
    scenario.azure.setFaults([{ path, times: 99, effect: refusal }])
    const run = await scenario.apply(DESTROY)
    expect(run.log).toMatch(/::warning .*locks\/read/)
    expect(left(scenario)).toEqual([])
  })

  it('is on somebody else’s resource', async () => {
    await scenario.built()
    const subscription = PLACES.subscription?.() ?? ''
    lock(`${subscription}/resourceGroups/others`, 'CanNotDelete')
    // A name that begins like that of our group is another's.
    lock(`${scenario.only('resourceGroups').id}-2`, 'CanNotDelete')
    await scenario.apply(DESTROY)
    expect(left(scenario)).toEqual([])
  })

  it('is on a stranger in our group, which stays for that', async () => {
    await scenario.built()
    lock(addAccount(scenario).id, 'CanNotDelete')
    await scenario.apply(DESTROY)
    expect(left(scenario)).toEqual(['resourcegroups', 'storageaccounts'])
  })

  it('is there when nothing is to be removed, or only a look is wanted', async () => {
    await scenario.built()
    lock(scenario.only('resourceGroups').id, 'CanNotDelete')
    expect((await scenario.run({ ...DESTROY, 'dry-run': 'true' })).exitCode).toBe(0)
    expect(
      (await scenario.run({ ...DESTROY, environment: 'none', confirm: 'none' })).exitCode
    ).toBe(0)
  })
})
