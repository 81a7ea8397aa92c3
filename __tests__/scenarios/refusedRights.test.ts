import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const subscription = () => `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`

/** The deploying identity has every right but these. */
function lacks(...notActions: readonly string[]): void {
  const id = '11111111-2222-4333-8444-555555555555'
  scenario.configure({
    roles: [{ id, name: 'All but some', actions: ['*'], notActions }],
    deployer: { grants: [{ role: id, scope: subscription() }] }
  })
}

describe('a right that the deploying identity lacks', () => {
  it('to register providers is for somebody else to use, not a reason for Contributor on the subscription', async () => {
    lacks('*/register/action')
    scenario.configure({ providers: { 'Microsoft.DeviceRegistry': 'NotRegistered' } })
    const { exitCode, failure } = await scenario.run()
    expect(exitCode).toBe(1)
    expect(failure).toContain('az provider register --namespace Microsoft.DeviceRegistry')
    expect(failure).not.toContain('az role assignment create')
  })

  it('to follow an operation leaves it to Azure, which goes on', async () => {
    lacks('*/operationStatuses/read')
    scenario.configure({ operationsFollowed: 'address' })
    const { exitCode, failure } = await scenario.run()
    expect(exitCode).toBe(1)
    expect(failure).toContain('Azure goes on with it')
    expect(failure).toContain('docs/least-privilege-role.md')
  })
})
