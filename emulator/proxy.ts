import { createServer, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Effect } from './faults.ts'

export interface Proxy {
  readonly url: string
  stop(): Promise<void>
}

export interface ProxyOptions {
  /** Takes over a connection to a host that it knows: the only place that this proxy leads to. */
  readonly accept: (connection: Socket, host: string) => void
  readonly knows: (host: string) => boolean
  /** What keeps a tunnel to the host from being opened, if anything does. */
  readonly meet: (host: string) => Effect | undefined
  /** Told about every host that was refused, and with which status; 0 for one that is left without an answer. */
  readonly refused: (method: string, target: string, status: number) => void
}

/** Listens on loopback with a free port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

function refusal(status: number, headers: Readonly<Record<string, string>>): string {
  const all = { ...headers, 'Content-Length': '0', Connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`
}

/** The way in: CONNECT to any host the emulator plays leads to its TLS server, in this process; all else is a 502. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((request, response) => {
    options.refused(request.method ?? 'GET', request.url ?? '', 502)
    response.writeHead(502, { 'content-type': 'text/plain' })
    response.end('only CONNECT to hosts of the emulator\n')
  })
  server.on('connection', track)
  server.on('connect', (request, stream, head) => {
    const client = stream as Socket
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(request.url ?? '') ?? []
    const unknown = port !== '443' || !options.knows(host.toLowerCase())
    const effect = unknown ? ({ kind: 'tunnel', status: 502 } as const) : options.meet(host)
    if (effect?.kind === 'tunnel') {
      const { status = 0, headers = {} } = effect
      options.refused('CONNECT', request.url ?? '', status)
      if (status !== 0) client.end(refusal(status, headers))
      return
    }
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) client.unshift(head)
    client.setNoDelay(true)
    options.accept(client, host.toLowerCase())
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
  }
}
