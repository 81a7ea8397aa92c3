import { describe, expect, it } from '@jest/globals'
import { pullRequest, push, schedule, type Trigger, tag } from '../../scripts/trigger.ts'
import { Scenario, SWEEP } from './scenario.ts'

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

  const tagOf = () => groupOf('test')?.body.tags['iot-expires'] as string | undefined
  const small = (more: Record<string, string> = {}) =>
    scenario.apply({ phases: 'identity', ...more })

  it('that is not given any more takes its tag along', async () => {
    await small({ 'expires-after': '1h' })
    const plan = await scenario.run({
      operation: 'plan',
      phases: 'identity',
      'fail-on-drift': 'true'
    })
    expect([plan.exitCode, plan.outputs.changed]).toEqual([0, 'false'])
    expect(plan.log).toContain('iot-expires: ')
    const run = await small()
    expect([run.writes.length, run.outputs.changed]).toEqual([1, 'false'])
    expect(tagOf()).toBeUndefined()
    expect((await small()).writes).toEqual([])
  })

  it('that is shorter shortens', async () => {
    await small({ 'expires-after': '30d' })
    const run = await small({ 'expires-after': '1d' })
    expect([run.writes.length, run.outputs.changed]).toEqual([1, 'false'])
    expect(Date.parse(tagOf() ?? '') - now()).toBeLessThanOrEqual(DAY)
    expect((await small({ 'expires-after': '1d' })).writes).toEqual([])
  })

  it.each(['7', '1', 'JIRA-12', 'soon 5', '01.02.2020'])(
    'of %j is no end: reported, and kept',
    async (text) => {
      await small()
      const group = groupOf('test')
      if (group) group.body.tags['iot-expires'] = text
      const swept = await scenario.apply(SWEEP)
      expect(swept.writes).toEqual([])
      expect(swept.log).toContain(
        `its expiry ${JSON.stringify(text)} is not a date and time in ISO 8601`
      )
      const run = await small({ 'expires-after': '7d' })
      expect(run.log).toMatch(/::warning .*not a date and time in ISO 8601/)
      expect(tagOf()).toBe(text)
    }
  )

  it('is judged by Azure’s clock', async () => {
    await small({ 'expires-after': '2h' })
    scenario.configure({ clockSkewMs: 3 * HOUR })
    await scenario.apply(SWEEP)
    expect(environments()).toEqual([])
    scenario.configure({ clockSkewMs: 0 })
    await small({ 'expires-after': '2h' })
    expire('test')
    scenario.configure({ clockSkewMs: -3 * HOUR })
    expect((await scenario.apply(SWEEP)).writes).toEqual([])
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

  describe('with sweep-gone-branches', () => {
    const GONE = { ...SWEEP, 'sweep-gone-branches': 'true', 'github-token': 'ghs_token' }
    const living = (...branches: string[]) => scenario.configure({ github: { branches } })
    /** An environment as a run of this trigger applies it. */
    const applied = (environment: string, trigger: Trigger) =>
      scenario.apply({ environment, phases: 'identity' }, { trigger })
    const sorted = () => environments().sort((a, b) => a.localeCompare(b))

    it('destroys those that lived with a branch that is gone', async () => {
      await applied('feature/gone', push('feature/gone'))
      await applied('pr-7', pullRequest(7, 'topic/gone'))
      await applied('feature/living', push('feature/living'))
      living('main', 'feature/living')
      expect((await scenario.apply(SWEEP)).writes).toEqual([])
      const run = await scenario.apply(GONE)
      expect(sorted()).toEqual(['feature/living'])
      expect(run.log).toContain('its branch feature/gone is gone')
      expect(run.log).toContain('its branch topic/gone is gone')
    })

    it('takes the word of `branches`, with the case that it has', async () => {
      for (const name of ['Gone', 'main', 'living']) await applied(name, push(name))
      await scenario.apply({ ...GONE, 'github-token': '', branches: 'gone\nliving' })
      // The default branch is never gone, listed or not.
      expect(sorted()).toEqual(['living', 'main'])
    })

    it.each([
      ['was created on a feature branch', [push('feature/gone')]],
      [
        'was created on a feature branch and is applied from main since',
        [push('feature/gone'), push()]
      ],
      [
        'was applied by a pull request and is applied from main since',
        [pullRequest(7, 'feature/gone'), push()]
      ],
      ['is applied on a tag', [tag('v1')]],
      ['is applied on a schedule', [schedule()]]
    ])('keeps a production that %s', async (_what, triggers) => {
      for (const trigger of triggers) await applied('production', trigger)
      living('main')
      expect((await scenario.apply(GONE)).writes).toEqual([])
      expect(environments()).toEqual(['production'])
    })

    it('remembers the branch through a run on a tag', async () => {
      await applied('pr-7', pullRequest(7, 'topic/gone'))
      const again = await applied('pr-7', tag('v1'))
      expect(again.writes).toEqual([])
      living('main')
      await scenario.apply(GONE)
      expect(environments()).toEqual([])
    })

    it('writes the branch when it differs, which is neither drift nor a change', async () => {
      await applied('pr-7', push())
      const run = await scenario.apply(
        { environment: 'pr-7', phases: 'identity' },
        { trigger: pullRequest(7, 'topic') }
      )
      expect([run.writes.length, run.outputs.changed]).toEqual([1, 'false'])
      expect(groupOf('pr-7')?.body.tags['iot-branch']).toBe('topic')
      await applied('pr-7', push())
      expect(groupOf('pr-7')?.body.tags).not.toHaveProperty('iot-branch')
    })

    it('keeps what lives with a branch that was renamed, with the default branch, or with one made again', async () => {
      for (const name of ['master', 'old', 'again']) await applied(name, push(name))
      scenario.configure({
        github: {
          branches: ['main', 'new', 'again'],
          renamedBranches: { master: 'main', old: 'new' }
        }
      })
      expect((await scenario.apply(GONE)).writes).toEqual([])
      scenario.configure({ github: { branches: [], defaultBranch: 'master', renamedBranches: {} } })
      await scenario.apply(GONE)
      expect(environments()).toEqual(['master'])
    })

    it('keeps everything while GitHub does not say', async () => {
      await applied('feature/x', push('feature/x'))
      scenario.configure({ github: { branches: ['main'], canReadContents: false } })
      const run = await scenario.run(GONE)
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('contents: read')
      expect(environments()).toEqual(['feature/x'])
    })
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
