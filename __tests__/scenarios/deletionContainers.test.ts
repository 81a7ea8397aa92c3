import { describe, expect, it } from '@jest/globals'
import { addAccount, DESTROY, left, meanwhile } from './moments.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const GROUP = '/resourceGroups/[^/?]+\\?'
/** The first list of a destroy is that of its plan, the second goes before any deletion, the third before that of the group. */
const LIST = '/resourceGroups/[^/]+/resources\\?'

/** Everything of ours is gone but the group, in which the account lies. */
function expectKept(log: string): void {
  expect(left(scenario)).toEqual(['resourcegroups', 'storageaccounts'])
  expect(log).toMatch(/left +Resource group .*storageAccounts\/mine .*(has arrived|is in it)/)
}

describe('a storage account keeps the group that it arrives in', () => {
  it.each([
    ['as it is looked at before anything goes', 'GET', LIST, 2],
    ['as a hub goes', 'DELETE', '/IotHubs/[^/?]+\\?', 1],
    ['as the namespace goes', 'DELETE', '/namespaces/[^/?]+\\?', 1],
    ['as it is looked at before it goes', 'GET', LIST, 3]
  ] as const)('%s', async (_when, method, path, nth) => {
    await scenario.built()
    const run = await meanwhile(scenario, () => scenario.apply(DESTROY), {
      method,
      path,
      nth,
      act: () => addAccount(scenario)
    })
    expectKept(run.log)
    const again = await scenario.apply(DESTROY)
    expect(again.writes).toEqual([])
    expect(left(scenario)).toEqual(['resourcegroups', 'storageaccounts'])
  })

  it.each([429, 503, 409])('between a deletion refused with %d and the next', async (status) => {
    await scenario.built()
    const body = { error: { code: 'AnotherOperationInProgress', message: 'Later.' } }
    const effect = { kind: 'answer', status, body } as const
    const run = await meanwhile(
      scenario,
      () => scenario.apply(DESTROY),
      { method: 'GET', path: LIST, nth: 4, act: () => addAccount(scenario) },
      [{ method: 'DELETE', path: GROUP, effect }]
    )
    expect(
      run.writes.filter((write) => /^DELETE \/resourceGroups\/[^/]+$/.test(write))
    ).toHaveLength(1)
    expectKept(run.log)
  })

  it('while a deletion is not answered', async () => {
    await scenario.built()
    const run = await meanwhile(
      scenario,
      () => scenario.apply(DESTROY),
      { method: 'GET', path: LIST, nth: 4, act: () => addAccount(scenario) },
      [{ method: 'DELETE', path: GROUP, effect: { kind: 'reset', when: 'before' } }]
    )
    expectKept(run.log)
  })

  it('and is not listed yet', async () => {
    await scenario.built()
    // It is listed between 45 and 75 seconds after it came; the list that is held looks after 30.
    scenario.configure({ latency: { listLag: 45_000 } })
    const run = await meanwhile(scenario, () => scenario.apply(DESTROY), {
      method: 'GET',
      path: LIST,
      nth: 2,
      act: () => addAccount(scenario)
    })
    expectKept(run.log)
  })

  it('of a sweep', async () => {
    await scenario.built({ 'expires-after': '1h' })
    scenario.set('resourceGroups', 'tags.iot-expires', '2020-01-01T00:00:00Z')
    const sweep = { operation: 'sweep', confirm: 'octo-org/octo-repo', environment: '' }
    const run = await meanwhile(scenario, () => scenario.apply({ ...sweep, location: '' }), {
      method: 'GET',
      path: LIST,
      nth: 3,
      act: () => addAccount(scenario)
    })
    expect(left(scenario)).toEqual(['resourcegroups', 'storageaccounts'])
    expect(run.log).toContain('storageAccounts/mine')
  })
})

it('an end that is put off while a sweep looks at the group first keeps everything', async () => {
  await scenario.built({ 'expires-after': '1h' })
  scenario.set('resourceGroups', 'tags.iot-expires', '2020-01-01T00:00:00Z')
  const before = left(scenario)
  const sweep = { operation: 'sweep', confirm: 'octo-org/octo-repo', environment: '', location: '' }
  const run = await meanwhile(scenario, () => scenario.apply(sweep), {
    method: 'GET',
    path: LIST,
    nth: 2,
    act: () => scenario.set('resourceGroups', 'tags.iot-expires', '2999-01-01T00:00:00Z')
  })
  expect(run.writes).toEqual([])
  expect(left(scenario)).toEqual(before)
})

