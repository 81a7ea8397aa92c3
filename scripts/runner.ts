import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const BUNDLE = fileURLToPath(new URL('../dist/index.js', import.meta.url))

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
  /** What set the workflow off, as GitHub tells it. */
  readonly event?: object
  /** Sends the action a signal once it resolves, as the runner does to a cancelled job or nobody does to a crashed one. */
  readonly interrupt?: Promise<'SIGINT' | 'SIGTERM' | 'SIGKILL'>
  /** Told every line as it is printed. */
  readonly onLine?: (line: string) => void
}

/** Starts the bundle as a runner does: inputs and context in the environment, outputs and summary through files. */
export async function runAction({
  inputs,
  azure,
  env = {},
  event = {},
  interrupt,
  onLine = () => {}
}: ActionOptions): Promise<ActionRun> {
  const folder = await mkdtemp(join(tmpdir(), 'action-'))
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_EVENT_PATH: join(folder, 'event.json')
  }
  try {
    await Promise.all(Object.values(files).map((file) => writeFile(file, '')))
    await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(event))
    const variables: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_REPOSITORY_ID: '123456789',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SERVER_URL: 'https://github.com',
      // A run compiles the bundle anew; hundreds of them need not.
      NODE_COMPILE_CACHE: join(tmpdir(), 'provision-azure-iot-compiled'),
      ...azure,
      ...files,
      ...env
    }
    for (const [name, value] of Object.entries(inputs)) {
      variables[`INPUT_${name.toUpperCase().replaceAll(' ', '_')}`] = value
    }
    const present = Object.entries(variables).filter(([, value]) => value !== '')
    const { exitCode, log } = await start(Object.fromEntries(present), folder, onLine, interrupt)
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

async function start(
  env: Readonly<Record<string, string>>,
  cwd: string,
  onLine: (line: string) => void,
  interrupt?: Promise<NodeJS.Signals>
): Promise<{ exitCode: number; log: string }> {
  const child = spawn(process.execPath, [BUNDLE], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  void interrupt?.then((signal) => child.kill(signal))
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? -1))
  })
  const lines: string[] = []
  const read = async (stream: Readable) => {
    for await (const line of createInterface(stream)) {
      lines.push(line)
      onLine(line)
    }
  }
  const [exitCode] = await Promise.all([ended, read(child.stdout), read(child.stderr)])
  return { exitCode, log: `${lines.join('\n')}\n` }
}

/** GitHub's file format: `name<<delimiter`, the value's lines, the delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name, , value] of text.matchAll(/^([^\n=]+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)) {
    outputs[name as string] = value as string
  }
  return outputs
}
