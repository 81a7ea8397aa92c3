import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** How one command ended. */
export interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a command prints; who asked knows its way around.
type Json = any

/** Characters that a command may print: a list of roles is long. */
const MOST = 64 * 1024 * 1024

/** An Azure CLI as it was published, signed in as a job of GitHub's is, with a home of its own. */
export class Az {
  /** Folder of its commands. */
  readonly bin: string
  readonly #env: NodeJS.ProcessEnv
  readonly #home: string

  private constructor(bin: string, env: NodeJS.ProcessEnv, home: string) {
    this.bin = bin
    this.#env = env
    this.#home = home
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
        NO_PROXY: '127.0.0.1,localhost'
      },
      home
    )
  }

  /** Runs a script of a shell as a person would paste it. */
  shell(script: string, cwd?: string): Promise<Told> {
    return this.#run('bash', ['-c', script], cwd)
  }

  /** Runs one command, however it ends. */
  try(...words: readonly string[]): Promise<Told> {
    return this.#run('az', words)
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
      set -euo pipefail
      token=$(curl --silent --fail --proxy "$HTTPS_PROXY" --cacert "$REQUESTS_CA_BUNDLE" \\
        --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
        "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | sed 's/.*"value":"\\([^"]*\\)".*/\\1/')
      az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" --federated-token "$token" --output none`)
    if (told.code !== 0) throw new Error(`az login: exit code ${told.code}\n${told.err}`)
  }

  leave(): Promise<void> {
    return rm(this.#home, { recursive: true })
  }

  #run(command: string, words: readonly string[], cwd?: string): Promise<Told> {
    return new Promise((resolve) => {
      execFile(
        command,
        [...words],
        { env: this.#env, maxBuffer: MOST, ...(cwd !== undefined && { cwd }) },
        (error, out, err) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1) || 1, out, err })
      )
    })
  }
}
