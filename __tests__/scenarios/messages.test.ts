import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { INPUTS, Scenario, SWEEP } from './scenario.ts'

// Messages that once sent their reader elsewhere.
const scenario = new Scenario()
const SWEEP_BRANCHES = {
  ...SWEEP,
  'sweep-gone-branches': 'true',
  'github-token': 'ghs_emulated'
}

const meet = (where: Omit<Fault, 'effect'>, effect: Fault['effect']) =>
  scenario.azure.setFaults([{ ...where, times: 999, effect }])

describe('GitHub', () => {
  it('that does not tell of the repository is named, with the call and the permission', async () => {
    await scenario.built()
    scenario.set('resourceGroups', 'tags.iot-branch', 'feature/gone')
    const body = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' }
    meet({ host: 'api.github.com' }, { kind: 'answer', status: 404, body })
    const run = await scenario.step(SWEEP_BRANCHES)
    expect(run.exitCode).toBe(1)
    for (const text of [
      'GitHub said Not Found (HTTP 404) to GET https://api.github.com/repos/octo-org/octo-repo',
      'permissions: contents: read'
    ])
      expect(run.failure).toContain(text)
    expect(run.writes).toEqual([])
  })
})

describe('GitHub, behind a proxy that wants to be signed in to', () => {
  it('is told like any other', async () => {
    await scenario.built()
    scenario.set('resourceGroups', 'tags.iot-branch', 'feature/gone')
    meet({ host: 'api.github.com' }, { kind: 'tunnel', status: 407 })
    const run = await scenario.step(SWEEP_BRANCHES)
    expect(run.failure).toMatch(/GitHub did not answer GET https:.*A proxy requires a sign-in/s)
    expect(run.failure).toContain(`The proxy is ${scenario.azure.env.HTTPS_PROXY}`)
  })
})

describe('what stands between', () => {
  const hosts = [
    'pipelines.actions.githubusercontent.com',
    'login.microsoftonline.com',
    'management.azure.com'
  ]

  it.each(hosts)('a proxy that wants to be signed in to, on the way to %s', async (host) => {
    meet({ host }, { kind: 'tunnel', status: 407 })
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toMatch(/A proxy requires a sign-in.*user:password@proxy:8080/s)
    expect(run.failure).toContain(`The proxy is ${scenario.azure.env.HTTPS_PROXY}`)
    expect(run.failure).not.toMatch(
      /status\.com|status\.microsoft|407 \(HTTP 407\)|nothing that can/
    )
    // Each of the requests that are sent side by side is refused once.
    expect(run.requests.filter(({ status }) => status === 407).length).toBeLessThan(16)
  })

  it('a certificate that Node does not know', async () => {
    const run = await scenario.run({}, { env: { NODE_EXTRA_CA_CERTS: '' } })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('NODE_EXTRA_CA_CERTS')
    expect(run.failure).toContain(
      'No answer to GET https://pipelines.actions.githubusercontent.com'
    )
    expect(run.failure).not.toContain('githubstatus')
    // No waiting ends it.
    expect(run.log).not.toContain('attempt 2')
  })

  it('a connection to Entra that breaks', async () => {
    meet({ host: 'login.microsoftonline.com' }, { kind: 'reset', when: 'before' })
    const run = await scenario.run()
    expect(run.failure).toMatch(/No answer to (GET|POST) https:\/\/login.microsoftonline.com/)
    expect(run.failure).not.toContain('aka.ms')
  })

  it('a page with status 200 is told once, and not as Azure’s word', async () => {
    meet({ path: '/userAssignedIdentities/' }, { kind: 'html' })
    const run = await scenario.run()
    expect(run.failure).toContain('The answer was HTTP 200: an answer that is not JSON (text/html)')
  })

  it('an address without TLS, in a list of our own client and of Microsoft’s', async () => {
    await scenario.built()
    const nextLink = 'http://management.azure.com/subscriptions/x?api-version=1'
    for (const path of ['/roleAssignments\\?', '/provisioningServices/[^/]+/listkeys']) {
      meet({ path }, { kind: 'answer', status: 200, body: { value: [], nextLink } })
      const run = await scenario.run({ operation: 'plan' })
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('#foreignaddress')
      expect(run.failure).toContain('http://management.azure.com, which is not')
      expect(run.failure).not.toContain('Bearer token')
    }
  })
})

