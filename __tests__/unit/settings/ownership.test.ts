import { describe, expect, it } from '@jest/globals'
import { readOwnership } from '../../../src/settings/ownership.ts'
import { RUNNER } from './fakeInputs.ts'

const unexpected = () => {
  throw new Error('no problem was expected')
}
const branch = (env: Record<string, string>) =>
  readOwnership({ ...RUNNER, ...env }, 'e', unexpected).branch

describe('readOwnership', () => {
  it('finds the branch of a push, of a pull request, and none of a tag', () => {
    expect(branch({ GITHUB_REF: 'refs/heads/feature/x' })).toBe('feature/x')
    expect(branch({ GITHUB_REF: 'refs/pull/7/merge', GITHUB_HEAD_REF: 'topic' })).toBe('topic')
    expect(branch({ GITHUB_REF: 'refs/pull/7/merge', GITHUB_HEAD_REF: '' })).toBeUndefined()
    expect(branch({ GITHUB_REF: 'refs/tags/v1' })).toBeUndefined()
  })

  it('refuses what no runner sets', () => {
    const problems: string[] = []
    const env = { GITHUB_REPOSITORY: 'thermostat', GITHUB_REPOSITORY_ID: 'x1' }
    readOwnership(env, 'e', (input, value, rule) => problems.push(`${input} ${value}: ${rule}`))
    expect(problems).toEqual([
      'GITHUB_REPOSITORY thermostat: must be OWNER/NAME',
      'GITHUB_REPOSITORY_ID x1: must be a number'
    ])
  })
})
