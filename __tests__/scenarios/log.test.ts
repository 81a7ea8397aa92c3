import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'
import { openLines, SCREEN } from './screen.ts'

const scenario = new Scenario()

/** Without what differs from run to run. */
function steady(lines: readonly string[]): readonly string[] {
  return lines.map((line) =>
    line.replace(/ in \d.*/, ' in …').replace(/^(ID scope|Portal): .*/, '$1: …')
  )
}

describe('the log', () => {
  it.each(['2025-11-01-preview', '2026-11-01'])(
    'of an unchanged run by %s is a part of a screen, with all that matters',
    async (version) => {
      const inputs = { 'service-version': version }
      await scenario.apply(inputs)
      const { log } = await scenario.apply(inputs)
      const lines = openLines(log)
      expect(lines.length).toBeLessThanOrEqual(SCREEN)
      const [, count] = /^::group::(\d+) of \1 checks hold$/m.exec(log) ?? []
      expect(Number(count)).toBeGreaterThan(30)
      expect(steady(lines)).toEqual([
        `Service version ${version}: set by \`service-version\`.`,
        expect.stringMatching(/^::group::Plan for test: nothing to do, \d+ unchanged$/),
        `::group::${count} of ${count} checks hold`,
        'Azure IoT, test: unchanged in …',
        expect.stringMatching(/^Hub: hub-test-\w+\.azure-devices\.net$/),
        'ID scope: …',
        'Devices connect to: global.azure-devices-provisioning.net',
        'Portal: …'
      ])
    }
  )

  it('of an apply tells of each step as it ends, outside of any group, and in colours', async () => {
    const run = await scenario.apply()
    const done = openLines(run.log).filter((line) => /^(created|done) {2,}/.test(line))
    const { steps } = JSON.parse(run.outputs.result ?? '') as { steps: { outcome: string }[] }
    expect(done).toHaveLength(steps.filter(({ outcome }) => outcome !== 'unchanged').length)
    expect(run.coloured).toContain('\n\u001b[32mcreated\u001b[0m      IoT hub hub-test-')
  })

  it('of a plan has what matters first and open, what is as it should be folded', async () => {
    await scenario.built()
    const { log } = await scenario.run({ operation: 'plan', tags: 'team=iot' })
    const lines = openLines(log)
    const plan = lines.findIndex((line) => line.startsWith('Plan for test: '))
    expect(lines[plan]).toMatch(/^Plan for test: \d to change, \d unchanged$/)
    expect(lines[plan + 1]).toMatch(/^ {2}~ change {5}Resource group rg-/)
    expect(lines[plan + 2]).toBe('      tags.team: absent → "iot"')
    expect(lines.join('\n')).not.toContain('= keep')
    expect(log).toMatch(/^::group::\d unchanged\n {2}= keep/m)
  })

  it('of a check that fails says once what differs', async () => {
    await scenario.built()
    const run = await scenario.run({ operation: 'verify', tags: 'team=iot' })
    expect(run.exitCode).toBe(1)
    const about = run.failure.split('\n').filter((line) => line.includes('IoT hub'))
    expect(about).toEqual([
      expect.stringMatching(/^FAILED +IoT hub \S+: tags\.team: absent → "iot"$/)
    ])
    expect(run.log).toMatch(/^::group::\d+ of \d+ checks hold\nFAILED /m)
  })

  it('of a sweep of several environments has no group within another', async () => {
    for (const environment of ['one', 'two', 'three'])
      await scenario.apply({ environment, phases: 'identity', 'expires-after': '1h' })
    for (const { body } of scenario.all('resourceGroups'))
      body.tags['iot-expires'] = '2026-01-01T00:00:00Z'
    const { log } = await scenario.run({ operation: 'sweep' })
    const marks = log.match(/^::(?:group|endgroup)::/gm) ?? []
    expect(marks).toHaveLength(6)
    expect(marks.join('')).toBe('::group::::endgroup::'.repeat(3))
    for (const name of ['one', 'two', 'three'])
      expect(openLines(log)).toContainEqual(
        expect.stringMatching(new RegExp(`^removed +environment ${name}: it expired`))
      )
  })
})
