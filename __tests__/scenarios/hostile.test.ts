import { describe, expect, it } from '@jest/globals'
import { pullRequest } from '../../scripts/trigger.ts'
import { Scenario } from './scenario.ts'

// GitHub has a minute to answer for a comment: of this machine's time, a busy one has to have seconds of it.
const scenario = new Scenario(20)

describe('texts of Azure', () => {
  const HOSTILE = [
    'first',
    '::set-output name=hub-id::stolen',
    '::add-mask::management',
    'here ##[command]rm -rf /',
    '::stop-commands::x',
    '<img src=x onerror=alert(1)> [here](javascript:alert(1)) @octocat | `code` \u001b[31mred'
  ].join('\n')

  function expectHarmless(run: Awaited<ReturnType<typeof scenario.run>>): void {
    expect(run.masked).not.toContain('management')
    expect(run.log).not.toMatch(/^\s*::(set-output|stop-commands)|##\[/m)
    // A color of the text's own would stand beside those of the log.
    expect(run.coloured).not.toContain('\u001b[31mred')
    expect(run.log).not.toContain('\u001b')
    expect(run.outputs['hub-id'] ?? '').not.toBe('stolen')
    // What is code stays as it is, because nothing in it is alive.
    const alive = run.summary.replace(/`[^`\n]*`/g, '')
    expect(alive).not.toMatch(/<img|\]\(javascript|@octocat/)
  }

  it('in an error stay texts, in log and summary', async () => {
    const body = { error: { code: 'Bad\n::set-output name=x::y', message: HOSTILE } }
    const effect = { kind: 'answer', status: 400, body } as const
    // What starts early is tried once more.
    scenario.azure.setFaults([{ method: 'PUT', path: '/IotHubs/', times: 2, effect }])
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('first')
    expect(run.summary).toContain('first')
    expectHarmless(run)
  })

  it('in tags stay texts, in plan and comment', async () => {
    await scenario.built({ tags: 'team=iot' })
    for (const type of ['resourceGroups', 'IotHubs']) scenario.set(type, 'tags.team', HOSTILE)
    const token = { 'github-token': 'ghs_emulated', comment: 'true' }
    const job = { trigger: pullRequest(7) }
    const run = await scenario.run({ ...token, operation: 'plan', tags: 'team=iot' }, job)
    expect(run.exitCode).toBe(0)
    expect(run.log).toContain('first')
    expectHarmless(run)
    expect(scenario.azure.world.comments.size).toBe(1)
    for (const { body } of scenario.azure.world.comments.values()) {
      expect(String(body.body).replace(/`[^`\n]*`/g, '')).not.toMatch(
        /<img|\]\(javascript|@octocat/
      )
    }
  })

  it('in the name of a branch stay texts', async () => {
    const run = await scenario.run({
      environment: 'feature/<img src=x>@octocat|`x` ##[add-mask]west'
    })
    expect(run.summary).toContain('octocat')
    expect(run.summary.replace(/`[^`\n]*`/g, '')).not.toMatch(/<img|@octocat/)
    expect(run.log).not.toContain('##[')
  })
})
