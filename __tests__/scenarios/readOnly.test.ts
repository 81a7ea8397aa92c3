import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const PLANNER = '77777777-1111-4111-8111-111111111111'
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The roles, and the subjects of jobs, that the README gives the identity. */
const READERS = [
  ...readme.matchAll(/"\$PLAN_PRINCIPAL" [^\n]*\n {2}--role ("[^"]*"|\S+) --scope/g)
].map(([, role = '']) => role.replaceAll('"', ''))
const SUBJECTS = [/repo:OWNER\/REPO:environment:iot-plan/, /repo:OWNER\/REPO:pull_request/].map(
  (subject) => (subject.exec(readme)?.[0] ?? '').replace('OWNER/REPO', 'octo-org/octo-repo')
)
const [PLAN_SUBJECT = ''] = SUBJECTS

/** The identity of jobs that only look, beside the deploying one, and a job that can sign in as it alone. */
function planner(roles: readonly string[], subject = PLAN_SUBJECT): void {
  const scope = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
  scenario.configure({
    github: { subject },
    identities: [
      {
        clientId: PLANNER,
        objectId: '88888888-1111-4111-8111-111111111111',
        grants: roles.map((role) => ({ role, scope })),
        federatedCredentials: [
          {
            issuer: 'https://token.actions.githubusercontent.com',
            subject,
            audiences: ['api://AzureADTokenExchange']
          }
        ]
      }
    ]
  })
}

const look = (operation: 'plan' | 'verify', inputs: Readonly<Record<string, string>> = {}) =>
  scenario.run({ operation, 'client-id': PLANNER, ...inputs })

describe('the read-only identity of the README', () => {
  it('has two roles, and none that writes', () => {
    expect(READERS).toEqual(['Reader', 'Device Provisioning Service Data Reader'])
  })

  it('makes the plan that the deploying identity makes, so that it can be approved', async () => {
    const digest = async (run: ReturnType<typeof look>) => (await run).outputs['plan-digest']
    const deployers = await digest(scenario.run({ operation: 'plan' }))
    planner(READERS)
    expect(await digest(look('plan'))).toBe(deployers)
  })

  it('plans what is not there, and says what it could not ask', async () => {
    planner(READERS)
    const run = await look('plan')
    expect([run.exitCode, run.failure]).toEqual([0, ''])
    const open = Object.values(run.plan).flatMap(({ kind, action, unchecked }) =>
      unchecked ? [[kind, action, unchecked]] : []
    )
    const mayGrant = ['whether the deploying identity may grant roles']
    expect(open).toEqual([
      ['Grant to the IoT Hub application', 'create', mayGrant],
      ['Roles of the identity on the namespace', 'create', mayGrant],
      ['IoT hub', 'create', ['whether its name is available']],
      ['Roles of the namespace on the hub', 'create', mayGrant],
      ['Device Provisioning Service', 'create', ['whether its name is available']]
    ])
    expect(run.log).toContain('not checked: whether its name is available')
    expect(run.summary).toContain('### Not checked')
    expect(run.summary).toContain('planned, 5 not checked')
    // It asks for two names and the keys of the DPS, and takes a refusal for an answer.
    expect(run.requests.filter(({ status }) => status === 403)).toHaveLength(3)
  })

  it.each(SUBJECTS)('plans and verifies what is there: %s', async (subject) => {
    await scenario.built()
    planner(READERS, subject)
    const plan = await look('plan', { 'fail-on-drift': 'true' })
    expect([plan.exitCode, plan.failure, plan.work]).toEqual([0, '', {}])
    expect(plan.summary).toContain('no changes in')
    const verify = await look('verify')
    expect([verify.exitCode, verify.failure]).toEqual([0, ''])
    expect(verify.summary).toContain('everything holds')
    expect(verify.result.checks.filter(({ unchecked }: { unchecked?: true }) => unchecked)).toEqual(
      []
    )
    expect(verify.result.checks).toContainEqual(
      expect.objectContaining({ what: 'is bound to the policy default', holds: true })
    )
  })

  it('sees drift of an enrollment group', async () => {
    await scenario.built()
    scenario.enrollmentGroup.body.credentialPolicyName = 'other'
    planner(READERS)
    expect((await look('plan')).work).toEqual({
      [`enrollment-group/${scenario.enrollmentGroup.body.enrollmentGroupId}`]: 'change'
    })
    expect((await look('verify')).failure).toContain('credentialPolicyName is other')
  })

  it('writes nothing, asked to apply', async () => {
    planner(READERS)
    const run = await scenario.run({ 'client-id': PLANNER })
    expect(run.exitCode).toBe(1)
    expect(scenario.azure.world.resources.size).toBe(0)
  })

  it('is all that its job can be: the deploying identity does not take the subject', async () => {
    planner(READERS)
    const run = await scenario.run({ operation: 'plan' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('AADSTS700213')
  })
})

describe('an identity with Reader alone', () => {
  it('plans all but the enrollment group, and names the role that reads it', async () => {
    await scenario.built()
    planner(['Reader'])
    const run = await look('plan')
    expect([run.exitCode, run.work]).toEqual([0, {}])
    const group = Object.values(run.plan).find(({ action }) => action === 'unknown')
    expect(group?.kind).toBe('Enrollment group')
    expect(run.log).toMatch(/::warning .*Device Provisioning Service Data Reader/)
    expect(run.log).not.toMatch(/Data Contributor|Access Control Administrator/)
    expect(run.summary).toContain('no changes, 1 not checked')
    expect(run.outputs['enrollment-group']).toBeUndefined()
  })

  it('plans all but the enrollment group where Entra gives no token for a DPS', async () => {
    await scenario.built()
    planner(READERS)
    const text = 'AADSTS500011: The resource principal was not found in the tenant.'
    const body = { error: 'invalid_resource', error_description: text, error_codes: [500011] }
    const effect = { kind: 'answer', status: 400, body } as const
    // The first token is for Azure Resource Manager, the second for the DPS.
    const fault = { host: 'login.microsoftonline.com', path: '/token', nth: 2, times: 9, effect }
    scenario.azure.setFaults([fault])
    const run = await look('plan', { 'hub-app-grant': 'skip' })
    expect([run.exitCode, run.failure]).toEqual([0, ''])
    expect(Object.values(run.plan).map(({ action }) => action)).toContain('unknown')
  })

  it('fails where a plan that is not known to be empty has to be', async () => {
    await scenario.built()
    planner(['Reader'])
    const run = await look('plan', { 'fail-on-drift': 'true' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('Whether Azure differs is not known everywhere')
    expect(run.failure).not.toContain('Azure differs from the inputs')
  })

  it('does not take what it could not check for a success of verify', async () => {
    await scenario.built()
    planner(['Reader'])
    const run = await look('verify')
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('1 check could not be made')
    expect(run.failure).toContain('NOT CHECKED')
    expect(run.failure).toContain('"Device Provisioning Service Data Reader"')
    expect(run.failure).not.toContain('not hold')
    const phases = 'identity,namespace,certificates,hub,dps,sync'
    expect((await look('verify', { phases })).exitCode).toBe(0)
  })
})

describe('a run that writes', () => {
  it('ends where it may not read the enrollment group', async () => {
    await scenario.built()
    const scope = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
    scenario.configure({ deployer: { grants: [{ role: 'Contributor', scope }] } })
    const run = await scenario.run({ 'enrollment-auth': 'entra' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('Device Provisioning Service Data Contributor')
  })
})
