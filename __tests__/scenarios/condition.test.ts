import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { arm } from '../emulator/deployer.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const ME = '0e91d5b8-2c47-4f7d-b7b0-9f4d3c2a1b44'
const OTHER = '11111111-2222-4333-8444-555555555555'
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { Actions: actions } = JSON.parse(file('docs/least-privilege-role.json')) as {
  Actions: string[]
}

/** The condition as a shell makes it of what the README has to be typed. */
function condition(): string {
  const [lines = ''] = /^ROLES="[\s\S]*?^CONDITION="[^"]*"$/m.exec(file('README.md')) ?? []
  const script = `${lines}\nprintf %s "$CONDITION"`
  return execFileSync('bash', ['--norc', '-c', script], {
    encoding: 'utf8',
    env: { PRINCIPAL: ME }
  })
}

const subscription = () => `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`

/** Gives the deploying identity what the README says, and a role of its own where that is the way. */
function deploys(how: 'built-in roles' | 'custom role', conditioned = true): void {
  const scope = subscription()
  const may = conditioned ? { condition: condition() } : {}
  scenario.configure({
    principals: [ME, OTHER],
    roles: [{ id: OTHER, name: 'Provision Azure IoT', actions }],
    deployer: {
      objectId: ME,
      grants:
        how === 'custom role'
          ? [{ role: 'Provision Azure IoT', scope, ...may }]
          : [
              { role: 'Contributor', scope },
              { role: 'Role Based Access Control Administrator', scope, ...may }
            ]
    }
  })
}

/** Asks Azure for a role assignment. @returns its status, and what it said */
async function grants(roleId: string, principalId: string, principalType?: string) {
  const path = `/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
  const roleDefinitionId = `${subscription()}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`
  const properties = { roleDefinitionId, principalId, principalType }
  const { status, body } = await arm(scenario.azure, 'PUT', path, '2022-04-01', { properties })
  return [status, body.error?.message ?? '']
}

describe.each(['built-in roles', 'custom role'] as const)(
  'the condition of the README: %s',
  (how) => {
    it('lets an environment live and go', async () => {
      deploys(how)
      await scenario.apply()
      expect(scenario.grants.map(({ body }) => body.properties.principalType)).toEqual(
        Array(5).fill('ServicePrincipal')
      )
      expect((await scenario.apply()).writes).toEqual([])
      await scenario.apply({ operation: 'destroy', confirm: 'test', location: '' })
      expect(scenario.all('resourceGroups')).toEqual([])
    })

    it('lets a grant alone be taken away', async () => {
      deploys(how)
      await scenario.built()
      const [grant] = scenario.grants
      const path = (grant?.id ?? '').slice(subscription().length)
      expect((await arm(scenario.azure, 'DELETE', path, '2022-04-01')).status).toBe(200)
    })

    it('refuses to take away what it would refuse to grant', async () => {
      deploys(how, false)
      await grants(OWNER, OTHER, 'ServicePrincipal')
      const [owner] = scenario.grants
      deploys(how)
      const path = (owner?.id ?? '').slice(subscription().length)
      const { status, body } = await arm(scenario.azure, 'DELETE', path, '2022-04-01')
      expect([status, body.error.message]).toEqual([403, expect.stringContaining('ABAC condition')])
    })

    it('refuses another role, another kind of principal, and the deploying identity itself', async () => {
      deploys(how)
      const refused = [403, expect.stringContaining('ABAC condition that is not fulfilled')]
      expect(await grants(OWNER, OTHER, 'ServicePrincipal')).toEqual(refused)
      expect(await grants(CONTRIBUTOR, ME, 'ServicePrincipal')).toEqual(refused)
      expect(await grants(CONTRIBUTOR, OTHER, 'User')).toEqual(refused)
      expect(await grants(CONTRIBUTOR, OTHER)).toEqual(refused)
      expect(await grants(CONTRIBUTOR, OTHER, 'ServicePrincipal')).toEqual([201, ''])
    })

    it('is what keeps the deploying identity from making itself Owner', async () => {
      deploys(how, false)
      expect(await grants(OWNER, ME, 'ServicePrincipal')).toEqual([201, ''])
    })
  }
)

it('a condition that Azure would not understand is refused with the role assignment', async () => {
  const put = async (condition: string) => {
    const path = `/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
    const roleDefinitionId = `${subscription()}/providers/Microsoft.Authorization/roleDefinitions/${OWNER}`
    const principal = { principalId: OTHER, principalType: 'ServicePrincipal' }
    const properties = { roleDefinitionId, ...principal, condition, conditionVersion: '2.0' }
    return (await arm(scenario.azure, 'PUT', path, '2022-04-01', { properties })).status
  }
  scenario.configure({ principals: [OTHER] })
  expect(await put('only good roles')).toBe(400)
  expect(await put(condition())).toBe(201)
})

describe('a run that grants a role outside the condition', () => {
  it('fails with the condition, and the input that asked for the role', async () => {
    deploys('built-in roles')
    scenario.configure({ roles: [{ id: OTHER, name: 'Namespace on hub' }] })
    const run = await scenario.run({ 'hub-role-definition-id': OTHER })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('ABAC condition')
    expect(run.failure).toContain('add the role to the condition')
  })

  it('fails with both causes where Azure does not tell which it is', async () => {
    deploys('built-in roles')
    scenario.configure({
      roles: [{ id: OTHER, name: 'Namespace on hub' }],
      grantRefusal: 'either'
    })
    const { exitCode, failure } = await scenario.run({ 'hub-role-definition-id': OTHER })
    expect(exitCode).toBe(1)
    expect(failure).toContain('a grant made just now is not in effect yet, or a condition')
    expect(failure).toContain('add the role to the condition')
    expect(failure).toContain('if not, give it the right to grant roles')
    expect(failure).not.toContain('az role assignment create')
  })
})
