import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const action = mkdtempSync(join(tmpdir(), 'action-'))
afterAll(() => rmSync(action, { recursive: true }))
/** A composite action of somebody's calls ours. */
const job = { env: { GITHUB_ACTION_PATH: action } }

describe('the config file', () => {
  it('may be one that the calling action brought along', async () => {
    writeFileSync(join(action, 'iot.yml'), '{ location: westus2, hubs: [{ name: brought-along }] }')
    const config = join(action, 'iot.yml')
    const run = await scenario.step({ environment: 'test', operation: 'plan', config }, job)
    expect(run.exitCode).toBe(0)
    expect(JSON.stringify(run.plan)).toContain('brought-along')
  })

  it.each([
    ['a device that never ends', '/dev/zero', 'must lie in'],
    ['what a link leads to outside', join(action, 'link.yml'), 'must lie in'],
    ['a pipe that nobody writes into', join(action, 'pipe.yml'), 'must be a regular file']
  ])('is never %s: that is one of the problems that are told', async (_what, config, words) => {
    if (config.endsWith('link.yml')) symlinkSync('/proc/self/environ', config)
    if (config.endsWith('pipe.yml')) execFileSync('mkfifo', [config])
    const run = await scenario.run({ config, hub: '-illegal-' }, job)
    expect(run.exitCode).toBe(1)
    expect(run.requests).toEqual([])
    expect(run.failure).toContain('2 problems')
    expect(run.failure).toContain(`config: "${config}": ${words}`)
    expect(run.failure).toContain('-illegal-')
  })
})
