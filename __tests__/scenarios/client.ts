import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('./request.mjs', import.meta.url))

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
}

/** Another client of the emulated Azure: Node's own fetch, in a process of its own, through proxy and CA like any other. */
export async function ask(
  env: Readonly<Record<string, string>>,
  request: Request & {
    /** Sent as it is. */
    readonly text?: string
  }
): Promise<Answer> {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { ...env, NODE_OPTIONS: '', NODE_USE_ENV_PROXY: '1' },
    stdio: ['pipe', 'pipe', 'ignore']
  })
  child.stdin.end(
    JSON.stringify({
      ...request,
      headers: { 'content-type': 'application/json', ...request.headers },
      body: request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
    })
  )
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  if (text === '') throw new Error(`no answer from ${request.url}`)
  return JSON.parse(text) as Answer
}
