import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { addAccount, DESTROY, left } from './moments.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

type Answer = Extract<Fault['effect'], { kind: 'answer' }>

const refusal = (status: number, code: string): Answer => ({
  kind: 'answer',
  status,
  body: { error: { code, message: 'It could not be had.' } }
})

/** None of them says that the resource is not there. */
const UNKNOWN: Readonly<Record<string, Answer>> = {
  'a page of a proxy': {
    kind: 'answer',
    status: 404,
    body: '<html><body>Not Found</body></html>',
    headers: { 'content-type': 'text/html' }
  },
  InvalidResourceType: refusal(404, 'InvalidResourceType'),
  NotFound: refusal(404, 'NotFound'),
  AuthorizationFailed: refusal(403, 'AuthorizationFailed')
}

const READS: Readonly<Record<string, string>> = {
  hub: '/IotHubs/[^/?]+\\?',
  namespace: '/namespaces/[^/?]+\\?',
  DPS: '/provisioningServices/[^/?]+\\?',
  group: '/resourceGroups/[^/?]+\\?',
  identity: '/userAssignedIdentities/[^/?]+\\?'
}

const forever = (path: string, effect: Fault['effect']): void =>
  scenario.azure.setFaults([{ method: 'GET', path, times: 9999, effect }])

describe('what could not be seen is not taken for absent', () => {
  const cases = Object.keys(READS).flatMap((what) =>
    Object.keys(UNKNOWN).map((answer) => ({ what, answer }))
  )

  it.each(cases)('$what: $answer', async ({ what, answer }) => {
    await scenario.built()
    const before = scenario.shape()
    forever(READS[what] ?? '', UNKNOWN[answer] as Answer)
    const applied = await scenario.run()
    expect([applied.exitCode, applied.writes]).toEqual([1, []])
    expect(applied.failure).toMatch(/^Could not read .*\n(Azure said|The answer was) /)
    const destroyed = await scenario.run(DESTROY)
    expect([destroyed.exitCode, destroyed.writes]).toEqual([1, []])
    expect(destroyed.failure).toMatch(/^Could not read .*\n(Azure said|The answer was) /)
    expect(destroyed.log).not.toContain('nothing to remove')
    expect(scenario.shape()).toEqual(before)
  })

  it.each([
    ['enrollment group', '/enrollmentGroups/(?!query)[^/?]+\\?'],
    ['list of enrollment groups', '/enrollmentGroups/query\\?']
  ])('%s: any other 404', async (what, path) => {
    await scenario.built()
    const before = scenario.shape()
    scenario.azure.setFaults([{ path, times: 9999, effect: refusal(404, 'NotFound') }])
    // An apply lists none.
    if (what === 'enrollment group') {
      const applied = await scenario.run()
      expect([applied.exitCode, applied.writes]).toEqual([1, []])
    }
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(scenario.shape()).toEqual(before)
  })
})

