import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BUNDLE = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** How one run of the action ended, as the runner and the next steps of a job would see it. */
export interface ActionRun {
  readonly exitCode: number
  /** Everything that the action printed, workflow commands included. */
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Values handed to `::add-mask::`. */
  readonly masked: readonly string[]
}

export interface ActionOptions {
  /** By input name: `hub-location`. */
  readonly inputs: Readonly<Record<string, string>>
  /** Where Azure is. */
  readonly azure: Readonly<Record<string, string>>
  /** What the runner sets beyond the usual; an empty string takes a variable away. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the bundle as a runner does: inputs and context in the environment, outputs and summary through files. */
export async function runAction({ inputs, azure, env = {} }: ActionOptions): Promise<ActionRun> {
  const folder = await mkdtemp(join(tmpdir(), 'action-'))
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary')
  }
  try {
    await Promise.all(Object.values(files).map((file) => writeFile(file, '')))
    const variables: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'contoso/fleet',
      GITHUB_REPOSITORY_ID: '123456789',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SERVER_URL: 'https://github.com',
      ...azure,
      ...files,
      ...env
    }
    for (const [name, value] of Object.entries(inputs)) {
      variables[`INPUT_${name.toUpperCase().replaceAll(' ', '_')}`] = value
    }
    const present = Object.entries(variables).filter(([, value]) => value !== '')
    const { exitCode, log } = await start(Object.fromEntries(present), folder)
    return {
      exitCode,
      log,
      outputs: parseOutputs(await readFile(files.GITHUB_OUTPUT, 'utf8')),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
      masked: [...log.matchAll(/^::add-mask::(.*)$/gm)].map(([, value]) => value as string)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function start(
  env: Readonly<Record<string, string>>,
  cwd: string
): Promise<{ exitCode: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BUNDLE], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ exitCode: code ?? -1, log }))
  })
}

/** GitHub's file format: `name<<delimiter`, the value's lines, the delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name, , value] of text.matchAll(/^([^\n=]+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)) {
    outputs[name as string] = value as string
  }
  return outputs
}
