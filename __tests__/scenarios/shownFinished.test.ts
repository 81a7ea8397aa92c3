import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import type { Exchange } from '../../emulator/record.ts'
import { MODELS } from './models.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()

const FAILS: Fault = {
  method: 'PUT',
  path: '/namespaces/[^/]+\\?',
  effect: {
    kind: 'operation',
    late: true,
    end: 'Failed',
    error: { code: 'InternalServerError', message: 'It went wrong.' }
  }
}

/** Writes of what stands on the namespace, before the operation on it, the first of all, was seen to have ended. */
function early({ requests }: Outcome) {
  const isEnd = ({ url, responseBody }: Exchange) =>
    /operationStatuses/i.test(url) && /"Succeeded"/.test(JSON.stringify(responseBody))
  return requests
    .slice(0, requests.findIndex(isEnd))
    .filter(
      ({ method, url }) =>
        (method === 'PUT' && /\/(credentials|IotHubs|provisioningServices)\/[^/]+\?/i.test(url)) ||
        (method === 'PATCH' && /\/namespaces\/[^/]+\?/i.test(url))
    )
}

const statusesOf = (requests: readonly Exchange[]) => new Set(requests.map(({ status }) => status))

describe.each(MODELS)(
  'a namespace that reads as ready before its operation ends, %s',
  (version) => {
    const isTutorial = version !== '2026-11-01'
    const run = () => {
      // Long enough for the first link of the second model, which gives its grants time.
      const operationEnd = isTutorial ? 20_000 : 120_000
      scenario.configure({ latency: { namespaceWrite: 12_000, operationEnd } })
      return scenario.run({ 'service-version': version })
    }
    const applied = async () => {
      const outcome = await run()
      expect([outcome.exitCode, outcome.failure]).toEqual([0, ''])
      return outcome
    }
    const unchanged = async () => expect((await applied()).outputs.changed).toBe('false')

    it('has what stands on it made meanwhile, or once it is refused no more', async () => {
      expect(statusesOf(early(await applied()))).toEqual(new Set(isTutorial ? [201] : [201, 409]))
      await unchanged()
    })

    it('fails the run when its operation fails in the end, and a later run goes on', async () => {
      scenario.azure.setFaults([FAILS])
      const failed = await run()
      expect(failed.exitCode).toBe(1)
      expect(failed.failure).toContain('create Device Registry namespace')
      expect(failed.failure).toContain('It went wrong.')
      expect(early(failed)).not.toEqual([])
      await applied()
      await unchanged()
    })
  }
)

describe('a namespace of the first model that takes nothing before its operation ends', () => {
  it('is joined after that', async () => {
    scenario.configure({
      latency: { namespaceWrite: 12_000, operationEnd: 20_000 },
      namespaceAtWork: 'refuses'
    })
    expect(statusesOf(early(await scenario.apply()))).toEqual(new Set([400, 409]))
    expect((await scenario.apply()).outputs.changed).toBe('false')
  })
})
