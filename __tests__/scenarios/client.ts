import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll } from '@jest/globals'

const SCRIPT = fileURLToPath(new URL('./converse.mjs', import.meta.url))

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: a body of any service, which a test knows its way around.
  readonly body: any
}

export interface Request {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is. */
  readonly text?: string
}

type Env = Readonly<Record<string, string>>

interface Line {
  readonly id: number
  readonly answer?: Answer
  readonly error?: string
}

/** A process that asks one emulated Azure, whoever wants to know: starting one for each request takes most of its time. */
class Client {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, (line: Line) => void>()
  #asked = 0

  constructor(env: Env) {
    this.#child = spawn(process.execPath, [SCRIPT], {
      env: { ...env, NODE_OPTIONS: '', NODE_USE_ENV_PROXY: '1' },
      stdio: ['pipe', 'pipe', 'ignore']
    })
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line
      this.#waiting.get(line.id)?.(line)
      this.#waiting.delete(line.id)
    })
    this.#child.on('close', () => {
      for (const [id, tell] of this.#waiting) tell({ id, error: 'the client has ended' })
    })
  }

  ask(request: object): Promise<Line> {
    const id = this.#asked++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#child.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
    })
  }

  end(): void {
    this.#child.kill()
  }
}

const clients = new Map<string, Client>()
afterAll(() => {
  for (const client of clients.values()) client.end()
})

/**
 * Another client of the emulated Azure: Node's own fetch, in a process of its own, through proxy and CA like any other.
 *
 * @param env what leads there
 * @throws Error when there is no answer
 */
export async function ask(env: Env, { text, body, headers, ...request }: Request): Promise<Answer> {
  const key = JSON.stringify(env)
  const client = clients.get(key) ?? new Client(env)
  clients.set(key, client)
  const { answer, error } = await client.ask({
    ...request,
    headers: { 'content-type': 'application/json', ...headers },
    body: text ?? (body === undefined ? undefined : JSON.stringify(body))
  })
  if (answer === undefined) throw new Error(`no answer from ${request.url}: ${error}`)
  return answer
}
