import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const HOUR = 3_600_000

const asksFor = (where: Partial<Fault>, status = 429): Fault => ({
  ...where,
  effect: { kind: 'answer', status, headers: { 'retry-after': '3600' } }
})

describe('Retry-After: 3600', () => {
  it('on a poll does not slow the run down', async () => {
    const latency = { namespaceWrite: 60_000, hubCreate: 120_000, dpsCreate: 120_000 }
    scenario.configure({ retryAfter: 3600, latency })
    const run = await scenario.apply({ 'timeout-minutes': '30' })
    const polls = run.requests.filter(({ responseHeaders }) => 'retry-after' in responseHeaders)
    expect(polls.length).toBeGreaterThan(5)
  })

  it.each<[string, Partial<Fault>, Record<string, string>]>([
    ['Resource Manager', { host: 'management.azure.com', method: 'PUT' }, {}],
    ["Microsoft's own clients", { path: '/userAssignedIdentities/', method: 'GET' }, {}],
    ['a DPS', { path: '/enrollmentGroups/' }, {}],
    ['Microsoft Entra', { host: 'login.microsoftonline.com' }, {}],
    ['Graph', { host: 'graph.microsoft.com' }, { 'hub-app-grant': 'required' }]
  ])(
    'of %s ends the run with the time to run again, by the clock of Azure',
    async (_what, where, inputs) => {
      scenario.configure({ clockSkewMs: 5 * HOUR })
      scenario.azure.setFaults([asksFor(where)])
      const run = await scenario.run(inputs)
      expect(run.exitCode).toBe(1)
      const [, time] =
        /Azure asks to wait 60 minutes; run again after (\d\d:\d\d) UTC/.exec(run.failure) ?? []
      const refused = run.requests.find(({ status }) => status === 429)
      const until = Date.parse(refused?.responseHeaders.date ?? '') + HOUR
      const minute = new Date(Math.ceil(until / 60_000) * 60_000).toISOString()
      expect(minute).toContain(`T${time}`)
    }
  )

  it('of a creation that is looked after when its fate is unknown is no different', async () => {
    const where = { method: 'PUT', path: '/IotHubs/[^/]+[?]' }
    scenario.azure.setFaults([asksFor(where, 503)])
    const run = await scenario.run()
    expect(run.failure).toContain('Azure asks to wait 60 minutes; run again')
    expect(run.writes.filter((one) => /PUT .*IotHubs\/[^/]+$/.test(one))).toHaveLength(1)
  })

  it('with 503 is the same, and less than a quarter of an hour is waited for', async () => {
    const where = { host: 'management.azure.com', method: 'GET' }
    scenario.azure.setFaults([asksFor(where, 503)])
    expect((await scenario.run()).failure).toContain('Azure asks to wait 60 minutes; run again')
    const effect = { kind: 'answer', status: 503, headers: { 'retry-after': '600' } } as const
    scenario.azure.setFaults([{ ...where, effect }])
    await scenario.apply()
  })
})
