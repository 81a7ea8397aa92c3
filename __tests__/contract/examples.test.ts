import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { configSchema } from '../../scripts/schema.ts'
import { readSettings } from '../../src/settings/inputs.ts'
import { REQUIRED, RUNNER, reader, readOne } from '../unit/settings/fakeInputs.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const file = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const action = parse(file('action.yml')) as Record<'inputs' | 'outputs', Record<string, unknown>>
const examples = globSync('examples/**/*.yml', { cwd: root }).filter(
  (path) => !path.endsWith('iot.yml')
)

interface Step {
  readonly uses?: string
  readonly id?: string
  readonly with?: Record<string, unknown>
}

/** Every step that uses this action. */
function ourSteps(path: string): readonly Step[] {
  const text = parse(file(path)) as {
    jobs?: Record<string, { steps: Step[] }>
    runs?: { steps: Step[] }
  }
  const steps = text.runs?.steps ?? Object.values(text.jobs ?? {}).flatMap((job) => job.steps)
  return steps.filter(({ uses }) => uses?.startsWith('OWNER/provision-azure-iot@'))
}

describe.each(examples)('%s', (path) => {
  it('uses the action, with inputs that it has', () => {
    const steps = ourSteps(path)
    expect(steps).not.toEqual([])
    for (const { with: given = {} } of steps) {
      for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name)
    }
  })

  it('names outputs that the action has', () => {
    for (const [, name] of file(path).matchAll(/steps\.iot\.outputs\.([a-z-]+)/g)) {
      expect(Object.keys(action.outputs)).toContain(name)
    }
  })

  it('gives inputs that the action takes', () => {
    for (const { with: given = {} } of ourSteps(path)) {
      const inputs = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, sample(name, String(value))])
      )
      const files = { 'iot.yml': file('examples/iot.yml') }
      const { environment: _none, ...ids } = REQUIRED
      expect(() => readSettings(reader({ ...ids, ...inputs }, RUNNER, files))).not.toThrow()
    }
  })
})

interface Job {
  readonly environment?: string
  readonly strategy?: { readonly matrix?: Record<string, readonly string[]> }
  readonly steps: readonly Step[]
}

describe('the jobs of the examples', () => {
  const jobs = examples.flatMap((path) =>
    Object.values((parse(file(path)) as { jobs?: Record<string, Job> }).jobs ?? {})
  )
  const ours = jobs.flatMap((job) =>
    job.steps.flatMap(({ uses, with: given }) =>
      uses?.startsWith('OWNER/provision-azure-iot@') && given ? [{ job, given }] : []
    )
  )
  const operations = ({ job, given }: (typeof ours)[number]) =>
    String(given.operation).includes('matrix.operation')
      ? (job.strategy?.matrix?.operation ?? [])
      : (String(given.operation ?? 'apply').match(/apply|destroy|sweep|plan|verify/g) ?? [])

  it('sign in as the read-only identity to look, and as the deploying one to write', () => {
    const kinds = ours.map((one) => {
      const { job, given } = one
      const looks = operations(one).some((name) => ['plan', 'verify'].includes(name))
      const writes = operations(one).some((name) => !['plan', 'verify'].includes(name))
      const client = String(given['client-id'])
      expect([
        client.includes('vars.AZURE_PLAN_CLIENT_ID'),
        job.environment?.includes('iot-plan')
      ]).toEqual([looks, looks])
      expect(client.includes('vars.AZURE_CLIENT_ID')).toBe(writes)
      return `${looks ? 'looks' : ''}${writes ? 'writes' : ''}`
    })
    expect(new Set(kinds)).toEqual(new Set(['looks', 'writes', 'lookswrites']))
  })
})

/** What GitHub would put in the place of an expression. */
function sample(name: string, value: string): string {
  const id = (type: string) =>
    `/subscriptions/${REQUIRED['subscription-id']}/resourceGroups/rg/providers/${type}/shared`
  const known: Record<string, string> = {
    'client-id': REQUIRED['client-id'],
    'tenant-id': REQUIRED['tenant-id'],
    'subscription-id': REQUIRED['subscription-id'],
    namespace: id('Microsoft.DeviceRegistry/namespaces'),
    dps: id('Microsoft.Devices/provisioningServices'),
    'github-token': 'ghs_token',
    operation: value.includes('{{') ? 'plan' : value,
    'fail-on-drift': 'true',
    'dry-run': 'false',
    confirm: value.includes('github.repository') ? RUNNER.GITHUB_REPOSITORY : 'pr-7',
    location: 'westeurope',
    environment: value
      .replace(/\$\{\{ github\.event\.number \}\}/, '7')
      .replace(/\$\{\{.*?\}\}/g, 'x')
  }
  return value.includes('${{') ? (known[name] ?? value.replace(/\$\{\{.*?\}\}/g, 'x')) : value
}

it('examples/iot.yml is a config file that code and schema take', () => {
  const text = file('examples/iot.yml')
  const validate = new Ajv({ strict: false }).compile(JSON.parse(configSchema()) as object)
  expect(validate(parse(text))).toBe(true)
  const settings = readOne(reader({ ...REQUIRED, config: 'iot.yml' }, RUNNER, { 'iot.yml': text }))
  expect(settings.environment.hubs).toHaveLength(2)
})