describe('a list that breaks off', () => {
  const ENDS = [
    refusal(404, 'ResourceGroupNotFound'),
    refusal(404, 'ResourceNotFound'),
    refusal(403, 'AuthorizationFailed'),
    refusal(500, 'InternalServerError')
  ]
  const cases = [
    ['of the group', '/resourceGroups/[^/]+/resources\\?.*\\$skiptoken='],
    ['of what carries the tag', 'tagName.*\\$skiptoken=|\\$skiptoken=.*tagName'],
    ['anywhere', '\\$skiptoken=']
  ].flatMap(([what = '', path = '']) => ENDS.map((effect) => ({ what, path, effect })))

  it.each(cases)(
    '$what, on its second page ($effect.status $effect.body.error.code)',
    async ({ path, effect }) => {
      await scenario.built()
      // A stranger that only a later page shows.
      const account = addAccount(scenario, 'zzz')
      scenario.configure({ pageSize: 1 })
      const before = scenario.shape()
      forever(path, effect)
      const run = await scenario.run(DESTROY)
      expect([run.exitCode, run.writes]).toEqual([1, []])
      expect(run.log).not.toContain('nothing to remove')
      expect(scenario.azure.world.resources.get(account.id.toLowerCase())).toBe(account)
      expect(scenario.shape()).toEqual(before)
    }
  )

  it('after a first page with nothing on it', async () => {
    await scenario.built()
    addAccount(scenario)
    const before = scenario.shape()
    const group = scenario.only('resourceGroups').id
    const nextLink = `https://management.azure.com${group}/resources?api-version=2021-04-01&$skiptoken=x`
    scenario.azure.setFaults([
      { path: 'skiptoken=', times: 9999, effect: refusal(404, 'ResourceGroupNotFound') },
      {
        path: '/resourceGroups/[^/]+/resources\\?',
        times: 9999,
        effect: { kind: 'answer', status: 200, body: { value: [], nextLink } }
      }
    ])
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(scenario.shape()).toEqual(before)
  })

  it('of enrollment groups, on its second page', async () => {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    const id = `${dps.id}/enrollmentGroups/theirs`
    const host = dps.body.properties.serviceOperationsHostName as string
    const group = { ...scenario.enrollmentGroup, id }
    group.body = { ...group.body, enrollmentGroupId: 'theirs' }
    scenario.azure.world.enrollmentGroups.set(`${host}/theirs`, group)
    scenario.configure({ pageSize: 1 })
    const body = { errorCode: 404001, message: 'There is no such provisioning service.' }
    const effect = { kind: 'answer', status: 404, body } as const
    // First and third are first pages: of the search for what is there, and of the plan.
    scenario.azure.setFaults([
      { path: '/enrollmentGroups/query', nth: 2, effect },
      { path: '/enrollmentGroups/query', nth: 4, times: 1, effect }
    ])
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
  })
})

describe('a group goes only when everything in it can be seen', () => {
  const id = '11111111-2222-4333-8444-555555555555'
  const roles: Readonly<Record<string, object>> = {
    'that names what it may do': {
      actions: ['Devices', 'DeviceRegistry', 'ManagedIdentity', 'Authorization', 'Resources'].map(
        (provider) => `Microsoft.${provider}/*`
      )
    },
    'with everything but one provider': {
      actions: ['*'],
      notActions: ['Microsoft.Storage/*']
    },
    'that reads all but one type': {
      actions: ['*'],
      notActions: ['Microsoft.Storage/storageAccounts/read']
    }
  }

  it.each(Object.keys(roles))('a role %s', async (which) => {
    await scenario.built()
    addAccount(scenario)
    scenario.configure({
      listsTrimmed: true,
      roles: [{ id, name: 'Mine', ...roles[which] }],
      deployer: {
        grants: [{ role: id, scope: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}` }]
      }
    })
    const run = await scenario.apply(DESTROY)
    expect(left(scenario)).toEqual(['resourcegroups', 'storageaccounts'])
    expect(run.log).toMatch(/leave +Resource group .*may not read everything in it \(`\*\/read`/)
    expect(run.plan['resource-group']).toMatchObject({ action: 'leave' })
  })

  it('rights that Azure does not tell', async () => {
    await scenario.built()
    forever('/Microsoft.Authorization/permissions', refusal(403, 'AuthorizationFailed'))
    const run = await scenario.apply(DESTROY)
    expect(left(scenario)).toEqual(['resourcegroups'])
    expect(run.log).toContain('may not read everything in it')
  })
})

describe('a hit of a list whose tags may not be read', () => {
  const TAGS = '/resourceGroups/[^/]+/providers/Microsoft.Resources/tags/default'

  it('fails the destroy', async () => {
    await scenario.built({ 'resource-group': 'rg-given' })
    const before = scenario.shape()
    forever(TAGS, refusal(403, 'AuthorizationFailed'))
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('Could not read the tags of')
    expect(scenario.shape()).toEqual(before)
  })

  it('fails the sweep', async () => {
    await scenario.built({ 'expires-after': '1h' })
    scenario.set('resourceGroups', 'tags.iot-expires', '2020-01-01T00:00:00Z')
    const before = scenario.shape()
    forever(TAGS, refusal(403, 'AuthorizationFailed'))
    const sweep = { operation: 'sweep', confirm: 'octo-org/octo-repo', environment: '' }
    const run = await scenario.run({ ...sweep, location: '' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('Could not read the tags of')
    expect(scenario.shape()).toEqual(before)
  })
})
