import { describe, expect, it } from '@jest/globals'
import { push, tag } from '../../scripts/trigger.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const HOUR = 3_600_000
const DAY = 24 * HOUR

const now = () => Date.parse((scenario.azure.state() as { time: string }).time)
const groupOf = (environment: string) =>
  scenario.all('resourceGroups').find(({ body }) => body.tags['iot-environment'] === environment)
const environments = () =>
  scenario.all('resourceGroups').map(({ body }) => String(body.tags['iot-environment']))
const expire = (environment: string) => {
  const group = groupOf(environment)
  if (group) group.body.tags['iot-expires'] = new Date(now() - HOUR).toISOString()
}

const SWEEP = { operation: 'sweep', confirm: 'octo-org/octo-repo', environment: '', location: '' }
/** The cheap half of an environment is enough to be swept. */
const small = (environment: string, more: Record<string, string> = {}) =>
  scenario.apply({ environment, phases: 'identity, namespace', ...more })

describe('expires-after', () => {
  it('is written once, on the resource group, and is neither drift nor a change', async () => {
    await scenario.built({ 'expires-after': '7d' })
    const tag = () => Date.parse(groupOf('test')?.body.tags['iot-expires'] as string)
    expect(Math.abs(tag() - now() - 7 * DAY)).toBeLessThan(HOUR)
    expect((await scenario.apply({ 'expires-after': '7d' })).writes).toEqual([])
    const carriers = scenario.all('[^/]+').filter(({ body }) => body.tags?.['iot-expires'])
    expect(carriers).toHaveLength(1)

    const group = groupOf('test')
    if (group) group.body.tags['iot-expires'] = new Date(now() + 3 * DAY).toISOString()
    const plan = await scenario.run({
      operation: 'plan',
      'expires-after': '7d',
      'fail-on-drift': 'true'
    })
    expect([plan.exitCode, plan.outputs.changed]).toEqual([0, 'false'])
    const renewed = await scenario.apply({ 'expires-after': '7d' })
    expect(renewed.writes).toHaveLength(1)
    expect(renewed.outputs.changed).toBe('false')
    expect(tag() - now()).toBeGreaterThan(6 * DAY)
  })

  it('is carried by the hub where the group is shared', async () => {
    await scenario.built({ phases: 'identity' })
    const [group] = scenario.all('resourceGroups')
    if (group) group.body.tags = {}
    await scenario.apply({ 'expires-after': '12h' })
    expect(scenario.only('IotHubs').body.tags['iot-expires']).toBeDefined()
    expect((await scenario.apply({ 'expires-after': '12h' })).writes).toEqual([])
  })
})

describe('sweep', () => {
  it('destroys what has expired, and nothing else', async () => {
    await scenario.built({ environment: 'old', 'expires-after': '1h' })
    await small('young', { 'expires-after': '7d' })
    await small('forever')
    expire('old')
    const dry = await scenario.apply({ ...SWEEP, 'dry-run': 'true' })
    expect(dry.writes).toEqual([])
    expect(dry.result.environments).toContainEqual(
      expect.objectContaining({ environment: 'old', outcome: 'would be removed' })
    )
    const run = await scenario.apply(SWEEP)
    expect(environments().sort((a, b) => a.localeCompare(b))).toEqual(['forever', 'young'])
    expect(scenario.all('IotHubs')).toEqual([])
    expect(run.result.environments).toHaveLength(3)
    expect(run.summary).toContain('| old | removed | it expired at')
    expect((await scenario.apply(SWEEP)).writes).toEqual([])
  })

  it('needs the repository as its confirmation, and no environment', async () => {
    const run = await scenario.run({ ...SWEEP, confirm: 'octo-org' })
    expect([run.exitCode, run.requests]).toEqual([1, []])
    expect((await scenario.run({ ...SWEEP, environment: 'x' })).failure).toContain('environment')
  })

  it('destroys environments whose branch is gone, when asked to', async () => {
    await small('a', {})
    await scenario.apply(
      { environment: 'b', phases: 'identity' },
      { trigger: push('feature/gone') }
    )
    await scenario.apply({ environment: 'c', phases: 'identity' }, { trigger: tag('v1') })
    expect((await scenario.apply(SWEEP)).writes).toEqual([])
    scenario.configure({ github: { branches: ['main', 'feature/living'] } })
    const run = await scenario.apply({
      ...SWEEP,
      'sweep-gone-branches': 'true',
      'github-token': 'ghs_token'
    })
    expect(environments().sort((a, b) => a.localeCompare(b))).toEqual(['a', 'c'])
    expect(run.log).toContain('its branch feature/gone is gone')
    await scenario.apply({ ...SWEEP, 'sweep-gone-branches': 'true', branches: 'develop' })
    expect(environments()).toEqual(['c'])
  })

  it('leaves other repositories alone', async () => {
    await scenario.apply(
      { environment: 'old', phases: 'identity', 'expires-after': '1h' },
      { repository: { name: 'octo-org/other', id: '42' } }
    )
    expire('old')
    expect((await scenario.apply(SWEEP)).writes).toEqual([])
    expect(environments()).toEqual(['old'])
  })

  it('goes on with the others when one fails', async () => {
    for (const environment of ['one', 'two', 'three']) {
      await small(environment, { 'expires-after': '1h' })
      expire(environment)
    }
    const subscription = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
    const groups = Object.fromEntries(
      ['one', 'two', 'three'].map((name) => [name, groupOf(name)?.id ?? ''])
    )
    scenario.configure({
      deployer: {
        grants: [
          { role: 'Reader', scope: subscription },
          { role: 'Owner', scope: groups.one },
          { role: 'Owner', scope: groups.three }
        ]
      }
    })
    const run = await scenario.run(SWEEP)
    expect(run.exitCode).toBe(1)
    expect(environments()).toEqual(['two'])
    expect(run.failure).toContain('two: ')
    expect(run.failure).toContain('AuthorizationFailed')
  })
})

describe('ten branches on one shared namespace and DPS', () => {
  it('applied at once are linked all ten; destroying five leaves the other five working', async () => {
    const { outputs } = await scenario.apply({ environment: 'platform' })
    for (const type of ['namespaces', 'credentials', 'policies', 'provisioningServices']) {
      for (const { body } of scenario.all(type)) body.tags = {}
    }
    const shared = { namespace: outputs['namespace-id'] ?? '', dps: outputs['dps-id'] ?? '' }
    const names = Array.from({ length: 10 }, (_, index) => `pr-${index}`)
    const runs = await Promise.all(
      names.map((environment) => scenario.run({ ...shared, environment }))
    )
    expect(runs.map(({ exitCode, failure }) => [exitCode, failure])).toEqual(
      names.map(() => [0, ''])
    )
    const linked = () =>
      (scenario.only('provisioningServices').body.properties.iotHubs as { name: string }[])
        .map(({ name }) => name.replace(/-[^-]+\.azure-devices\.net$/, ''))
        .filter((name) => name !== 'hub-platform')
    expect(new Set(linked())).toEqual(new Set(names.map((name) => `hub-${name}`)))

    await Promise.all(
      names
        .slice(0, 5)
        .map((environment) =>
          scenario.apply({ ...shared, operation: 'destroy', environment, confirm: environment })
        )
    )
    expect(new Set(linked())).toEqual(new Set(names.slice(5).map((name) => `hub-${name}`)))
    for (const environment of names.slice(5)) {
      const verified = await scenario.run({ ...shared, operation: 'verify', environment })
      expect([environment, verified.failure]).toEqual([environment, ''])
    }
  })
})
