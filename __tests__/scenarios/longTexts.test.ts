import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Nobody reads fifty thousand lines, and GitHub shows none of a summary or an annotation that has them. */
const ENDLESS = 'taken\n'.repeat(50_000)

function expectShort(run: Awaited<ReturnType<typeof scenario.run>>): void {
  expect(run.exitCode).toBe(1)
  expect(run.summary).toContain('### What happened')
  const { plan = '', result = '' } = run.outputs
  for (const text of [run.log, run.summary, plan, result]) expect(text.length).toBeLessThan(60_000)
  expect(run.log.split(/\n|%0A/).length).toBeLessThan(500)
}

describe('a text of Azure with fifty thousand lines is told in some of them', () => {
  it('when a name is taken', async () => {
    const body = { nameAvailable: false, reason: 'AlreadyExists', message: ENDLESS }
    const effect = { kind: 'answer', status: 200, body } as const
    scenario.azure.setFaults([{ method: 'POST', path: 'checkNameAvailability', times: 99, effect }])
    const run = await scenario.run()
    expectShort(run)
    expect(run.failure).toContain('its name is not available')
    expect(run.failure).toContain('Give another one')
    expect(run.failure).toContain('(300000 characters)')
  })

  it('when the credential is not synchronized', async () => {
    await scenario.built({ phases: 'identity,namespace,certificates,hub,dps' })
    const effect = {
      kind: 'operation',
      end: 'Failed',
      error: { code: 'X', message: ENDLESS }
    } as const
    scenario.azure.setFaults([{ method: 'POST', path: '/synchronize\\?', times: 999, effect }])
    const run = await scenario.run()
    expectShort(run)
    expect(run.failure).toContain('did not bring every CA certificate')
    expect(run.failure).toContain('az role assignment list')
  }, 60_000)
})
