import { describe, expect, it } from '@jest/globals'
import type { Doom, Fault } from '../../emulator/faults.ts'
import type { Exchange } from '../../emulator/record.ts'
import { MODELS } from './models.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()

/** The operation that begins with the creation ends so although its effect stays. */
const ends = (path: string, end: Doom['end']): Fault => ({
  method: 'PUT',
  path,
  effect: {
    kind: 'operation',
    late: true,
    end,
    ...(end === 'Failed' && { error: { code: 'InternalServerError', message: 'It went wrong.' } })
  }
})
const NAMESPACE = '/namespaces/[^/]+\\?'

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
    const run = (inputs: Readonly<Record<string, string>> = {}, operationEnd = 20_000) => {
      scenario.configure({ latency: { namespaceWrite: 12_000, operationEnd } })
      return scenario.run({ 'service-version': version, ...inputs })
    }
    const applied = async (operationEnd?: number) => {
      const outcome = await run({}, operationEnd)
      expect([outcome.exitCode, outcome.failure]).toEqual([0, ''])
      return outcome
    }
    const unchanged = async () => expect((await applied()).outputs.changed).toBe('false')
    const failed = async (faults: readonly Fault[]) => {
      scenario.azure.setFaults(faults)
      const outcome = await run()
      expect(outcome.exitCode).toBe(1)
      return outcome
    }

    it('has what is created on it made meanwhile, and is linked afterwards', async () => {
      // The first link of the second model gives its grants more than a minute: it has to wait for longer than that.
      const fresh = await applied(isTutorial ? 20_000 : 120_000)
      expect(statusesOf(early(fresh))).toEqual(new Set([201]))
      for (const type of isTutorial ? ['credentials', 'IotHubs', 'provisioningServices'] : [])
        expect(early(fresh).some(({ url }) => url.includes(`/${type}/`))).toBe(true)
      const refused = fresh.requests.filter(
        ({ status, url }) => status === 409 && /\/namespaces\/[^/]+\?/.test(url)
      )
      expect(refused).toEqual([])
      await unchanged()
    })

    it('fails the run when its operation fails in the end, and a later run goes on', async () => {
      const { failure, requests } = await failed([ends(NAMESPACE, 'Failed')])
      expect(failure).toContain('create Device Registry namespace')
      expect(failure).toContain('It went wrong.')
      expect(failure).not.toContain('Roles of')
      const linked = requests.filter(
        ({ method, url }) => method === 'PATCH' && /namespaces/.test(url)
      )
      expect(linked).toEqual([])
      await applied()
      await unchanged()
    })

    it.each([
      ['hub', '/IotHubs/[^/]+\\?', 'IoT hub'],
      ['DPS', '/provisioningServices/[^/]+\\?', 'Device Provisioning Service']
    ])('does not hide that the operation on a %s was canceled', async (_what, path, kind) => {
      const { failure } = await failed([ends(path, 'Canceled')])
      expect(failure).toContain(`create ${kind}`)
      await applied()
      await unchanged()
    })

    it('never ends, and the run says what it waits for when its time is up', async () => {
      scenario.azure.setFaults([ends(NAMESPACE, 'never')])
      const { exitCode, failure } = await run({ 'timeout-minutes': '5' })
      expect(exitCode).toBe(1)
      expect(failure).toContain('Device Registry namespace')
      if (isTutorial) expect(failure).toMatch(/IoT hub [^;]* to be done/)
      expect(scenario.all(isTutorial ? 'credentials' : 'IotHubs')).not.toEqual([])
    })
  }
)

describe('a namespace of the first model that takes nothing before its operation ends', () => {
  const configure = () =>
    scenario.configure({
      latency: { namespaceWrite: 12_000, operationEnd: 20_000 },
      namespaceAtWork: 'refuses'
    })

  it('is joined after that', async () => {
    configure()
    expect(statusesOf(early(await scenario.apply()))).toEqual(new Set([400, 409]))
    expect((await scenario.apply()).outputs.changed).toBe('false')
  })

  it('is the only failure when its operation fails', async () => {
    configure()
    scenario.azure.setFaults([ends(NAMESPACE, 'Failed')])
    const { failure } = await scenario.run()
    expect(failure).toContain('create Device Registry namespace')
    expect(failure).not.toContain('IoT hub')
    for (const type of ['IotHubs', 'provisioningServices', 'credentials'])
      expect(scenario.all(type)).toEqual([])
  })

  it('has a refusal for want of rights told at once', async () => {
    configure()
    const denied = { error: { code: 'RequestDisallowedByPolicy', message: 'Not here.' } }
    scenario.azure.setFaults([
      { method: 'PUT', path: '/IotHubs/', effect: { kind: 'answer', status: 403, body: denied } }
    ])
    const { failure, requests } = await scenario.run()
    expect(failure).toContain('RequestDisallowedByPolicy')
    expect(
      requests.filter(({ method, url }) => method === 'PUT' && /IotHubs/.test(url))
    ).toHaveLength(1)
  })
})
