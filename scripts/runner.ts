import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { parse } from 'yaml'
import { push, type Repository, type Trigger } from './trigger.ts'
import { BUNDLE, NODE_VARIABLES } from './underTest.ts'

/** How one run of the action ended, as the runner and the next steps of a job would see it. */
export interface ActionRun {
  readonly exitCode: number
  /** Milliseconds from the start of the process to its end. */
  readonly durationMs: number
  /** Everything that the action printed, workflow commands included, without its colours. */
  readonly log: string
  /** The same as it was printed. */
  readonly coloured: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Values handed to `::add-mask::`. */
  readonly masked: readonly string[]
}

/** The job that a step is in. */
export interface Job {
  /** What set the workflow off; a push to the default branch when absent. */
  readonly trigger?: Trigger
  readonly repository?: Repository
  /** `env` of workflow, job and step, over what leads to Azure; an empty string is what a workflow has there. */
  readonly env?: Readonly<Record<string, string>>
  /** What lies in the workspace, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** False without `permissions: id-token: write`; true when absent. */
  readonly idToken?: boolean
  /** Over what the runner itself sets; undefined takes a variable away. */
  readonly runner?: Readonly<Record<string, string | undefined>>
  /** True when the run was started with debug logging. */
  readonly debug?: boolean
}

export interface ActionOptions {
  /** What stands under `with`, by input name: `hub-location`. */
  readonly inputs: Readonly<Record<string, string>>
  /** Where Azure is. */
  readonly azure: Readonly<Record<string, string>>
  readonly job?: Job
  /** Sends the action a signal once it resolves, as the runner does to a cancelled job or nobody does to a crashed one. */
  readonly interrupt?: Promise<'SIGINT' | 'SIGTERM' | 'SIGKILL'>
  /** Told every line as it is printed, without its colours. */
  readonly onLine?: (line: string) => void
  /** Told that everything is prepared: the process is started next. */
  readonly onStart?: () => void
}

/**
 * Starts the bundle as a runner does: every input of action.yml in the environment, with its default where `with` is silent
 * and the empty string where there is none; the variables of a hosted runner; outputs and summary through files; the
 * workspace as the folder.
 */
export async function runAction({
  inputs,
  azure,
  job = {},
  interrupt,
  onLine = () => {},
  onStart = () => {}
}: ActionOptions): Promise<ActionRun> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-'))
  const workspace = join(folder, 'workspace')
  const files = {
    GITHUB_ENV: join(folder, 'env'),
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_PATH: join(folder, 'path'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary')
  }
  const { trigger = push(), repository = REPOSITORY } = job
  try {
    await mkdir(workspace)
    for (const [name, text] of Object.entries(job.files ?? {}))
      await writeFile(join(workspace, name), text)
    await Promise.all(Object.values(files).map((file) => writeFile(file, '')))
    await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(payloadOf(trigger, repository)))
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      ...NODE_VARIABLES,
      ...idTokenOf(job, repository, azure),
      ...job.env,
      ...contextOf(repository),
      ...trigger.variables,
      ...(job.debug && { RUNNER_DEBUG: '1' }),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: folder,
      ...files,
      ...inputVariables(inputs),
      ...job.runner
    }
    onStart()
    const ended = await start(env, workspace, onLine, interrupt)
    return {
      ...ended,
      outputs: parseOutputs(await readFile(files.GITHUB_OUTPUT, 'utf8')),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
      masked: [...ended.log.matchAll(/^::add-mask::(.*)$/gm)].map(([, value]) => value as string)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

export const REPOSITORY: Repository = { name: 'octo-org/octo-repo', id: '123456789' }

const ACTION = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly outputs: Readonly<Record<string, unknown>>
}

const DECLARED = Object.entries(ACTION.inputs).map(
  ([name, { default: text = '' }]) => [name, text] as const
)