describe('keys that are empty', () => {
  const KEYS = '/IotHubKeys/[^/]+/listkeys'

  it('of a hub that was made just now are waited for', async () => {
    const body = { keyName: 'iothubowner', primaryKey: '', secondaryKey: '', rights: 'x' }
    const effect = { kind: 'answer', status: 200, body } as const
    scenario.azure.setFaults([{ path: KEYS, times: 2, effect }])
    expect((await scenario.run()).exitCode).toBe(0)
  })

  it('of a hub are told as such', async () => {
    const body = { keyName: 'iothubowner', primaryKey: '', secondaryKey: '', rights: 'x' }
    meet({ path: KEYS }, { kind: 'answer', status: 200, body })
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toMatch(
      /not told the key of its policy iothubowner of IoT hub .*\/IotHubs\/hub-test/
    )
    expect(run.failure).toContain('az iot hub policy renew-key --hub-name hub-test')
    expect(run.failure).not.toContain('400020')
  })
})

describe('a right that is missing', () => {
  const objectId = () => '0e91d5b8-2c47-4f7d-b7b0-9f4d3c2a1b44'
  const subscription = () => `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
  /** In Azure's words. */
  const refusal = (action: string, scope: string) => ({
    error: {
      code: 'AuthorizationFailed',
      message: `The client 'x' with object id '${objectId()}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`
    }
  })
  it('is named with its scope and the command, once Azure has confirmed that it is missing', async () => {
    scenario.configure({ deployer: { grants: [{ role: 'Reader', scope: subscription() }] } })
    const run = await scenario.run({ phases: 'identity' })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('Microsoft.Resources/subscriptions/resourceGroups/write')
    expect(run.failure).toContain(
      `none of the roles of the deploying identity (object id ${objectId()})`
    )
    expect(run.failure).toContain(
      `az role assignment create --assignee-object-id ${objectId()} --assignee-principal-type ServicePrincipal --role "Contributor" --scope ${subscription()}`
    )
  })

  it('and is there all the same points to what else forbids it', async () => {
    const body = refusal('Microsoft.Devices/IotHubs/write', `${subscription()}/resourceGroups/mine`)
    meet({ method: 'PUT', path: '/IotHubs/' }, { kind: 'answer', status: 403, body })
    const run = await scenario.run()
    expect(run.failure).toContain('do allow `Microsoft.Devices/IotHubs/write`')
    expect(run.failure).not.toContain('az role assignment create')
    expect(run.failure).toContain('az role assignment list')
  })

  it.each([
    ['destroy', { operation: 'destroy', confirm: 'test', location: '' }],
    ['sweep', SWEEP_BRANCHES]
  ])('is explained to a %s as well', async (_operation, inputs) => {
    await scenario.built()
    scenario.set('resourceGroups', 'tags.iot-expires', '2020-01-01T00:00:00Z')
    scenario.configure({
      deployer: {
        grants: [
          { role: 'Contributor', scope: subscription() },
          { role: 'User Access Administrator', scope: subscription() }
        ]
      }
    })
    const where = { method: 'DELETE', times: 999 }
    const effect = (what: string) =>
      ({ kind: 'answer', status: 403, body: refusal(what, subscription()) }) as const
    scenario.azure.setFaults([
      { ...where, path: '/IotHubs/', effect: effect('Microsoft.Devices/IotHubs/Delete') },
      { ...where, path: '/', effect: effect('Microsoft.Blueprint/blueprintAssignments/write') }
    ])
    const run = await scenario.step({ ...INPUTS, ...inputs })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('do allow `Microsoft.Devices/IotHubs/Delete`')
  })

  it('to grant roles reads as a sentence, with the role that has it', async () => {
    const body = refusal(
      'Microsoft.Authorization/roleAssignments/write',
      `${subscription()}/resourceGroups/other/providers/x/y/z`
    )
    meet({ method: 'PUT', path: '/roleAssignments/' }, { kind: 'answer', status: 403, body })
    const run = await scenario.run()
    expect(run.failure).toMatch(/Could not grant .* on \/subscriptions\//)
    expect(run.failure).toContain('do allow `Microsoft.Authorization/roleAssignments/write`')
  })
})
