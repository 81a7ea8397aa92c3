import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'emulator-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The command as a person types it; the whole group is told to stop, as by Ctrl+C. */
function npm(...words: readonly string[]) {
  const child = spawn('npm', ['run', ...words], { cwd: root, detached: true })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const ended = new Promise<number | null>((done) => child.on('close', done))
  return {
    ended,
    said: () => said,
    running: () => child.exitCode === null,
    stop: () => process.kill(-(child.pid as number), 'SIGINT')
  }
}

describe('npm run emulator', () => {
  // Node takes --env-file for itself from anywhere on its command line, and ends when the file does not exist.
  it('writes the file that --env-file names, and runs until it is stopped', async () => {
    const file = join(folder, 'azure.env')
    const emulator = npm('emulator', '--', '--env-file', file)
    while (emulator.running() && !emulator.said().includes('is up')) await setTimeout(100)
    expect([emulator.running(), emulator.said()]).toEqual([true, expect.anything()])
    expect(readFileSync(file, 'utf8')).toMatch(/^export HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'$/m)
    emulator.stop()
    await emulator.ended
  })

  it('--help tells its options', async () => {
    const help = npm('emulator', '--', '--help')
    expect(await help.ended).toBe(0)
    for (const option of ['--env-file', '--profile', '--speed', '--config', '--faults']) {
      expect(help.said()).toContain(option)
    }
  })

  it('with an option that it does not know says so, and which there are', async () => {
    const wrong = npm('emulator', '--', '--env-flie', 'x')
    expect(await wrong.ended).not.toBe(0)
    expect(wrong.said()).toMatch(/Unknown option '--env-flie'[\s\S]*usage:/)
  })
})
