import { describe, expect, it } from '@jest/globals'
import { pullRequest } from '../../scripts/trigger.ts'
import { Scenario } from './scenario.ts'

// GitHub has a minute to answer: of this machine's time, a busy one has to have seconds of it.
const scenario = new Scenario(10)

describe('a comment', () => {
  const onPullRequest = { comment: 'true', 'github-token': 'ghs_token' }
  const onSeven = { trigger: pullRequest(7) }

  it('is written once for each environment, and updated', async () => {
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    await scenario.apply(onPullRequest, onSeven)
    await scenario.run({ operation: 'plan', environment: 'other', ...onPullRequest }, onSeven)
    const comments = [...scenario.azure.world.comments.values()].map(({ body }) =>
      String(body.body)
    )
    expect(comments).toHaveLength(2)
    expect(comments[0]).toMatch(/✅ .*created/)
    expect(comments[1]).toContain('planned in')
  })

  it('of a teardown takes the place of what was made', async () => {
    await scenario.apply(onPullRequest, onSeven)
    await scenario.apply(
      { ...onPullRequest, operation: 'destroy', confirm: 'test' },
      { trigger: pullRequest(7, 'feature/login', 'closed') }
    )
    const [comment, ...others] = [...scenario.azure.world.comments.values()]
    expect(others).toEqual([])
    expect(comment?.body.body).toMatch(/^<!--.*-->\n## ✅ .* \d+ removed in /)
  })

  it.each([
    ['a job', 'github-actions[bot]', null],
    ['a job, where GraphQL leaves [bot] off', 'github-actions[bot]', 'github-actions'],
    ['an app', 'our-app[bot]', null],
    ['a person', 'octocat', null]
  ])('of %s is ours by its author, whose marker anybody may copy', async (_who, login, viewer) => {
    scenario.configure({ github: { login, viewerLogin: viewer } })
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    const { comments } = scenario.azure.world
    const [ours] = [...comments.values()]
    const forged = `${String(ours?.body.body).split('\n')[0]}\nAll is well.`
    // Before ours and behind it, by those whose names come closest, and by one whose account is gone.
    const others = [
      { login: 'mallory', type: 'User' },
      { login: `${login.replace('[bot]', '')}s`, type: 'User' },
      { login: `${login.replace('[bot]', '')}s[bot]`, type: 'Bot' },
      null
    ].map((user, at) => ({
      id: String(70 + at),
      body: { issue: 7, body: forged, user },
      secret: {}
    }))
    comments.clear()
    for (const other of others) comments.set(other.id, other)
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    const [written, ...more] = [...comments.values()].filter(({ body }) => body.body !== forged)
    expect(written?.body.user).toMatchObject({ login })
    expect(more).toEqual([])
    if (written) written.body.body = forged
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    for (const { body } of others) expect(body.body).toBe(forged)
    expect(written?.body.body).toContain('planned in')
    expect(comments.size).toBe(others.length + 1)
  })

  it('by an account that has the name of a bot is not the bot’s', async () => {
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    const { comments } = scenario.azure.world
    for (const { body } of comments.values()) body.user = { login: 'github-actions', type: 'User' }
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    expect(comments.size).toBe(2)
  })

  it('is not written where GitHub does not tell who writes', async () => {
    await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    const effect = { kind: 'answer', status: 200, body: { errors: [{ message: 'no' }] } } as const
    scenario.azure.setFaults([{ path: '^/graphql', times: 100, effect }])
    const run = await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    expect(run.exitCode).toBe(0)
    expect(run.log).toContain('::warning title=No comment::')
    expect(scenario.azure.world.comments.size).toBe(1)
  })

  it('that a read-only token may not write is a warning', async () => {
    scenario.configure({ github: { canComment: false } })
    const run = await scenario.run({ operation: 'plan', ...onPullRequest }, onSeven)
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(/::warning title=No comment::.*pull-requests: write/)
  })

  it('has no place outside a pull request', async () => {
    const run = await scenario.run({ operation: 'plan', ...onPullRequest })
    expect(run.exitCode).toBe(0)
    expect(scenario.azure.world.comments.size).toBe(0)
  })
})
