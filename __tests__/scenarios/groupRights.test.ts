import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const MINE = { 'resource-group': 'rg-mine' }
const { Actions: actions } = JSON.parse(
  readFileSync(new URL('../../docs/least-privilege-role.json', import.meta.url), 'utf8')
) as { Actions: string[] }

/** The least-privilege role on one group, which somebody made beforehand, and at most these rights on the subscription. */
function confined(
  operationsFollowed: 'group' | 'address',
  onSubscription: readonly string[] = []
): void {
  const scope = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
  const id = `${scope}/resourceGroups/rg-mine`
  const properties = { provisioningState: 'Succeeded' }
  const body = { id, name: 'rg-mine', location: 'westeurope', properties }
  scenario.azure.world.resources.set(id.toLowerCase(), { id, body, secret: {} })
  scenario.configure({
    operationsFollowed,
    roles: [
      { id: ID, name: 'Least', actions },
      { id: ID.replaceAll('a', 'f'), name: 'Follower', actions: onSubscription }
    ],
    deployer: {
      grants: [
        { role: 'Least', scope: id },
        { role: 'Follower', scope }
      ]
    }
  })
}

/** All there is to do for an environment, from the first apply to the last deletion. */
async function live(): Promise<void> {
  await scenario.apply(MINE)
  expect((await scenario.apply(MINE)).writes).toEqual([])
  await scenario.apply({ ...MINE, operation: 'verify' })
  await scenario.apply({ ...MINE, operation: 'destroy', confirm: 'test', location: '' })
  expect([...scenario.azure.world.resources.values()].map(({ body }) => body.name)).toEqual([
    'rg-mine'
  ])
}

describe('the least-privilege role on one group', () => {
  it('is enough where that lets operations be followed, as Microsoft has it', async () => {
    confined('group')
    await live()
  })

  it('is not where the right is asked for at the address, and the message names it', async () => {
    confined('address')
    const run = await scenario.run(MINE)
    expect(run.exitCode).toBe(1)
    expect(run.failure).toMatch(/'Microsoft.DeviceRegistry\/locations\/operationStatuses\/read'/)
    expect(run.failure).toContain('on the subscription')
    expect(run.failure).toContain('docs/least-privilege-role.md')
  })

  it('is enough there together with the rights to follow operations, on the subscription', async () => {
    confined(
      'address',
      actions.filter((action) => /operation(results|statuses)/i.test(action))
    )
    await live()
  })
})
