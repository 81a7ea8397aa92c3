import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** What the namespace may do on a hub, in the place of the built-in roles: Contributor is one of those. */
const ON_HUB = '11111111-2222-4333-8444-555555555555'

/** What the environment needs: `Azure Device Registry Onboarding` and `… Contributor`, and the role on the hub. */
const NEEDED = [
  '547f7f0a-69c0-4807-bd9e-0321dfb66a84',
  'a5c3590a-3a1a-4cd4-9648-ea0a32b15137',
  ON_HUB
]

const subscription = () => `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`

/** The deploying identity may do everything, and grant only what the environment needs. */
function withCondition(): Readonly<Record<string, string>> {
  const actions = ['Microsoft.Devices/IotHubs/*']
  const dataActions = ['Microsoft.Devices/IotHubs/devices/*']
  const condition = [
    "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}) OR",
    '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]',
    `ForAnyOfAnyValues:GuidEquals {${NEEDED.join(', ')}}`
  ].join(' ')
  scenario.configure({
    roles: [{ id: ON_HUB, name: 'Namespace on hub', actions, dataActions }],
    deployer: {
      grants: [
        { role: 'Contributor', scope: subscription() },
        { role: 'Role Based Access Control Administrator', scope: subscription(), condition }
      ]
    }
  })
  const roles = `${subscription()}/providers/Microsoft.Authorization/roleDefinitions`
  return { 'hub-role-definition-id': `${roles}/${ON_HUB}` }
}

describe('the optional grant', () => {
  it("on somebody's group is neither made nor missed", async () => {
    const id = `${subscription()}/resourceGroups/rg-theirs`
    const body = { id, name: 'rg-theirs', location: 'westeurope', tags: {}, properties: {} }
    scenario.azure.world.resources.set(id.toLowerCase(), { id, body, secret: {} })
    const inputs = { 'resource-group': 'rg-theirs' }
    await scenario.apply(inputs)
    expect(scenario.grants).toHaveLength(4)
    const again = await scenario.apply(inputs)
    expect(again.writes).toEqual([])
    const verified = await scenario.apply({ ...inputs, operation: 'verify' })
    expect(verified.log).not.toMatch(/^(FAILED|warning) /m)
  })

  it('that a condition on the role forbids is told, and fails neither apply nor verify nor drift', async () => {
    const inputs = withCondition()
    const run = await scenario.apply(inputs)
    expect(run.log).toMatch(/::warning .*AuthorizationFailed/)
    expect(scenario.grants).toHaveLength(3)
    await scenario.apply(inputs)
    const verified = await scenario.apply({ ...inputs, operation: 'verify' })
    expect(verified.log).toMatch(/^warning .*IoT Hub application .* it does not exist/m)
    await scenario.apply({ ...inputs, operation: 'plan', 'fail-on-drift': 'true' })
  })

  it('that a policy on sign-ins to Graph keeps from being looked up is told, and fails nothing else', async () => {
    // Entra's second token, after that for Resource Manager, is the one for Graph.
    const body = {
      error: 'invalid_grant',
      error_description: 'AADSTS53003: Access has been blocked by Conditional Access policies.',
      error_codes: [53003]
    }
    const blocked = () =>
      scenario.azure.setFaults([
        {
          host: 'login.microsoftonline.com',
          method: 'POST',
          nth: 2,
          effect: { kind: 'answer', status: 400, body }
        }
      ])
    blocked()
    const planned = await scenario.apply({ operation: 'plan' })
    expect(planned.log).toMatch(/::warning .*refused to tell the object id.*AADSTS53003/)
    blocked()
    await scenario.apply()
    expect(scenario.grants).toHaveLength(4)
    blocked()
    const required = await scenario.run({ operation: 'plan', 'hub-app-grant': 'required' })
    expect(required.failure).toContain('AADSTS53003')
  })

  it('that a condition forbids fails the run when it is required', async () => {
    const inputs = { ...withCondition(), 'hub-app-grant': 'required' }
    const run = await scenario.run(inputs)
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('condition')
    const verified = await scenario.run({ ...inputs, operation: 'verify' })
    expect(verified.failure).toContain('Grant to the IoT Hub application')
  })
})
