import { createServer, type IncomingMessage } from 'node:http'
import type { ConfigPatch } from './config.ts'
import type { Fault } from './faults.ts'
import { listen } from './proxy.ts'
import type { Exchange } from './record.ts'

/** What can be asked of, and told to, a running emulator. */
interface Controlled {
  readonly requests: readonly Exchange[]
  state(): unknown
  configure(patch: ConfigPatch): void
  setFaults(faults: readonly Fault[]): void
  reset(): void
}

export interface Control {
  readonly url: string
  stop(): Promise<void>
}

/** The control address: plain HTTP on loopback, JSON both ways. */
export async function startControl(emulator: Controlled): Promise<Control> {
  const routes: Readonly<Record<string, (body: unknown) => unknown>> = {
    'GET /requests': () => emulator.requests,
    'GET /state': () => emulator.state(),
    'POST /config': (body) => emulator.configure(body as ConfigPatch),
    'POST /faults': (body) => emulator.setFaults(body as readonly Fault[]),
    'POST /reset': () => emulator.reset()
  }
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    }
    const act = routes[`${request.method} ${request.url}`]
    if (act === undefined)
      return send(404, { error: `use one of: ${Object.keys(routes).join(', ')}` })
    read(request)
      .then((body) => {
        const answer = act(body)
        send(answer === undefined ? 204 : 200, answer)
      })
      .catch((error: unknown) => send(400, { error: String(error) }))
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? undefined : JSON.parse(text)
}
