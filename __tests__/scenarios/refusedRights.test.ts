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
    expect(failure).toContain('Azure continues')
    expect(failure).toContain('docs/least-privilege-role.md')
  })
})

describe('the explanation of a refusal', () => {
  const causes = (text: string) => text.split('\n').filter((line) => line.includes('Likely cause'))

  it('is the same for the run and for the step that was refused', async () => {
    lacks('Microsoft.DeviceRegistry/namespaces/write')
    const { failure, result } = await scenario.run()
    expect(causes(failure)).toEqual([expect.stringContaining('none of the roles')])
    const errors = result.steps.flatMap(({ error = '' }) => causes(error))
    expect(errors).toEqual(causes(failure))
  })

  it('is the same for a sweep, its environment and the step', async () => {
    await scenario.built()
    scenario.set('resourceGroups', 'tags.iot-expires', '2020-01-01T00:00:00Z')
    lacks(
      'Microsoft.Devices/IotHubs/delete',
      'Microsoft.Resources/subscriptions/resourceGroups/delete'
    )
    const sweep = {
      operation: 'sweep',
      confirm: 'octo-org/octo-repo',
      environment: '',
      location: ''
    }
    const { failure, result } = await scenario.run(sweep)
    expect(causes(failure)).not.toEqual([])
    expect(failure).toContain('none of the roles')
    const told = [...result.environments, ...result.steps].flatMap(({ error = '' }) =>
      causes(error)
    )
    expect(new Set(told)).toEqual(new Set(causes(failure)))
  })
})
