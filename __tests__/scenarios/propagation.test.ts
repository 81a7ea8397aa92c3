import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const MINUTE = 60_000

/** How often a request was answered with this code. */
function refusals(run: { requests: readonly { responseBody?: unknown }[] }, code: string): number {
  return run.requests.filter(({ responseBody }) =>
    JSON.stringify(responseBody ?? '').includes(code)
  ).length
}

describe('what Azure learns late is waited for', () => {
  it('a new identity that RBAC does not know yet: PrincipalNotFound', async () => {
    scenario.configure({ latency: { typedPrincipalReplication: MINUTE } })
    const run = await scenario.apply()
    expect(refusals(run, 'PrincipalNotFound')).toBeGreaterThan(0)
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('grants of the identity that hub and DPS do not see yet: IH400913', async () => {
    // Long enough for the log to tell of it, which it does once a minute, also where a slow machine takes its time.
    scenario.configure({ latency: { grantPropagation: 5 * MINUTE } })
    const run = await scenario.apply()
    expect(refusals(run, 'IH400913')).toBeGreaterThan(1)
    expect(run.log).toContain('Device Registry grants of the identity to take effect')
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('grants that the DPS data plane does not see yet: 403000', async () => {
    scenario.configure({ latency: { dpsGrantPropagation: 90_000 } })
    const run = await scenario.apply()
    expect(refusals(run, '403000')).toBeGreaterThan(0)
  })

  it.each([true, false])(
    'grants of the namespace that a sync does not see yet, failing: %s',
    async (synchronizeFails) => {
      scenario.configure({ synchronizeFails, latency: { grantPropagation: 3 * MINUTE } })
      const run = await scenario.apply()
      const syncs = run.writes.filter((write) => write.endsWith('/synchronize'))
      expect(syncs.length).toBeGreaterThan(1)
      expect((await scenario.apply()).writes).toEqual([])
    }
  )

  it('lists that lag behind', async () => {
    scenario.configure({ latency: { listLag: 20_000 } })
    await scenario.apply()
    expect((await scenario.apply()).writes).toEqual([])
  })
})

describe('a wait that leads nowhere ends', () => {
  it('with the grant that is missing, when an administrator has not made it', async () => {
    const run = await scenario.run({ 'role-assignments': 'skip' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('IH400913')
    expect(run.failure).toContain('Azure Device Registry Contributor')
    expect(run.failure).toContain('For support: correlation id')
    // What was made is told all the same.
    expect(run.outputs['namespace-id']).toBe(scenario.only('namespaces').id)
  })

  it('with the hub that lacks a certificate, when the namespace may not write to it', async () => {
    scenario.configure({ latency: { grantPropagation: 60 * MINUTE } })
    await scenario.run({ phases: 'identity, namespace, certificates' })
    for (const { secret } of scenario.azure.world.roleAssignments.values()) secret.effectiveAt = 0
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('did not bring every CA certificate to the hubs')
  })

  it('at the deadline, saying what it was waiting for', async () => {
    // The first half is there, so that even a busy machine has the hub under way by then.
    await scenario.built({ phases: 'identity, namespace, certificates' })
    scenario.configure({ latency: { hubCreate: 120 * MINUTE } })
    const run = await scenario.run({ 'timeout-minutes': '20' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('stopped after 20 minutes')
    expect(run.failure).toContain('IoT hub hub-test')
    scenario.configure({ latency: { hubCreate: 600 } })
  })
})
