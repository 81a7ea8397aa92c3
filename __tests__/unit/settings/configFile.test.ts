import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { FileRefusal, readJobFile } from '../../../src/settings/configFile.ts'

const root = mkdtempSync(join(tmpdir(), 'job-'))
afterAll(() => rmSync(root, { recursive: true }))

const folder = (name: string) => {
  const path = join(root, name)
  mkdirSync(path)
  writeFileSync(join(path, 'iot.yml'), name)
  return path
}
const env = {
  GITHUB_WORKSPACE: folder('workspace'),
  RUNNER_TEMP: folder('temp'),
  GITHUB_ACTION_PATH: folder('action')
}
const outside = join(folder('elsewhere'), 'iot.yml')
const inside = (name: string) => join(env.GITHUB_WORKSPACE, name)
const refusal = (path: string, now?: () => number): string => {
  try {
    return `read: ${readJobFile(path, env, now)}`
  } catch (error) {
    expect(error).toBeInstanceOf(FileRefusal)
    return (error as Error).message
  }
}

describe('a file of the job', () => {
  it('is read from workspace, RUNNER_TEMP and the folder of the calling action', () => {
    expect(readJobFile('iot.yml', env)).toBe('workspace')
    expect(readJobFile(join(env.RUNNER_TEMP, 'iot.yml'), env)).toBe('temp')
    expect(readJobFile(join(env.GITHUB_ACTION_PATH, 'iot.yml'), env)).toBe('action')
    symlinkSync(join(env.RUNNER_TEMP, 'iot.yml'), inside('link.yml'))
    expect(readJobFile('link.yml', env)).toBe('temp')
    mkdirSync(inside('..sub'))
    writeFileSync(inside('..sub/iot.yml'), 'dots')
    expect(readJobFile('..sub/iot.yml', env)).toBe('dots')
  })

  it('is not read from elsewhere, whatever leads there', () => {
    symlinkSync(outside, inside('out.yml'))
    symlinkSync(join(root, 'elsewhere'), inside('out'))
    for (const path of [
      outside,
      '../elsewhere/iot.yml',
      'out.yml',
      'out/iot.yml',
      '/proc/self/environ',
      '/dev/zero'
    ]) {
      expect([path, refusal(path)]).toEqual([path, expect.stringContaining('must lie in')])
    }
    // An unset variable is no folder: neither the root nor the current one.
    expect(() =>
      readJobFile(outside, { ...env, RUNNER_TEMP: '', GITHUB_ACTION_PATH: ' ' })
    ).toThrow(FileRefusal)
  })

  it('is no pipe, folder or device, and waits for none', () => {
    execFileSync('mkfifo', [inside('pipe.yml')])
    for (const path of ['pipe.yml', '..sub']) {
      expect([path, refusal(path)]).toEqual([path, expect.stringContaining('regular file')])
    }
  })

  it('is read up to its limits in size and time', () => {
    writeFileSync(inside('large.yml'), 'x'.repeat(1_100_000))
    expect(refusal('large.yml')).toContain('too large')
    let now = 0
    expect(refusal('iot.yml', () => (now += 11_000))).toContain('within 10 s')
  })

  it('that is not there is Node’s to tell', () => {
    expect(() => readJobFile('none.yml', env)).toThrow('ENOENT')
  })
})
