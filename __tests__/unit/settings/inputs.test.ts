import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { INPUTS } from '../../../src/settings/inputs.ts'
import { InputError, type Problem } from '../../../src/settings/problems.ts'
import { PHASES } from '../../../src/settings/settings.ts'
import { anyCharacter } from './anyCharacter.ts'
import { CLIENT, REQUIRED, RUNNER, reader, readOne, SUBSCRIPTION, TENANT } from './fakeInputs.ts'

const read = (
  inputs: Record<string, string> = {},
  env: Record<string, string | undefined> = RUNNER
) => readOne(reader({ ...REQUIRED, ...inputs }, env))

function problemsOf(
  inputs: Record<string, string>,
  env: Record<string, string | undefined> = RUNNER
): readonly Problem[] {
  try {
    readOne(reader({ ...REQUIRED, ...inputs }, env))
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

/** `input: rule` of every problem. */
const rulesOf = (inputs: Record<string, string>, env?: Record<string, string | undefined>) =>
  problemsOf(inputs, env).map(({ input, rule }) => `${input}: ${rule}`)

const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups`
const role = 'Microsoft.Authorization/roleDefinitions'
const guid = '44444444-4444-4444-4444-44444444444a'

describe('a first user', () => {
  it('gets everything else by default', () => {
    expect(read({ location: 'West Europe' })).toEqual({
      operation: 'apply',
      dryRun: false,
      phases: PHASES,
      timeoutMinutes: 60,
      concurrency: 16,
      summary: true,
      failOnDrift: false,
      comment: false,
      githubToken: undefined,
      signIn: {
        credential: 'oidc',
        clientId: CLIENT,
        tenantId: TENANT,
        subscriptionId: SUBSCRIPTION,
        cloud: 'AzureCloud',
        audience: 'api://AzureADTokenExchange'
      },
      environment: {
        name: 'main',
        subscriptionId: SUBSCRIPTION,
        group: {
          id: `${group}/rg-iot-main-nr8h8nwepd`,
          name: 'rg-iot-main-nr8h8nwepd',
          resourceGroup: 'rg-iot-main-nr8h8nwepd',
          given: false
        },
        location: 'westeurope',
        identity: {
          id: `${group}/rg-iot-main-nr8h8nwepd/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-iot-main-nr8h8nwepd`,
          name: 'id-iot-main-nr8h8nwepd',
          resourceGroup: 'rg-iot-main-nr8h8nwepd',
          given: false
        },
        namespace: {
          id: `${group}/rg-iot-main-nr8h8nwepd/providers/Microsoft.DeviceRegistry/namespaces/adr-main-nr8h8nwepd`,
          name: 'adr-main-nr8h8nwepd',
          resourceGroup: 'rg-iot-main-nr8h8nwepd',
          given: false
        },
        certificates: true,
        policies: [{ name: 'default', leafValidityDays: 30 }],
        hubs: [
          {
            id: `${group}/rg-iot-main-nr8h8nwepd/providers/Microsoft.Devices/IotHubs/hub-main-nr8h8nwepd`,
            name: 'hub-main-nr8h8nwepd',
            resourceGroup: 'rg-iot-main-nr8h8nwepd',
            given: false,
            location: 'westeurope'
          }
        ],
        dps: {
          id: `${group}/rg-iot-main-nr8h8nwepd/providers/Microsoft.Devices/provisioningServices/dps-main-nr8h8nwepd`,
          name: 'dps-main-nr8h8nwepd',
          resourceGroup: 'rg-iot-main-nr8h8nwepd',
          given: false
        },
        enrollmentGroups: [{ name: 'enroll-main-nr8h8nwepd', policy: 'default' }],
        grants: {
          manage: true,
          hubApp: 'optional',
          hubAppObjectId: undefined,
          onboarding: true,
          hubRoleDefinitionId: undefined,
          issueCertificates: true,
          registerDevices: true
        },
        enrollmentAuth: 'auto',
        adopt: false,
        linkExisting: false,
        destroyDevices: false,
        ownership: {
          repository: 'octo/thermostat',
          repositoryId: '4711',
          environment: 'main',
          host: 'github.com',
          branch: { livesWith: 'main' }
        },
        expiresAfter: undefined,
        tags: {}
      },
      model: {
        version: 'auto',
        only: { '2026-11-01': [], '2025-11-01-preview': [] },
        doubts: []
      },
      warnings: []
    })
  })

  it('may leave the region out, which is needed only to create', () => {
    const { environment } = read()
    expect(environment.location).toBeUndefined()
    expect(environment.hubs[0]?.location).toBeUndefined()
  })
})

describe('problems', () => {
  it('are told all at once, one a line', () => {
    const inputs = {
      'timeout-minutes': '1h',
      'dry-run': 'yes',
      phases: 'hub, dpss',
      hub: '-bad-',
      locaton: 'westeurope'
    }
    expect(() => read(inputs)).toThrow(
      new InputError([
        {
          input: 'phases',
          value: '"dpss"',
          rule: 'must be all or a list of identity, namespace, certificates, hub, dps, sync, enrollment (did you mean dps?)'
        },
        { input: 'dry-run', value: '"yes"', rule: 'must be true or false' },
        { input: 'timeout-minutes', value: '"1h"', rule: 'must be a whole number from 1 to 360' },
        {
          input: 'hub',
          value: '"-bad-"',
          rule: 'must be 3 to 50 characters: letters, digits and hyphens, no hyphen at either end, not digits alone'
        },
        {
          input: 'locaton',
          value: undefined,
          rule: 'unknown input; did you mean location? (If it is a variable of the job, rename INPUT_LOCATON)'
        }
      ])
    )
    expect(() => read({ 'dry-run': 'yes', concurrency: '0' })).toThrow(
      'The inputs have 2 problems:\n- dry-run: "yes": must be true or false\n- concurrency: "0": must be a whole number from 1 to 32'
    )
  })

  it('of nothing at all name all that is missing', () => {
    expect(() => readOne(reader({}, {}))).toThrow(
      [
        'The inputs have 6 problems:',
        '- client-id: missing: it is required with credential: oidc, here or as AZURE_CLIENT_ID',
        '- tenant-id: missing: it is required, here or as AZURE_TENANT_ID',
        '- subscription-id: missing: it is required, here or as AZURE_SUBSCRIPTION_ID',
        '- GITHUB_REPOSITORY: missing: the runner sets it in every workflow run, and the action uses it to tell whose a resource is; set it when you run this elsewhere',
        '- GITHUB_REPOSITORY_ID: missing: the runner sets it in every workflow run, and the action uses it to tell whose a resource is; set it when you run this elsewhere',
        '- environment: missing: it is required'
      ].join('\n')
    )
  })

  it.each([
    ['client-id', 'Zq38Q~abcdefghijklmnopqrstuvwxyz0123456'],
    ['client-id', '{"clientId":"1","clientSecret":"hush"}'],
    ['hub', 'HostName=h;SharedAccessKey=aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd28='],
    ['location', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'],
    ['audience', 'eyJhbGciOiJub25lIn0.e30.\u0007'],
    ['tags', '<key>=hush-hush']
  ])('in %s do not show what may be a secret', (input, secret) => {
    const inputs = { [input]: secret }
    expect(problemsOf(inputs)).toHaveLength(1)
    const told = JSON.stringify(problemsOf(inputs))
    expect(told).not.toContain(secret.slice(-8))
    expect(told).not.toContain(secret.slice(0, 8))
  })

  it('show a value on one line and cut, so that it cannot pose as a workflow command', () => {
    const [problem] = problemsOf({ hub: `a\n::set-output name=x::${'y'.repeat(500)}` })
    expect(problem?.value).toMatch(/^"a\\n::set-output [^\n]{1,120}…"$/)
  })
})

describe('sign-in', () => {
  it('falls back to the AZURE_ variables and says so when one is wrong', () => {
    const ids = { 'client-id': '', 'tenant-id': ' ', 'subscription-id': '' }
    const env = {
      ...RUNNER,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_TENANT_ID: TENANT,
      AZURE_SUBSCRIPTION_ID: 'ABCDEFAB-1111-1111-1111-111111111111'
    }
    expect(read(ids, env).signIn).toMatchObject({
      clientId: CLIENT,
      tenantId: TENANT,
      subscriptionId: 'abcdefab-1111-1111-1111-111111111111'
    })
    expect(problemsOf(ids, { ...env, AZURE_TENANT_ID: 'abc' })).toEqual([
      {
        input: 'tenant-id (from AZURE_TENANT_ID)',
        value: '"abc"',
        rule: 'must be a GUID, as in 00000000-0000-0000-0000-000000000000'
      }
    ])
  })

  it.each([
    ['AzureUSGovernment', 'api://AzureADTokenExchangeUSGov'],
    ['AzureChinaCloud', 'api://AzureADTokenExchangeChina']
  ])('takes the audience of %s', (cloud, audience) => {
    expect(read({ cloud }).signIn).toMatchObject({ audience })
    expect(read({ cloud, audience: 'api://mine' }).signIn).toMatchObject({ audience: 'api://mine' })
  })

  it('needs a client id for oidc only', () => {
    const credential = 'managed-identity'
    expect(read({ 'client-id': '', credential }).signIn).toMatchObject({ clientId: undefined })
    expect(read({ credential }).signIn).toMatchObject({ clientId: CLIENT })
    const env = { ...RUNNER, AZURE_CLIENT_ID: CLIENT }
    const cli = { 'client-id': '', credential: 'azure-cli' }
    expect(read(cli, env).signIn).not.toHaveProperty('clientId')
    expect(rulesOf({ credential: 'azure-cli', audience: 'api://x' })).toEqual([
      'audience: applies only with credential: oidc; remove it',
      'client-id: has no meaning with credential: azure-cli, which is signed in; remove it'
    ])
  })
})

describe('the run', () => {
  it('takes phases by comma or line, in the order of the tutorial', () => {
    expect(read({ phases: 'sync,\n hub\r\nidentity,' }).phases).toEqual(['identity', 'hub', 'sync'])
    expect(rulesOf({ phases: 'all, hub' })).toEqual(['phases: must stand alone'])
    expect(rulesOf({ phases: 'hub, hub' })).toEqual(['phases: is given twice'])
    expect(rulesOf({ phases: ',' })[0]).toMatch(/^phases: must be all or a list of/)
  })

  it.each(['true', 'True', 'TRUE'])('takes %s for true', (text) => {
    expect(read({ 'dry-run': text }).dryRun).toBe(true)
    expect(read({ adopt: text }).environment.adopt).toBe(true)
  })

  it.each(['tRUE', '1', 'yes', 'on', 'truee', '"true"'])(
    'does not take %s for a boolean',
    (text) => {
      expect(rulesOf({ 'dry-run': text })).toEqual(['dry-run: must be true or false'])
    }
  )

  it.each(['30 min', '0x10', '1e2', '1.0', '-1', '+5', '0', '361', '9'.repeat(400), '١'])(
    'does not take %s for minutes',
    (text) => {
      expect(rulesOf({ 'timeout-minutes': text })).toEqual([
        'timeout-minutes: must be a whole number from 1 to 360'
      ])
    }
  )

  it('knows five operations', () => {
    expect(rulesOf({ operation: 'aply' })).toEqual([
      'operation: must be apply, plan, verify, destroy or sweep (did you mean apply?)'
    ])
  })
})

describe('unknown inputs', () => {
  it.each([
    ['dry_run', 'dry-run'],
    ['dry run', 'dry-run'],
    ['tag', 'tags'],
    ['resourcegroup', 'resource-group'],
    ['polices', 'policies']
  ])('%s is a typo of %s', (typo, meant) => {
    const [problem] = problemsOf({ [typo]: 'x' })
    expect(problem?.rule).toContain(`did you mean ${meant}?`)
  })

  it('without a likeness are still refused', () => {
    expect(rulesOf({ zzzzzzzzz: 'x', 'sku-capacity-units': '2' })).toHaveLength(2)
  })

  it('are not confused with variables that a workflow hands to its scripts', () => {
    expect(rulesOf({ RELEASE_CHANNEL_FOR_SCRIPTS: 'x' })).toEqual([])
  })
})

describe('the environment', () => {
  it('normalises regions, and the hub may have its own', () => {
    const { environment } = read({ location: ' North Europe ', 'hub-location': 'EastUS2' })
    expect(environment.location).toBe('northeurope')
    expect(environment.hubs[0]?.location).toBe('eastus2')
    expect(rulesOf({ location: 'west-europe' })).toEqual([
      'location: must be an Azure region, as in westeurope'
    ])
  })

  it('takes given names over derived ones', () => {
    const { environment } = read({
      'resource-group': 'RG.1',
      hub: 'myhub',
      'enrollment-group': 'g:1'
    })
    expect(environment.group.id).toBe(`${group}/RG.1`)
    expect(environment.hubs[0]?.id).toBe(`${group}/RG.1/providers/Microsoft.Devices/IotHubs/myhub`)
    expect(environment.enrollmentGroups).toEqual([{ name: 'g:1', policy: 'default' }])
  })

  it('takes full ids, in any case and from any group', () => {
    const id = `/SUBSCRIPTIONS/${SUBSCRIPTION}/resourcegroups/shared/providers/microsoft.devices/provisioningservices/theDps`
    expect(read({ dps: id }).environment.dps).toEqual({
      byId: true,
      id: `${group}/shared/providers/Microsoft.Devices/provisioningServices/theDps`,
      name: 'theDps',
      resourceGroup: 'shared',
      given: true
    })
  })

  it('refuses ids of another type, another subscription, and with illegal names', () => {
    const devices = `${group}/shared/providers/Microsoft.Devices`
    const other = devices.replace(SUBSCRIPTION, TENANT)
    expect(
      rulesOf({
        hub: `${devices}/provisioningServices/x`,
        dps: `${other}/provisioningServices/some-dps`,
        namespace: `${group}/g/providers/Microsoft.DeviceRegistry/namespaces/Upper`,
        identity: `${group}/g`
      })
    ).toEqual([
      'identity: must be a name or /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME',
      'namespace: its names break a rule: must be 3 to 64 characters: lower-case letters, digits and hyphens, no hyphen at either end',
      'hub: must be a name or /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Devices/IotHubs/NAME',
      `dps: must be in the subscription of subscription-id, ${SUBSCRIPTION}`
    ])
  })

  it('must fit on one line and into a tag', () => {
    expect(rulesOf({ environment: 'x'.repeat(257) })).toEqual([
      'environment: must be one line of at most 256 characters'
    ])
    expect(rulesOf({ environment: 'a\nb' })).toHaveLength(1)
  })
})

describe('grants', () => {
  const id = `/subscriptions/${SUBSCRIPTION}/providers/${role}/${guid}`

  it.each([guid, guid.toUpperCase(), id, `/providers/${role}/${guid}`])(
    'makes %s a full id',
    (text) => {
      const { grants } = read({ 'hub-role-definition-id': text }).environment
      expect(grants.hubRoleDefinitionId).toBe(id)
    }
  )

  it('refuses another subscription, no role definition and contradictions', () => {
    const elsewhere = id.replace(SUBSCRIPTION, TENANT)
    expect(rulesOf({ 'hub-role-definition-id': elsewhere })).toHaveLength(1)
    expect(rulesOf({ 'hub-role-definition-id': 'Contributor' })).toHaveLength(1)
    expect(rulesOf({ 'hub-app-object-id': guid, 'hub-app-grant': 'skip' })).toEqual([
      'hub-app-object-id: has no meaning with hub-app-grant: skip; remove one of the two'
    ])
  })

  it('are chosen by the inputs', () => {
    const inputs = {
      'role-assignments': 'skip',
      'hub-app-grant': 'required',
      'hub-app-object-id': guid,
      'onboarding-role': 'false',
      'enrollment-auth': 'entra'
    }
    const { environment } = read(inputs)
    expect(environment.enrollmentAuth).toBe('entra')
    expect(environment.grants).toMatchObject({
      manage: false,
      hubApp: 'required',
      hubAppObjectId: guid,
      onboarding: false
    })
  })
})

describe('any inputs', () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.string(),
    fc.constantFrom(
      'true',
      'all',
      '30',
      'a=1',
      '__proto__=1',
      'a=7\nA=8',
      SUBSCRIPTION,
      'hub,dps',
      group
    ),
    fc.constantFrom('default=30', `${group}/g/providers/Microsoft.Devices/IotHubs/hub`)
  )
  const name = fc.oneof(
    fc.constantFrom(...Object.keys(INPUTS)),
    fc.string({ unit: anyCharacter, minLength: 1 })
  )
  const inputs = fc.dictionary(name, text)
  const env = fc.record(
    {
      GITHUB_REPOSITORY: text,
      GITHUB_REPOSITORY_ID: text,
      GITHUB_REF: text,
      GITHUB_HEAD_REF: text,
      AZURE_CLIENT_ID: text
    },
    { requiredKeys: [] }
  )

  it('give settings or an InputError that names every problem', () => {
    fc.assert(
      fc.property(
        inputs,
        fc.boolean(),
        env,
        fc.boolean(),
        (some, complete, variables, onRunner) => {
          const source = reader(
            complete ? { ...REQUIRED, ...some } : some,
            onRunner ? { ...variables, ...RUNNER } : variables
          )
          try {
            const settings = readOne(source)
            expect(settings.environment.hubs).toHaveLength(1)
            expect(settings.signIn.subscriptionId).toHaveLength(36)
          } catch (error) {
            if (!(error instanceof InputError)) throw error
            expect(error.problems.length).toBeGreaterThan(0)
            expect(error.message.split(/\r\n|[\n\r\u2028\u2029]/)).toHaveLength(
              error.problems.length + 1
            )
          }
        }
      ),
      { numRuns: 1000 }
    )
  })
})
