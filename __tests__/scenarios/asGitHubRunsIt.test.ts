import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { deletion, pullRequest, push, schedule, type Trigger } from '../../scripts/trigger.ts'
import { PHASES } from '../../src/settings/settings.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** Inputs that the README calls required: those of the operation's row, and the ids that all need. */
function required(operation: string): readonly string[] {
  const row = (name: string): readonly string[] => {
    const [, needs = ''] =
      new RegExp(`^\\| \`${name}\` \\|[^|]*\\|([^|]*)\\|$`, 'm').exec(readme) ?? []
    const [, other] = /as `(\w+)`/.exec(needs) ?? []
    if (other) return row(other)
    return [...needs.matchAll(/`([a-z-]+)[:`]/g)].map(([, input]) => input as string)
  }
  return ['client-id', 'tenant-id', 'subscription-id', ...row(operation)]
}

/** A job whose workflow has no `env`, and a step whose `with` has those inputs alone. */
async function withOnlyRequired(operation: string, trigger: Trigger) {
  const {
    AZURE_CLIENT_ID: client = '',
    AZURE_TENANT_ID: tenant = '',
    AZURE_SUBSCRIPTION_ID: subscription = ''
  } = scenario.azure.env
  const values: Readonly<Record<string, string>> = {
    'client-id': client,
    'tenant-id': tenant,
    'subscription-id': subscription,
    environment: 'main',
    location: 'westeurope',
    confirm: operation === 'sweep' ? 'octo-org/octo-repo' : 'main'
  }
  const given = Object.fromEntries(required(operation).map((name) => [name, values[name] ?? '']))
  expect(Object.values(given)).not.toContain('')
  return scenario.step(
    { operation, ...given },
    { trigger, env: { AZURE_CLIENT_ID: '', AZURE_TENANT_ID: '', AZURE_SUBSCRIPTION_ID: '' } }
  )
}

describe('each operation runs with nothing but the inputs that the README calls required', () => {
  const triggers = {
    'a push': push('main'),
    'a pull request': pullRequest(7),
    'a schedule': schedule(),
    'a deleted branch': deletion('feature/login')
  }

  it.each(Object.entries(triggers))('on %s', async (_what, trigger) => {
    for (const operation of ['apply', 'plan', 'verify', 'sweep', 'destroy']) {
      const run = await withOnlyRequired(operation, trigger)
      expect([operation, run.exitCode, run.failure]).toEqual([operation, 0, ''])
    }
    expect(scenario.all('resourceGroups')).toEqual([])
  })

  it('and with every default of action.yml written out', async () => {
    const inputs = { phases: 'all', adopt: 'false', 'fail-on-drift': 'false', operation: 'destroy' }
    const run = await scenario.run({ ...inputs, confirm: 'test' })
    expect([run.exitCode, run.failure]).toEqual([0, ''])
  })

  it('while an input that would change something is still refused', async () => {
    const run = await scenario.run({ operation: 'destroy', confirm: 'test', phases: 'hub' })
    expect(run.failure).toContain('phases: has no meaning with operation: destroy')
    expect(run.requests).toEqual([])
  })
})

describe('phase by phase', () => {
  it('the seven phases, one run each, end as one run of all', async () => {
    await scenario.apply()
    const whole = scenario.shape()
    scenario.azure.reset()
    for (const phase of PHASES) {
      const run = await scenario.apply({ phases: phase })
      expect([phase, run.outputs.changed]).toEqual([phase, 'true'])
    }
    expect(scenario.shape()).toEqual(whole)
    expect((await scenario.apply()).writes).toEqual([])
  })

  // Lists lag by seconds to minutes (contract 20.2): a grant that was made just now is missing in the next list.
  it('identity alone, on five new environments in a row, while lists lag', async () => {
    scenario.configure({ latency: { listLag: 12_000 } })
    for (const environment of ['a', 'b', 'c', 'd', 'e']) {
      const run = await scenario.apply({ environment, phases: 'identity' })
      expect(run.plan['grant/iot-hub-application']?.action).toBe('create')
      expect(run.log).toMatch(/ok +Grant to the IoT Hub application .* is granted to/)
    }
  })

  it('an optional grant that Azure refuses is a warning, not a failure', async () => {
    const effect = {
      kind: 'answer',
      status: 403,
      body: { error: { code: 'RoleAssignmentBlocked', message: 'A policy forbids it.' } }
    } as const
    scenario.azure.setFaults([
      {
        method: 'PUT',
        path: '/resourceGroups/[^/]+/providers/Microsoft.Authorization/',
        times: 99,
        effect
      }
    ])
    const run = await scenario.run({ phases: 'identity' })
    expect([run.exitCode, run.failure]).toEqual([0, ''])
    expect(run.log).toMatch(/::warning .*RoleAssignmentBlocked/)
  })
})
