import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { repository } from '../../scripts/repository.ts'
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
  return steps.filter(({ uses }) => uses?.startsWith(`${repository.slug}@`))
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
  readonly steps: readonly Step[]
}

describe('the jobs of the examples', () => {
  const jobs = examples.flatMap((path) =>
    Object.values((parse(file(path)) as { jobs?: Record<string, Job> }).jobs ?? {})
  )
  const ours = jobs.flatMap((job) =>
    job.steps.flatMap(({ uses, with: given }) =>
      uses?.startsWith(`${repository.slug}@`) && given ? [{ job, given }] : []
    )
  )

  it('sign in as the read-only identity to look, and as the deploying one to write', () => {
    const looks = ours.map(({ job, given }) => {
      const isLook = ['plan', 'verify'].includes(given.operation as string)
      expect([given['client-id'], job.environment === 'iot-plan']).toEqual([
        `\${{ vars.AZURE_${isLook ? 'PLAN_' : ''}CLIENT_ID }}`,
        isLook
      ])
      return isLook
    })
    expect(new Set(looks)).toEqual(new Set([true, false]))
  })

  it('write to Azure under a plan that was approved, where GitHub asks for approval', () => {
    const approved = ours.filter(({ job }) => job.environment === 'production')
    expect(approved).not.toEqual([])
    for (const { given } of approved)
      expect(given['expected-plan']).toContain('needs.plan.outputs.digest')
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
    'dry-run': 'false',
    comment: 'true',
    'expected-plan': '0'.repeat(32),
    confirm: value.includes('github.repository') ? RUNNER.GITHUB_REPOSITORY : 'x',
    location: 'centralus'
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
