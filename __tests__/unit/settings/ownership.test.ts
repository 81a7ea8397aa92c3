import { describe, expect, it } from '@jest/globals'
import { readOwnership } from '../../../src/settings/ownership.ts'
import { RUNNER } from './fakeInputs.ts'

const unexpected = () => {
  throw new Error('no problem was expected')
}
const read = (env: Record<string, string>, environment = 'e', event = {}) =>
  readOwnership({ env: { ...RUNNER, ...env }, event }, environment, unexpected)

describe('readOwnership', () => {
  const head = (repo: object | null) => ({ pull_request: { head: { ref: 'topic', repo } } })
  const onPullRequest = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_HEAD_REF: 'topic' }

  it.each([
    ['a branch of that name', { GITHUB_REF: 'refs/heads/feature/x' }, 'feature/x', {}, 'feature/x'],
    ['another branch', { GITHUB_REF: 'refs/heads/main' }, 'production', {}, undefined],
    ['a branch of other case', { GITHUB_REF: 'refs/heads/Main' }, 'main', {}, undefined],
    ['a pull request', onPullRequest, 'pr-7', head({ id: 4711 }), 'topic'],
    ['a pull request of a fork', onPullRequest, 'pr-7', head({ id: 4712 }), undefined],
    ['a pull request of a fork that is gone', onPullRequest, 'pr-7', head(null), undefined],
    [
      'a name longer than a tag',
      { GITHUB_REF: `refs/heads/${'x'.repeat(300)}` },
      'x'.repeat(300),
      {},
      undefined
    ]
  ])(
    'lets an environment live with its branch: %s',
    (_what, env, environment, event, livesWith) => {
      expect(read(env, environment, event).branch).toEqual({ livesWith })
    }
  )

  it.each([
    ['tag', { GITHUB_REF: 'refs/tags/v1' }],
    ['merge queue', { GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-7-abc' }],
    [
      'pull request whose branch is not told',
      { GITHUB_REF: 'refs/pull/7/merge', GITHUB_HEAD_REF: '' }
    ]
  ])('leaves what is recorded on a %s', (_what, env) => {
    expect(read(env).branch).toBe('as recorded')
  })

  it('tells servers apart', () => {
    expect(read({}).host).toBe('github.com')
    expect(read({ GITHUB_SERVER_URL: 'https://GitHub.example.com' }).host).toBe(
      'github.example.com'
    )
  })

  it('refuses what no runner sets', () => {
    const problems: string[] = []
    const env = {
      GITHUB_REPOSITORY: 'thermostat',
      GITHUB_REPOSITORY_ID: 'x1',
      GITHUB_SERVER_URL: 'github'
    }
    readOwnership({ env }, 'e', (input, value, rule) => problems.push(`${input} ${value}: ${rule}`))
    expect(problems).toEqual([
      'GITHUB_SERVER_URL github: must be the address of GitHub',
      'GITHUB_REPOSITORY thermostat: must be OWNER/NAME',
      'GITHUB_REPOSITORY_ID x1: must be a number'
    ])
  })
})

describe('what the runner sets', () => {
  it.each([
    ['missing', '', 'missing:'],
    ['blank', '  ', 'missing:'],
    ['no number', 'x', 'must be a number']
  ])('is told when it is %s', (_what, id, text) => {
    const problems: string[] = []
    const report = (_name: string, _value: unknown, rule: string) => void problems.push(rule)
    readOwnership({ env: { ...RUNNER, GITHUB_REPOSITORY_ID: id }, event: {} }, 'e', report)
    expect(problems).toEqual([expect.stringContaining(text)])
  })

  it.each([
    ['a pull request that is only looked at', 'topic', false, 'as recorded'],
    ['a branch that is only looked at', '', false, { livesWith: 'e' }],
    ['a branch that is applied', '', true, { livesWith: 'e' }]
  ])('tells the branch of %s', (_what, head, applies, branch) => {
    const env = { ...RUNNER, GITHUB_REF: 'refs/heads/e', GITHUB_HEAD_REF: head }
    expect(readOwnership({ env, event: {} }, 'e', unexpected, applies).branch).toEqual(branch)
  })

  it.each([
    [256, true],
    [257, false]
  ])('tells a branch of %i characters: %s', (length, told) => {
    const name = 'x'.repeat(length)
    const { branch } = read({ GITHUB_REF: `refs/heads/${name}` }, name)
    expect(branch).toEqual({ livesWith: told ? name : undefined })
  })
})