describe('what arrives in a container keeps it', () => {
  it('an enrollment group on our DPS', async () => {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    const host = dps.body.properties.serviceOperationsHostName as string
    const run = await meanwhile(scenario, () => scenario.apply(DESTROY), {
      method: 'POST',
      path: '/enrollmentGroups/query',
      // After the search for what is there, and the plan.
      nth: 3,
      act: () => {
        const group = {
          id: `${dps.id}/enrollmentGroups/theirs`,
          body: { enrollmentGroupId: 'theirs', attestation: { type: 'x509' } },
          secret: {}
        }
        scenario.azure.world.enrollmentGroups.set(`${host}/theirs`, group)
      }
    })
    expect(run.log).toMatch(
      /left +Device Provisioning Service .*enrollmentGroups\/theirs .*(has arrived|is in it)/
    )
    // What the DPS cannot live without stays with it.
    expect(left(scenario)).toEqual(
      [
        'namespaces',
        'provisioningservices',
        'resourcegroups',
        'userassignedidentities',
        ...left(scenario).filter((type) => ['credentials', 'policies'].includes(type))
      ].sort((a, b) => a.localeCompare(b))
    )
    expect(scenario.all('credentials')).toHaveLength(1)
    expect(scenario.enrollmentGroup.body.enrollmentGroupId).toBe('theirs')
  })

  it('a hub that joins our namespace', async () => {
    await scenario.built()
    const hub = scenario.only('IotHubs')
    const id = hub.id.replace(/resourceGroups\/[^/]+/, 'resourceGroups/theirs')
    const { deviceRegistry } = hub.body.properties
    const theirs = {
      ...structuredClone({ ...hub.body, id, tags: {}, identity: undefined }),
      properties: {
        ...hub.body.properties,
        hostName: 'theirs.azure-devices.net',
        deviceRegistry: { namespaceResourceId: deviceRegistry.namespaceResourceId }
      }
    }
    const run = await meanwhile(scenario, () => scenario.apply(DESTROY), {
      method: 'GET',
      path: '/subscriptions/[^/]+/providers/Microsoft.Devices/IotHubs\\?',
      // The first list served the plan; the next goes before the deletion of the credential.
      nth: 2,
      act: () => {
        scenario.azure.world.resources.set(id.toLowerCase(), { id, body: theirs, secret: {} })
      }
    })
    expect(left(scenario)).toEqual([
      'credentials',
      'iothubs',
      'namespaces',
      'policies',
      'resourcegroups'
    ])
    expect(scenario.only('IotHubs').id).toBe(id)
    expect(run.log).toMatch(/left +Credential .*resourceGroups\/theirs.*IotHubs/)
    expect(run.log).toMatch(/left +Device Registry namespace /)
  })
})

describe('the order of a destroy', () => {
  it('takes the CA and its policies once the hub and the DPS are gone', async () => {
    await scenario.built({ policies: 'default=30\nother=7' })
    scenario.configure({ latency: { hubDelete: 60_000, dpsDelete: 120_000 } })
    let there: readonly unknown[] | undefined
    const run = await meanwhile(scenario, () => scenario.apply(DESTROY), {
      method: 'DELETE',
      path: '/credentials/default\\?',
      act: () => {
        there = [...scenario.all('IotHubs'), ...scenario.all('provisioningServices')]
      }
    })
    expect(there).toEqual([])
    const deletions = run.writes.filter((write) => write.startsWith('DELETE'))
    const at = (pattern: RegExp) => deletions.findIndex((write) => pattern.test(write))
    const credential = at(/\/credentials\/default$/)
    expect(at(/\/IotHubs\/[^/]+$/i)).toBeLessThan(credential)
    expect(at(/\/provisioningServices\/[^/]+$/i)).toBeLessThan(credential)
    expect(credential).toBeLessThan(at(/\/namespaces\/[^/]+$/i))
    expect(at(/\/resourceGroups\/[^/]+$/i)).toBe(deletions.length - 1)
    expect(left(scenario)).toEqual([])
  })
})
