import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { pullRequest } from '../../scripts/trigger.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** The operations of a fresh apply that take their time, by what they make. */
const MAKING: Readonly<Record<string, Omit<Fault, 'effect'>>> = {
  namespace: { method: 'PUT', path: '/namespaces/[^/]+\\?' },
  credential: { method: 'PUT', path: '/credentials/default\\?' },
  policy: { method: 'PUT', path: '/policies/default\\?' },
  hub: { method: 'PUT', path: '/IotHubs/[^/]+\\?' },
  DPS: { method: 'PUT', path: '/provisioningServices/[^/]+\\?' },
  link: { method: 'PUT', path: '/provisioningServices/[^/]+\\?', nth: 2 }
}
const SYNC = { method: 'POST', path: '/synchronize\\?' } as const

function fault(where: Partial<Fault>, effect: Fault['effect']): void {
  scenario.azure.setFaults([{ ...where, effect }])
}

describe('a long-running operation that ends badly', () => {
  const cases = Object.keys(MAKING).flatMap((what) =>
    (['Failed', 'Canceled'] as const).map((end) => ({ what, end }))
  )

  it.each(cases)('$what, $end: Azure’s reason is told, and the next run makes it', async (one) => {
    const { what, end } = one
    const error = { code: 'StampExhausted', message: 'No stamp has room for it.' }
    fault(MAKING[what] ?? {}, { kind: 'operation', end, error })
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain(end === 'Failed' ? 'StampExhausted' : 'OperationCanceled')
    expect(run.failure).toContain('correlation id')
    scenario.azure.setFaults([])
    // Which looks at everything at its end.
    await scenario.apply()
  })

  it.each(['Failed', 'Canceled'] as const)('sync, %s: is begun again', async (end) => {
    fault(SYNC, { kind: 'operation', end })
    const run = await scenario.apply()
    expect(run.writes.filter((write) => write.endsWith('/synchronize')).length).toBeGreaterThan(1)
    expect((await scenario.apply()).writes).toEqual([])
  })

  it.each([
    ['hub', MAKING.hub],
    ['sync', SYNC]
  ])('%s, never: the deadline tells what Azure said last', async (_what, where) => {
    fault(where ?? {}, { kind: 'operation', end: 'never' })
    const run = await scenario.run({ 'timeout-minutes': '10' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('stopped after 10 minutes')
    expect(run.failure).toMatch(/Azure last answered .*operationResults.* with 20[02]/)
  })
})

describe('an answer that does not tell where its operation is to be followed', () => {
  it.each(Object.entries({ ...MAKING, sync: SYNC }))('%s', async (_what, where) => {
    fault(where, { kind: 'headless' })
    await scenario.apply()
  })

  it('of a destroy', async () => {
    const before = scenario.snapshot()
    await scenario.apply()
    scenario.azure.setFaults([{ method: 'DELETE', times: 100, effect: { kind: 'headless' } }])
    await scenario.apply({ operation: 'destroy', confirm: 'test', location: '' })
    expect(scenario.snapshot()).toEqual(before)
  })
})

describe('Azure Resource Manager', () => {
  it('that throttles with a bucket is waited for as long as it asks', async () => {
    scenario.configure({
      throttle: {
        reads: { capacity: 10, perSecond: 0.1 },
        writes: { capacity: 2, perSecond: 0.05 }
      }
    })
    const run = await scenario.apply()
    expect(run.requests.map(({ status }) => status)).toContain(429)
    expect(run.log).toContain('HTTP 429')
  })

  it.each(['Microsoft.Devices', 'Microsoft.DeviceRegistry', 'Microsoft.Authorization'])(
    'without %s for half a minute',
    async (provider) => {
      scenario.azure.setFaults([
        { provider, nth: 3, lasts: 30_000, effect: { kind: 'answer', status: 503 } }
      ])
      const run = await scenario.apply()
      expect(run.requests.map(({ status }) => status)).toContain(503)
      scenario.azure.setFaults([])
      expect((await scenario.apply()).writes).toEqual([])
    }
  )

  it('that answers a few bytes at a time', async () => {
    scenario.azure.setFaults([{ times: 1000, effect: { kind: 'trickle', ms: 3_000 } }])
    await scenario.apply()
    scenario.azure.setFaults([])
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('whose reads lag behind its writes', async () => {
    scenario.configure({ latency: { readLag: 15_000, listLag: 15_000 } })
    await scenario.apply()
    scenario.configure({ latency: { readLag: 0 } })
    expect((await scenario.apply()).writes).toEqual([])
  })
})

describe('a failure that stays tells what it was about and what to do', () => {
  const cases: readonly (readonly [string, Fault, readonly string[]])[] = [
    [
      'broken connections',
      { path: '/IotHubs/', times: 999, effect: { kind: 'reset', when: 'before' } },
      ['No answer to GET https://management.azure.com/', '/IotHubs/hub-test', '#no-answer']
    ],
    [
      'a service that is down',
      { path: '/enrollmentGroups/', times: 999, effect: { kind: 'answer', status: 503 } },
      ['Could not read enrollment group', 'HTTP 503', '#http-5xx', 'correlation id']
    ],
    [
      'a sign-in that is down',
      { host: 'login.microsoftonline.com', times: 99, effect: { kind: 'answer', status: 503 } },
      ['Could not sign in', 'nothing that can be read', '#signinfailed']
    ],
    [
      'a sign-in that a proxy answers',
      { host: 'login.microsoftonline.com', times: 99, effect: { kind: 'html' } },
      ['Could not sign in', '#signinfailed']
    ]
  ]
  it.each(cases)('%s', async (_what, fault, texts) => {
    scenario.azure.setFaults([fault])
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    for (const text of texts) expect(run.failure).toContain(text)
    expect(run.failure).not.toContain('[object')
  })

  const unreadable: readonly (readonly [string, Fault['effect']])[] = [
    ['/userAssignedIdentities/', { kind: 'html' }],
    ['/userAssignedIdentities/', { kind: 'answer', status: 200 }],
    ['/userAssignedIdentities/', { kind: 'answer', status: 302 }],
    ['/checkNameAvailability', { kind: 'html' }],
    ['/namespaces/[^/]+\\?', { kind: 'html' }],
    ['/namespaces/[^/]+\\?', { kind: 'answer', status: 302 }],
    ['/namespaces/[^/]+\\?', { kind: 'answer', status: 200 }],
    ['/providers/Microsoft.Devices\\?', { kind: 'answer', status: 200, body: null }],
    ['/policies\\?', { kind: 'answer', status: 200, body: {} }],
    ['/policies\\?', { kind: 'answer', status: 200, body: { value: [], nextLink: 'http://' } }]
  ]
  it.each(unreadable)(
    'no answer of Azure’s, before anything is written: %s %j',
    async (path, effect) => {
      scenario.azure.setFaults([{ path, times: 999, effect }])
      const run = await scenario.run()
      expect([run.exitCode, run.writes]).toEqual([1, []])
      expect(run.failure).toMatch(
        /^Could not (read|check|list) .*\n(Azure said|The answer was) .*\nLikely cause/s
      )
      expect(run.failure).not.toMatch(/undefined|is not iterable|Invalid URL/)
    }
  )

  it('no answer of Azure’s to a request for keys', async () => {
    scenario.azure.setFaults([{ path: '/listkeys', times: 999, effect: { kind: 'html' } }])
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('read a key of IoT hub')
    expect(run.failure).toContain('#http-2xx-or-3xx')
  })

  it('Graph, which is only a warning', async () => {
    const effect = { kind: 'reset', when: 'before' } as const
    scenario.azure.setFaults([{ host: 'graph.microsoft.com', times: 999, effect }])
    expect((await scenario.apply()).log).toMatch(/::warning .*Microsoft Graph did not tell/)
  })

  it('GitHub, for whose comment nobody waits long', async () => {
    const hang = { kind: 'hang', when: 'before' } as const
    scenario.azure.setFaults([{ host: 'api.github.com', times: 999, effect: hang }])
    const token = { 'github-token': 'ghs_emulated', comment: 'true', operation: 'plan' }
    const run = await scenario.apply(token, { trigger: pullRequest(7) })
    expect(run.log).toMatch(/::warning title=No comment::/)
  })

  it('a lock on what is to be changed', async () => {
    const body = { error: { code: 'ScopeLocked', message: 'The scope is locked.' } }
    const effect = { kind: 'answer', status: 409, body } as const
    const path = '/provisioningServices/[^/]+\\?'
    scenario.azure.setFaults([{ method: 'PUT', path, nth: 2, times: 99, effect }])
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('#scopelocked')
    expect(run.requests.filter(({ status }) => status === 409)).toHaveLength(1)
  })

  it('a lock, which no waiting ends', async () => {
    await scenario.built()
    const body = { error: { code: 'ScopeLocked', message: 'The scope is locked.' } }
    const effect = { kind: 'answer', status: 409, body } as const
    scenario.azure.setFaults([{ method: 'DELETE', path: '/IotHubs/', times: 99, effect }])
    const run = await scenario.run({ operation: 'destroy', confirm: 'test', location: '' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('#scopelocked')
    expect(run.requests.filter(({ status }) => status === 409)).toHaveLength(1)
  })
})
