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
    expect(comments[0]).toContain('provisioned')
    expect(comments[1]).toContain('would change')
  })

  it('of a teardown takes the place of what was provisioned', async () => {
    await scenario.apply(onPullRequest, onSeven)
    await scenario.apply(
      { ...onPullRequest, operation: 'destroy', confirm: 'test' },
      { trigger: pullRequest(7, 'feature/login', 'closed') }
    )
    const [comment, ...others] = [...scenario.azure.world.comments.values()]
    expect(others).toEqual([])
    expect(comment?.body.body).toMatch(/^<!--.*-->\n## .*: removed in /)
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
