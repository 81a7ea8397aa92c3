import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { runAction } from '../../scripts/runner.ts'
import { pullRequest } from '../../scripts/trigger.ts'
import { INPUTS, type Outcome, Scenario } from './scenario.ts'
import { openLines, SCREEN } from './screen.ts'

// What the job gives to the action, where it is not what a runner gives.
const scenario = new Scenario(20)

/** What a person sees without debugging: no trace of a crash, one annotation, a screen of it. */
function expectReadable({ log, exitCode }: Pick<Outcome, 'log' | 'exitCode'>): void {
  const lines = openLines(log)
  // Of progress there are as many as steps end and minutes pass, which are more on a busy machine.
  const lasting = lines.filter((line) => !/^(created|done|still running) {2}/.test(line))
  expect(lasting.length).toBeLessThanOrEqual(SCREEN)
  expect(log).not.toMatch(/^\s+at |^node:|Node\.js v\d|unhandled/im)
  expect(log.match(/^::error/gm) ?? []).toHaveLength(exitCode)
  expect(lines.every((line) => line.length < 5_000)).toBe(true)
}

describe('a proxy that is none', () => {
  it.each([
    ['HTTPS_PROXY', 'socks5://127.0.0.1:1080', 'socks5:// cannot be used'],
    ['HTTPS_PROXY', 'nonsense', 'which is no URL'],
    ['HTTPS_PROXY', 'proxy:8080', 'cannot be used'],
    ['https_proxy', 'http://user:p@ss@:8080', 'which is no URL'],
    ['ALL_PROXY', 'socks5h://user:geheim@proxy:1080', 'socks5h:// cannot be used'],
    [
      'HTTPS_PROXY',
      'http://user:geheim%zz@proxy:8080',
      'in its user or password does not begin an escape'
    ],
    ['HTTP_PROXY', 'http://us%er@proxy:8080', 'in its user or password does not begin an escape']
  ])('%s=%s', async (name, value, why) => {
    const env = { HTTPS_PROXY: '', [name]: value }
    for (const operation of ['apply', 'destroy', 'sweep']) {
      const run = await scenario.run({ operation }, { env })
      expect(run.exitCode).toBe(1)
      expect(run.log).toContain(`::error title=The action could not run::${name} is `)
      expect(run.log).toContain(why)
      expect(run.log).toContain(`${name}=http://proxy:8080`)
      expect(run.failure).toContain('write % as %25')
      expect(run.log).not.toMatch(/geheim|p@ss|us%/)
      expectReadable(run)
    }
  })

  it('stands beside one that is used, and is nobody’s mistake', async () => {
    const run = await scenario.run({ operation: 'plan' }, { env: { ALL_PROXY: 'socks5://x' } })
    expect(run.exitCode).toBe(0)
  })
})

it('a proxy at an IPv6 address is used', async () => {
  const port = Number(new URL(scenario.azure.env.HTTPS_PROXY ?? '').port)
  const relay = createServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    for (const one of [socket, onward]) one.on('error', () => one.destroy())
  })
  await new Promise<void>((resolve) => relay.listen(0, '::1', resolve))
  const address = relay.address() as { port: number }
  try {
    const env = { HTTPS_PROXY: `http://[::1]:${address.port}` }
    const inputs = { operation: 'plan', comment: 'true', 'github-token': 'ghs_emulated' }
    const run = await scenario.run(inputs, { env, trigger: pullRequest(7) })
    expect([run.exitCode, scenario.azure.world.comments.size]).toEqual([0, 1])
  } finally {
    relay.close()
  }
})

describe('files of the runner', () => {
  const unwritable = [
    ['is not there', '/nowhere/file'],
    ['is a folder', tmpdir()]
  ] as const

  it.each(unwritable)(
    'outputs whose file %s: the run fails, and tells the ids',
    async (_how, path) => {
      await scenario.built()
      const run = await scenario.run({}, { runner: { GITHUB_OUTPUT: path } })
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('GITHUB_OUTPUT')
      expect(run.failure).toContain('What to do: ')
      expect(run.log).toMatch(/^hub-id: \/subscriptions\/.*\/IotHubs\/hub-test/m)
      expect(run.summary).toContain('IotHubs/hub-test')
      expectReadable(run)
    }
  )

  it('outputs, of a run that failed as well: both in one', async () => {
    // What starts early is tried once more.
    scenario.azure.setFaults([
      { method: 'PUT', path: '/IotHubs/', times: 2, effect: { kind: 'answer', status: 400 } }
    ])
    const run = await scenario.run({}, { runner: { GITHUB_OUTPUT: '/nowhere/file' } })
    expect(run.log).toMatch(/^::error title=Environment test failed::.*Fault400.*GITHUB_OUTPUT/m)
    expect(run.log).toMatch(/^namespace-id: /m)
    expectReadable(run)
  })

  it.each(unwritable)('a summary whose file %s is a warning', async (_how, path) => {
    const run = await scenario.run({ operation: 'plan' }, { runner: { GITHUB_STEP_SUMMARY: path } })
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(/^::warning title=No step summary::/m)
    expect(run.outputs.plan).toBeDefined()
    expectReadable(run)
  })

  it('none of them, as outside of GitHub', async () => {
    const runner = Object.fromEntries(
      ['ENV', 'EVENT_PATH', 'OUTPUT', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => [
        `GITHUB_${name}`,
        undefined
      ])
    )
    const run = await scenario.run({ operation: 'plan' }, { runner })
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(/^::warning title=No step summary::/m)
    expectReadable(run)
  })

  it('an event that is no JSON', async () => {
    const runner = { GITHUB_EVENT_PATH: '/proc/self/status' }
    const run = await scenario.run({ operation: 'plan' }, { runner })
    expectReadable(run)
    expect(run.exitCode).toBe(1)
  })
})

it('a comment that GitHub is silent about, after a signal: what is known is reported', async () => {
  await scenario.built()
  scenario.azure.setFaults([
    { host: 'api.github.com', times: 99, effect: { kind: 'hang', when: 'before' } },
    { path: '/enrollmentGroups/', times: 99, effect: { kind: 'hang', when: 'before' } }
  ])
  const inputs = { ...INPUTS, comment: 'true', 'github-token': 'ghs_emulated' }
  const interrupt = scenario.azure.held().then(() => 'SIGINT' as const)
  const job = { trigger: pullRequest(7) }
  const run = await runAction({ inputs, azure: scenario.azure.env, job, interrupt })
  expect(run.exitCode).toBe(1)
  expect(run.outputs['hub-id']).toContain('/IotHubs/hub-test')
  expect(run.summary).toContain('cancelled')
  expect(run.log).toMatch(/^::warning title=No comment::GitHub did not answer within 1.5 s/m)
  expectReadable(run)
})
