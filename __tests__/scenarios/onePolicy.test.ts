import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

describe('a namespace that may have one policy', () => {
  it.each(['limit', 'quota', 'conflict', 'operation'] as const)(
    'refuses the second (%s), and the run says so and what to do',
    async (policyRefusal) => {
      await scenario.built()
      scenario.configure({ quotas: { policies: 1 }, policyRefusal })
      const run = await scenario.run({ policies: 'default=30\nother=7' })
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('Could not create Policy beside default: /subscriptions/')
      expect(run.failure).toContain('/policies/other')
      expect(run.failure).toMatch(/Azure said (\w*LimitExceeded|\w*QuotaExceeded|Conflict) /)
      for (const words of [
        'one credential and one policy per namespace',
        '`policies` one entry',
        'another namespace',
        'successor',
        'docs/troubleshooting.md#secondpolicy',
        'correlation id'
      ])
        expect(run.failure).toContain(words)
      // What is there goes on, and one entry is well.
      const one = await scenario.apply({ policies: 'default=30' })
      expect(one.writes).toEqual([])
    }
  )

  it('refuses one of two that are asked for at once', async () => {
    scenario.configure({ quotas: { policies: 1 } })
    const run = await scenario.run({ policies: 'default=30\nother=7' })
    expect(run.failure).toMatch(/Could not create Policy beside (default|other): /)
  })

  it('is not named for a refusal of another kind', async () => {
    await scenario.built()
    const body = { error: { code: 'ResourceProvisioningFailed', message: 'The namespace failed.' } }
    scenario.azure.setFaults([
      { method: 'PUT', path: '/policies/other', effect: { kind: 'answer', status: 409, body } }
    ])
    const run = await scenario.run({ policies: 'default=30\nother=7' })
    expect(run.failure).toContain('ResourceProvisioningFailed')
    expect(run.failure).not.toContain('one policy')
  })
})
