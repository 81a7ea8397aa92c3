import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Emulator } from '../../emulator/index.ts'
import { runAction } from '../../scripts/runner.ts'
import { startFastAzure } from './fastAzure.ts'
import type { Model } from './models.ts'

/** As the canary lives. */
const LIFE = [
  { location: 'westeurope' },
  { location: 'westeurope', operation: 'verify' },
  { location: 'westeurope' },
  { operation: 'destroy', confirm: 'canary' }
]

const RECORD = fileURLToPath(new URL('../../scripts/record.ts', import.meta.url))

export interface Recorded {
  /** The file that the recorder left. */
  readonly text: string
  /** What the world held while it was recorded, keys and all. */
  readonly secrets: readonly string[]
}

/** Records the canary's life with an emulated Azure, by the command. @throws Error when a run or the recorder fails */
export async function recorded(model: Model): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'))
  // With one process more on the way, an answer takes longer than where nothing stands between.
  const azure = await startFastAzure('fast', 60)
  const out = join(folder, 'recording.json')
  const recorder = await startRecorder(azure, join(folder, 'record.env'), out)
  try {
    let secrets: readonly string[] = []
    for (const inputs of LIFE) {
      const run = await runAction({
        inputs: { environment: 'canary', 'service-version': model, ...inputs },
        azure: { ...azure.env, ...recorder.way }
      })
      if (run.exitCode !== 0) throw new Error(run.log)
      if (inputs.location) secrets = secretsOf(azure)
    }
    const code = await recorder.end()
    if (code !== 0) throw new Error(`the recorder ended with ${code}`)
    return { text: readFileSync(out, 'utf8'), secrets }
  } finally {
    // Also when a run failed: nobody else ends it.
    await recorder.end()
    await azure.stop()
    rmSync(folder, { recursive: true })
  }
}

/** @returns the variables that lead through it, and how to end it */
async function startRecorder(azure: Emulator, envFile: string, out: string) {
  const { PATH = '' } = process.env
  const { HTTPS_PROXY = '', NODE_EXTRA_CA_CERTS = '' } = azure.env
  const recorder = spawn(process.execPath, ['--', RECORD, '--env-file', envFile, '--out', out], {
    env: { PATH, HTTPS_PROXY, NODE_EXTRA_CA_CERTS },
    stdio: 'inherit'
  })
  const ended = new Promise<number | null>((done) => recorder.on('close', done))
  while (!existsSync(envFile)) await setTimeout(50)
  const way = Object.fromEntries(
    readFileSync(envFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string])
  )
  const end = () => {
    recorder.kill('SIGTERM')
    return ended
  }
  return { way, end }
}

function secretsOf({ world, env }: Emulator): readonly string[] {
  const resources = [...world.resources.values(), ...world.enrollmentGroups.values()]
  const texts = JSON.stringify([resources, [...world.roleAssignments.values()]])
  return [
    ...Object.entries(env).flatMap(([name, value]) => (/_ID$/.test(name) ? [value] : [])),
    ...resources.map(({ id }) => id.split('/').at(-1) ?? '').filter((name) => name !== 'default'),
    ...(texts.match(/"(primaryKey|secondaryKey|idScope|thumbprint)":"([^"]+)"/g) ?? []).map(
      (pair) => pair.split('"')[3] ?? ''
    ),
    'octo-org',
    'eyJ'
  ]
}
