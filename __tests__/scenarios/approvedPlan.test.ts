import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const digestNow = async () => (await scenario.run({ operation: 'plan' })).outputs['plan-digest']

describe('a plan that was approved', () => {
  it('is applied while it is the same', async () => {
    const plan = await scenario.run({ operation: 'plan', 'expires-after': '7d' })
    expect(plan.outputs['changes-count']).toBe('13')
    expect(plan.outputs['changes-markdown']).toMatch(/^- ➕ \*\*create\*\* IoT hub `/m)
    expect(plan.outputs['changes-markdown']).toMatch(/ {2}- sku\\?\.name: .*GEN2/)
    const digest = plan.outputs['plan-digest'] ?? ''
    await scenario.apply({ 'expected-plan': digest, 'expires-after': '2d' })
    const after = await scenario.run({ operation: 'plan' })
    expect(after.outputs['changes-count']).toBe('0')
    expect(after.outputs['plan-digest']).not.toBe(digest)
  })

  it('is not applied once Azure is another', async () => {
    await scenario.built()
    const digest = (await digestNow()) ?? ''
    scenario.set('IotHubs', 'tags', {})
    scenario.remove(scenario.only('policies').id)
    const run = await scenario.run({ 'expected-plan': digest })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('The plan is not the one that was approved')
    expect(run.failure).toMatch(/\+ create {5}Policy default/)
    expect(run.failure).toContain('operation: plan')
  })

  it('is not applied once the inputs are another', async () => {
    const digest = (await digestNow()) ?? ''
    const run = await scenario.run({ 'expected-plan': digest, 'leaf-validity-days': '14' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
  })
})
