import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Answer, Request } from './client.ts'

const SCRIPT = fileURLToPath(new URL('./converse.mjs', import.meta.url))

/** A client that asks again and again: one process for all its requests, which come and go in order. */
export class Conversation {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #answers: AsyncIterator<string>

  constructor(env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [SCRIPT], {
      env: { ...env, NODE_OPTIONS: '', NODE_USE_ENV_PROXY: '1' },
      stdio: ['pipe', 'pipe', 'ignore']
    })
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async ask({ url, method, headers, body }: Request): Promise<Answer> {
    const request = {
      url,
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body)
    }
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`no answer from ${url}`)
    return JSON.parse(value) as Answer
  }

  end(): void {
    this.#child.stdin.end()
  }
}