/** The outputs that action.yml tells of. A runner hands on others too, but nobody knows of them. */
export const DECLARED_OUTPUTS: readonly string[] = Object.keys(ACTION.outputs)

/** What no input is called reaches the action all the same; the runner only warns of it. */
function inputVariables(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(DECLARED), ...given }).map(([name, value]) => [
      `INPUT_${name.toUpperCase().replaceAll(' ', '_')}`,
      value
    ])
  )
}

/** The event as GitHub tells it, with the repository and the sender that every event carries. */
export function payloadOf({ payload }: Trigger, { name, id }: Repository): object {
  const [owner = ''] = name.split('/')
  const repository = {
    id: Number(id),
    full_name: name,
    default_branch: 'main',
    owner: { login: owner }
  }
  return { ...payload({ name, id }), repository, sender: { login: 'octocat' } }
}

/** https://docs.github.com/actions/reference/variables, for a hosted runner on Linux. */
function contextOf({ name, id, server }: Repository): Readonly<Record<string, string>> {
  const [owner = ''] = name.split('/')
  const api = server === undefined ? 'https://api.github.com' : `${server}/api/v3`
  const graphql = server === undefined ? `${api}/graphql` : `${server}/api/graphql`
  return {
    CI: 'true',
    GITHUB_ACTION: 'iot',
    GITHUB_ACTION_REF: 'v1',
    GITHUB_ACTION_REPOSITORY: 'octo-org/provision-azure-iot',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '583231',
    GITHUB_API_URL: api,
    GITHUB_GRAPHQL_URL: graphql,
    GITHUB_JOB: 'provision',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REPOSITORY: name,
    GITHUB_REPOSITORY_ID: id,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: '9919',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '17',
    GITHUB_RUN_NUMBER: '3',
    GITHUB_SERVER_URL: server ?? 'https://github.com',
    GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'iot',
    GITHUB_WORKFLOW_REF: `${name}/.github/workflows/iot.yml@refs/heads/main`,
    GITHUB_WORKFLOW_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TOOL_CACHE: '/opt/hostedtoolcache'
  }
}

/** What leads to GitHub's OIDC provider, whose address is every job's own. */
function idTokenOf(
  { idToken = true }: Job,
  { name, id }: Repository,
  azure: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN, ...others } = azure
  if (!idToken || address === undefined || ACTIONS_ID_TOKEN_REQUEST_TOKEN === undefined)
    return others
  const url = new URL(address)
  url.searchParams.set('repository', name)
  url.searchParams.set('repository_id', id)
  return { ...others, ACTIONS_ID_TOKEN_REQUEST_URL: url.href, ACTIONS_ID_TOKEN_REQUEST_TOKEN }
}

async function start(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  onLine: (line: string) => void,
  interrupt?: Promise<NodeJS.Signals>
): Promise<Pick<ActionRun, 'exitCode' | 'durationMs' | 'log' | 'coloured'>> {
  const started = performance.now()
  const child = spawn(process.execPath, [BUNDLE], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  void interrupt?.then((signal) => child.kill(signal))
  const ended = new Promise<{ exitCode: number; durationMs: number }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ exitCode: code ?? -1, durationMs: performance.now() - started })
    )
  })
  const lines: string[] = []
  const read = async (stream: Readable) => {
    for await (const line of createInterface(stream)) {
      lines.push(line)
      onLine(line.replace(COLOUR, ''))
    }
  }
  const [end] = await Promise.all([ended, read(child.stdout), read(child.stderr)])
  const coloured = `${lines.join('\n')}\n`
  return { ...end, log: coloured.replace(COLOUR, ''), coloured }
}

/** The colours that the action itself puts into its log: bold, red, green, yellow, grey, and their end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const COLOUR = /\u001b\[(?:0|1|31|32|33|90)m/g

/** GitHub's file format: `name<<delimiter`, the value's lines, the delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name, , value] of text.matchAll(/^([^\n=]+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)) {
    outputs[name as string] = value as string
  }
  return outputs
}
