import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { Scenario } from './scenario.ts'

// A 403 that is none of Azure's, and a sign-in that nobody refused, tell nothing of what the identity may do.
const scenario = new Scenario(200)
const ENTRA = 'login.microsoftonline.com'
const PAGE = {
  kind: 'answer',
  status: 403,
  headers: { 'content-type': 'text/html' },
  body: '<html>The proxy says no.</html>'
} as const
const BUSY = {
  kind: 'answer',
  status: 503,
  body: {
    error: 'temporarily_unavailable',
    error_description: 'AADSTS90033: A transient error has occurred.',
    error_codes: [90033]
  }
} as const

const meet = (where: Omit<Fault, 'effect'>, effect: Fault['effect']) =>
  scenario.azure.setFaults([{ ...where, times: 999, effect }])

describe('a proxy that refuses', () => {
  it.each([
    ['the enrollment group', { path: '^/enrollmentGroups' }],
    ['the keys of the DPS', { path: '/provisioningServices/[^/]+/listkeys' }],
    ['the locks', { path: '/Microsoft.Authorization/locks' }],
    ['what the identity may do', { path: '/permissions\\?' }]
  ])('%s ends a run, and is named as what it is', async (_what, where) => {
    await scenario.built()
    // The first makes plan ask for locks and permissions: it has something to make.
    scenario.remove(scenario.only('IotHubs').id)
    meet(where, PAGE)
    const destroy = { operation: 'destroy', confirm: 'test', location: '' }
    const run = await scenario.run(where.path.includes('locks') ? destroy : { operation: 'plan' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('HTTP 403: an answer that is not JSON (text/html)')
    expect(run.log).not.toMatch(/may not read it/)
  })

  it('the list of hubs does not make the namespace one that nobody uses', async () => {
    const group = { 'resource-group': 'rg-test' }
    await scenario.built(group)
    meet({ path: '^/subscriptions/[^/]+/providers/Microsoft.Devices/IotHubs\\?' }, PAGE)
    const inputs = { ...group, operation: 'destroy', confirm: 'test', location: '' }
    const run = await scenario.run(inputs)
    expect(run.exitCode).toBe(1)
    expect(scenario.all('namespaces')).toHaveLength(1)
    expect(run.failure).toContain('an answer that is not JSON')
  })
})

describe('Entra that gives no token for a DPS', () => {
  it.each([
    ['as it is busy', BUSY],
    ['as the connection breaks', { kind: 'reset', when: 'before' } as const]
  ])('%s ends a run that only looks', async (_why, effect) => {
    await scenario.built()
    const inputs = { operation: 'plan', 'hub-app-grant': 'skip', 'enrollment-auth': 'entra' }
    meet({ host: ENTRA, path: '/token', nth: 2 }, effect)
    const run = await scenario.run(inputs)
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('Could not sign in')
    expect(run.log).not.toMatch(/may not read it/)
  })
})
