import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { MAJOR, repository } from '../repository.ts'
import { payloadOf, REPOSITORY } from '../runner.ts'
import type { Trigger } from '../trigger.ts'
import { type Files, layAction, layCheckout } from './checkout.ts'
import { read, type Seen, type Told } from './log.ts'

/** Of the wall clock, for one workflow: one that hangs is ended, and has failed. */
const SECONDS = 120

/** What GITHUB_TOKEN is worth here: anything that no text contains by accident, as act hides it everywhere. */
const TOKEN = 'emulated-github-token'

export interface Job {
  /** Path of the workflow below the repository's top. */
  readonly workflow: string
  readonly trigger: Trigger
  /** What leads to Azure, for the steps alone. */
  readonly env: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, string>>
  /** What else lies in the checkout, by its path there. */
  readonly files?: Files
}

/** Lets act run a workflow on this machine, in folders of its own, with Node and the witnesses first on the path. */
export async function runWorkflow(job: Job, bin: string): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), 'act-'))
  const at = (name: string) => join(folder, name)
  try {
    const workflow = layCheckout(at('checkout'), job.workflow, job.files ?? {})
    layAction(at('action'))
    await writeFile(at('event.json'), JSON.stringify(payloadOf(job.trigger, REPOSITORY)))
    await writeFile(at('env'), variables({ ...job.env, GITHUB_REPOSITORY_ID: REPOSITORY.id }))
    await writeFile(at('vars'), variables(job.vars))
    const args = [
      ...[job.trigger.variables.GITHUB_EVENT_NAME ?? 'push', '--workflows', workflow],
      ...['--eventpath', at('event.json'), '--env-file', at('env'), '--var-file', at('vars')],
      ...['--platform', 'ubuntu-latest=-self-hosted', '--secret', `GITHUB_TOKEN=${TOKEN}`],
      ...['--action-cache-path', at('cache'), '--no-cache-server', '--actor', 'octocat', '--json'],
      // Jobs that may run at once do, on one core as well.
      ...['--concurrent-jobs', '4'],
      // What stands in the examples for a release of the action is this folder; nothing is fetched.
      ...['--local-repository', `${repository.slug}@${MAJOR}=${at('action')}`]
    ]
    return read(await start(`${bin}/act`, args, at('checkout'), pathOf(bin)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A runner's `node24` is here whatever `node` the path finds first: the one that runs this. */
function pathOf(bin: string): string {
  return [dirname(process.execPath), bin, process.env.PATH].join(':')
}

function variables(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/** @returns the lines that act told; what it says on the other stream is part of an error alone */
async function start(
  command: string,
  args: readonly string[],
  cwd: string,
  path: string
): Promise<readonly Told[]> {
  const child = spawn(command, args, {
    cwd,
    // A home of its own keeps a person's settings of act out, and nothing here leads act itself to the emulator.
    env: { PATH: path, HOME: dirname(cwd) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: SECONDS * 1_000
  })
  const ended = new Promise<void>((done, fail) => {
    child.on('error', fail)
    child.on('close', () => done())
  })
  const told: Told[] = []
  const errors: string[] = []
  const listen = async (stream: typeof child.stdout, line: (text: string) => void) => {
    for await (const text of createInterface(stream)) line(text)
  }
  await Promise.all([
    ended,
    listen(child.stdout, (text) => told.push(JSON.parse(text) as Told)),
    listen(child.stderr, (text) => errors.push(text))
  ])
  if (!told.some(({ jobID }) => jobID !== undefined) && child.exitCode !== 0)
    throw new Error(`act ran no job:\n${[...told.map(({ msg }) => msg), ...errors].join('\n')}`)
  return told
}
