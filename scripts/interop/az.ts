import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** How one command ended. */
export interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a command prints; who asked knows its way around.
type Json = any

const RUNNER = fileURLToPath(new URL('./az.py', import.meta.url))

/** Characters that a command may print: a list of roles is long. */
const MOST = 64 * 1024 * 1024

/** An Azure CLI as it was published, signed in as a job of GitHub's is, with a home of its own. */
export class Az {
  /** Folder of its commands. */
  readonly bin: string
  readonly #env: NodeJS.ProcessEnv
  readonly #home: string
  /** Carries commands out, one after the other, without loading the CLI's modules for each. */
  readonly #runner: ChildProcessByStdio<Writable, Readable, null>
  readonly #told: AsyncIterator<string>
  #last: Promise<unknown> = Promise.resolve()

  private constructor(bin: string, env: NodeJS.ProcessEnv, home: string) {
    this.bin = bin
    this.#env = env
    this.#home = home
    this.#runner = spawn(`${bin}/python`, [RUNNER], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#told = createInterface({ input: this.#runner.stdout })[Symbol.asyncIterator]()
  }

  /** @param bin folder of its commands @param azure what leads to Azure */
  static async at(bin: string, azure: Readonly<Record<string, string>>): Promise<Az> {
    const home = await mkdtemp(join(tmpdir(), 'az-'))
    // Variables of this machine that lead elsewhere are not handed on.
    const { NODE_OPTIONS, ...leads } = azure
    return new Az(
      bin,
      {
        ...leads,
        PATH: [bin, process.env.PATH].join(delimiter),
        HOME: home,
        AZURE_CONFIG_DIR: home,
        AZURE_CORE_COLLECT_TELEMETRY: '0',
        AZURE_CORE_NO_COLOR: '1',
        // As the command itself says of an installation from PyPI.
        AZ_INSTALLER: 'PIP',
        NO_PROXY: '127.0.0.1,localhost'
      },
      home
    )
  }

  /** Runs a script of a shell as a person would paste it; an `az` in it is the command itself. */
  shell(script: string, cwd?: string): Promise<Told> {
    return new Promise((resolve) => {
      execFile(
        'bash',
        ['-c', script],
        { env: this.#env, maxBuffer: MOST, ...(cwd !== undefined && { cwd }) },
        (error, out, err) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1) || 1, out, err })
      )
    })
  }

  /** Runs one command, however it ends. @throws Error when there is no CLI to run it any more */
  try(...words: readonly string[]): Promise<Told> {
    const told = this.#last.then(async () => {
      this.#runner.stdin.write(`${JSON.stringify(words)}\n`)
      const { value, done } = await this.#told.next()
      if (done) throw new Error(`az ${words.join(' ')}: the CLI is gone`)
      return JSON.parse(value) as Told
    })
    this.#last = told
    return told
  }

  /** @returns what the command printed @throws Error when it fails */
  async ask(...words: readonly string[]): Promise<Json> {
    const { code, out, err } = await this.try(...words, '--output', 'json')
    if (code !== 0) throw new Error(`az ${words.join(' ')}: exit code ${code}\n${err}`)
    return out.trim() === '' ? undefined : JSON.parse(out)
  }

  /** Signs in with the token of a job, which it fetches as a step of a workflow would. */
  async signIn(): Promise<void> {
    const told = await this.shell(`
      curl --silent --fail --proxy "$HTTPS_PROXY" --cacert "$REQUESTS_CA_BUNDLE" \\
        --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
        "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange"`)
    if (told.code !== 0) throw new Error(`no token for az: exit code ${told.code}\n${told.err}`)
    const { value } = JSON.parse(told.out) as { value: string }
    const { AZURE_CLIENT_ID: client = '', AZURE_TENANT_ID: tenant = '' } = this.#env
    await this.ask(
      ...['login', '--service-principal', '--username', client, '--tenant', tenant],
      ...['--federated-token', value]
    )
  }

  /** Ends the CLI and takes its home away. */
  async leave(): Promise<void> {
    this.#runner.stdin.end()
    await this.#told.next()
    await rm(this.#home, { recursive: true })
  }
}
