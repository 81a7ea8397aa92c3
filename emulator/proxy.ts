import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Proxy {
  readonly url: string
  stop(): Promise<void>
}

export interface ProxyOptions {
  /** Takes over a connection: the only place that this proxy leads to. */
  readonly accept: (connection: Socket) => void
  readonly knows: (host: string) => boolean
  /** Told about every host that was refused. */
  readonly refused: (method: string, target: string) => void
}

/** Listens on loopback with a free port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
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
    options.refused(request.method ?? 'GET', request.url ?? '')
    response.writeHead(502, { 'content-type': 'text/plain' })
    response.end('only CONNECT to hosts of the emulator\n')
  })
  server.on('connection', track)
  server.on('connect', (request, stream, head) => {
    const client = stream as Socket
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(request.url ?? '') ?? []
    if (port !== '443' || !options.knows(host.toLowerCase())) {
      options.refused('CONNECT', request.url ?? '')
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      return
    }
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) client.unshift(head)
    client.setNoDelay(true)
    options.accept(client)
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
