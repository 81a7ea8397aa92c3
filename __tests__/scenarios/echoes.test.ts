import { describe, expect, it } from '@jest/globals'
import { keysOf } from '../../emulator/providers/devices.ts'
import { pullRequest } from '../../scripts/trigger.ts'
import { type Outcome, Scenario } from './scenario.ts'

// GitHub has a minute to answer for a comment: of this machine's time, a busy one has to have seconds of it.
const scenario = new Scenario(20)
const onPullRequest = { comment: 'true', 'github-token': 'ghs_emulated' }
const onSeven = { trigger: pullRequest(7) }

/** Everything that a run tells people and later steps; the debug log and what is handed to the runner's mask is neither. */
function toldBy(run: Outcome): Readonly<Record<string, string>> {
  const comments = [...scenario.azure.world.comments.values()].map(({ body }) => String(body.body))
  expect(comments).toHaveLength(1)
  return {
    log: run.log.replace(/^::(add-mask|debug)::.*$/gm, ''),
    summary: run.summary,
    comment: comments.join('\n'),
    outputs: JSON.stringify(run.outputs)
  }
}

/** A run whose link of the hub Azure refuses with this. */
async function refusedWith(code: string, message: string): Promise<Outcome> {
  const body = { error: { code, message } }
  const effect = { kind: 'answer', status: 400, body } as const
  scenario.azure.setFaults([{ method: 'PUT', path: '/provisioningServices/', times: 100, effect }])
  const run = await scenario.run(onPullRequest, onSeven)
  expect(run.exitCode).toBe(1)
  return run
}

describe('what Azure says', () => {
  async function unlinked(): Promise<string> {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    dps.secret.links = []
    dps.body.properties.iotHubs = []
    const [key] = keysOf(scenario.only('IotHubs'))
    return key?.primaryKey ?? ''
  }

  it('may repeat a key that it was sent: it is told nowhere', async () => {
    const key = await unlinked()
    const run = await refusedWith(
      'BadConnectionString',
      `Refused "HostName=h;SharedAccessKey=${key}", ${encodeURIComponent(key)} and ghs_emulated.`
    )
    expect(run.masked).toContain(key)
    for (const [where, text] of Object.entries(toldBy(run))) {
      expect([where, text]).toEqual([where, expect.stringContaining('BadConnectionString')])
      for (const secret of [key, encodeURIComponent(key), 'ghs_emulated', 'ghs&#95;emulated'])
        expect([where, text.includes(secret)]).toEqual([where, false])
    }
    for (const [name, id] of Object.entries(run.outputs))
      if (name.endsWith('-id')) expect([name, id]).toEqual([name, expect.not.stringContaining('*')])
  })

  it('may be of any length, direction and kind: it is short, plain and dead', async () => {
    await unlinked()
    const code = `E${'x'.repeat(2_000_000)}`
    const run = await refusedWith(
      code,
      `visit https://evil.example/a or www.evil.example, user\u202eresu ${'y '.repeat(1_000_000)}`
    )
    for (const [where, text] of Object.entries(toldBy(run))) {
      expect([where, text.length < 60_000]).toEqual([where, true])
      expect([where, text]).toEqual([where, expect.stringContaining('evil.example')])
      expect([where, text.includes('\u202e')]).toEqual([where, false])
      const shown = text.replace(/`[^`\n]*`/g, '')
      if (where === 'summary' || where === 'comment') expect(shown).not.toContain('evil.example')
    }
    expect(run.failure).toContain('2000001 characters')
  })

  it('in a tag may be as long: plan and comment stay readable', async () => {
    await scenario.built({ tags: 'team=iot' })
    scenario.set('IotHubs', 'tags.team', `https://evil.example/${'z'.repeat(300_000)}`)
    const plan = { ...onPullRequest, operation: 'plan', tags: 'team=iot' }
    const run = await scenario.run(plan, onSeven)
    expect(run.exitCode).toBe(0)
    for (const [where, text] of Object.entries(toldBy(run)))
      expect([where, text.length < 60_000]).toEqual([where, true])
    expect(Object.values(run.work)).toContain('change')
  })
})
