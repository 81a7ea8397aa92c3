import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const MINUTE = 60_000

describe('a runner whose clock is wrong', () => {
  it.each([
    ['20 minutes behind', 20 * MINUTE],
    ['20 minutes ahead of', -20 * MINUTE]
  ])('by %s is told so first, and signs by the clock of Azure', async (words, clockSkewMs) => {
    scenario.configure({ clockSkewMs })
    const run = await scenario.apply()
    const annotations = run.log.match(/^::(warning|error) .*$/gm) ?? []
    expect(annotations[0]).toContain(`The clock of this machine is ${words} Azure's`)
    expect(run.log.indexOf('::warning')).toBeLessThan(run.log.indexOf('::group::Plan for test'))
    expect(annotations.filter((one) => one.includes('clock'))).toHaveLength(1)
    expect(run.summary).toContain('The clock of this machine')
    // No signature was refused.
    expect(run.requests.filter(({ status }) => status === 401)).toEqual([])
    expect(scenario.enrollmentGroup.body.enrollmentGroupId).toBeDefined()
  })

  it('by a minute is no matter', async () => {
    scenario.configure({ clockSkewMs: MINUTE })
    expect((await scenario.apply()).log).not.toContain('clock')
  })
})
