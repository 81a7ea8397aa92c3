import { describe, expect, it } from '@jest/globals'
import { pullRequest } from '../../scripts/trigger.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

const answer = (body: unknown, headers = {}) =>
  ({ kind: 'answer', status: 200, headers, body }) as const

/** No raw text of JavaScript's at the beginning, and a word on what to do at the end. */
function expectTold(run: Awaited<ReturnType<typeof scenario.run>>): void {
  expect(run.exitCode).toBe(1)
  expect(run.failure).toMatch(/^(Could not|[A-Z][\w ]+ \/subscriptions\/)/)
  expect(run.failure).toMatch(/What to do: /)
}

describe('an answer in another shape is told with what was asked, of what, and what to do', () => {
  it.each([
    ['/provisioningServices/[^/]+/listkeys', { value: {} }, 'read the keys of'],
    [
      '/provisioningServices/[^/]+/listkeys',
      { value: [{ keyName: 'p', primaryKey: 'a2V5', rights: 5 }] },
      'read the keys of'
    ],
    ['/roleAssignments\\?', { value: [{}] }, 'list role assignments'],
    ['/policies\\?', { value: [{ id: '/x' }] }, 'list policies'],
    ['/certificates\\?', { value: [5] }, 'list hub certificates']
  ])('%s %j', async (path, body, doing) => {
    await scenario.built()
    scenario.azure.setFaults([{ path, times: 999, effect: answer(body) }])
    const run = await scenario.run({ operation: 'plan' })
    expectTold(run)
    expect(run.failure).toContain(doing)
    expect(run.failure).toContain('the answer lacks what it should have')
  })

  it('even where no reader notices it', async () => {
    await scenario.built()
    const path = '/provisioningServices/[^/?]+\\?'
    const body = { id: '/x', name: 'x', properties: { iotHubs: {} } }
    scenario.azure.setFaults([{ method: 'GET', path, times: 999, effect: answer(body) }])
    const run = await scenario.run({ operation: 'plan' })
    expectTold(run)
    expect(run.failure).toContain('a shape that this release does not know')
  })
})

describe('an operation', () => {
  const path = 'operation(results|statuses)'

  it('that is Cancelled has failed, however that is spelled', async () => {
    const effect = answer({ status: 'Cancelled' })
    scenario.azure.setFaults([{ method: 'GET', path, times: 99, effect }])
    const run = await scenario.run()
    expectTold(run)
    expect(run.failure).toContain('OperationCancelled')
  })

  it.each([5, {}])('with the status %j tells none: what it makes is looked at', async (status) => {
    scenario.azure.setFaults([{ method: 'GET', path, times: 99, effect: answer({ status }) }])
    const run = await scenario.apply()
    expect(run.log).toMatch(/(\d+) of \1 checks hold/)
  })

  it.each([5, {}])('with the status %j tells none: a removal is not believed', async (status) => {
    await scenario.built()
    scenario.azure.setFaults([{ method: 'GET', path, times: 99, effect: answer({ status }) }])
    const run = await scenario.run({ operation: 'destroy', confirm: 'test', location: '' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('Could not delete IoT hub')
    expect(run.failure).toContain('the answer lacks what it should have')
  })
})

it('a resource that is Cancelled has failed as well', async () => {
  await scenario.built()
  scenario.set('provisioningServices', 'properties.provisioningState', 'Cancelled')
  expect((await scenario.run({ operation: 'plan' })).exitCode).toBe(0)
})

it('to be asked to wait for longer than time goes is told like any other long wait', async () => {
  const headers = { 'retry-after': '99999999999999999999' }
  const effect = { ...answer({ error: { code: 'TooManyRequests' } }, headers), status: 429 }
  scenario.azure.setFaults([{ method: 'GET', path: '/resourcegroups/', times: 99, effect }])
  const run = await scenario.run()
  expectTold(run)
  expect(run.failure).toContain('Azure asks to wait 525600 minutes')
})

it('a comment without a text is somebody else’s', async () => {
  const comments = [{ id: 1, body: null, user: { login: 'x', type: 'User' } }]
  const host = 'api.github.com'
  const effect = answer(comments)
  scenario.azure.setFaults([{ host, method: 'GET', path: '/comments', times: 9, effect }])
  const inputs = { operation: 'plan', comment: 'true', 'github-token': 'ghs_emulated' }
  const run = await scenario.run(inputs, { trigger: pullRequest(7) })
  expect(run.exitCode).toBe(0)
  expect(scenario.azure.world.comments.size).toBe(1)
})
