import { describe, expect, it } from '@jest/globals'
import { Scenario } from '../scenario.ts'
import { hideProviders, Linked, NEWEST, TUTORIAL } from './linkedEnvironment.ts'

// What a failure is explained with has fifteen seconds of the emulated time to come.
const scenario = new Scenario(20)
const linked = new Linked(scenario)

const REGISTRY = 'Microsoft.DeviceRegistry/namespaces'
const CREDENTIALS = `${REGISTRY}/credentials`

describe('a model that Azure refuses at the first write', () => {
  const answer = (code: string, message: string) =>
    ({ kind: 'answer', status: 400, body: { error: { code, message } } }) as const

  it.each([
    [
      'NoRegisteredProviderFound',
      "No registered resource provider found for location 'westeurope' and API version '2026-11-01'."
    ],
    ['InvalidApiVersionParameter', "The api-version '2026-11-01' is invalid."],
    ['InvalidResourceType', 'The resource type could not be found.'],
    ['LocationNotAvailableForResourceType', "The provided location 'westeurope' is not available."]
  ])('with %s ends the run there, with what is offered where', async (code, message) => {
    const effect = answer(code, message)
    const path = '/Microsoft.DeviceRegistry/namespaces/'
    scenario.azure.setFaults([{ method: 'PUT', path, times: 9, effect }])
    const run = await linked.run({ phases: 'identity, namespace' })
    expect([run.exitCode, run.writes.length]).toEqual([1, 2])
    expect(run.failure).toContain(code)
    expect(run.failure).toContain(`${NEWEST}: offered in eastus`)
    expect(run.failure).toContain(`${TUTORIAL}: offered in eastus`)
    expect(run.failure).toContain('set `service-version` and `location`')
    expect(run.failure).toContain('docs/migration.md')
  })

  it.each([400, 403, 409])(
    'with DisallowedResourceOperation, status %i, as well',
    async (status) => {
      scenario.configure({ registry: { disallowed: [REGISTRY], disallowedStatus: status } })
      const run = await linked.run({ phases: 'identity, namespace' })
      expect([run.exitCode, run.writes.length]).toEqual([1, 2])
      expect(run.failure).toContain('DisallowedResourceOperation')
      expect(run.failure).toContain(`${NEWEST}: offered in eastus`)
    }
  )

  it('withdrawn though it is listed, the tutorial’s says so, and what to set', async () => {
    scenario.configure({ registry: { disallowed: [CREDENTIALS] } })
    const run = await linked.run({ 'service-version': TUTORIAL })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain("'namespaces/credentials' is disallowed")
    expect(run.failure).toContain('set `service-version` and `location`')
  })

  it('says that nobody tells what is offered, where the providers may not be read', async () => {
    hideProviders(scenario)
    scenario.configure({ registry: { disallowed: [REGISTRY] } })
    const run = await linked.run({ phases: 'identity, namespace' })
    expect(run.failure).toContain('no provider says where it is offered')
  })
})
