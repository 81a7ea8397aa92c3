import { readFileSync } from 'node:fs'
import { request as connectTo, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { rootCertificates } from 'node:tls'

/** One request on its way to the host that it is for. */
export interface Outgoing {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How requests leave this machine: straight, or through the proxy that its environment names. */
export interface Upstream {
  /** Resolves with the answer's head; its body has still to be read. */
  send(outgoing: Outgoing): Promise<IncomingMessage>
  /** Joins a connection with one to that host, port 443, whose contents stay its own. */
  tunnel(host: string, client: Socket): void
  /** Ends the connections that are kept for later. */
  stop(): void
}

/** @param env with HTTPS_PROXY and NODE_EXTRA_CA_CERTS, where a way out needs them */
export function createUpstream(env: Readonly<Record<string, string | undefined>>): Upstream {
  const { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: extra } = env
  const agent = new Agent({
    keepAlive: true,
    ca: [...rootCertificates, ...(extra ? [readFileSync(extra, 'utf8')] : [])],
    ...(proxy && { proxyEnv: { HTTPS_PROXY: proxy } })
  })
  return {
    send: ({ method, url, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = request(url, { method, headers, agent }, resolve)
        sent.on('error', reject)
        sent.end(body)
      }),
    tunnel(host, client) {
      const join = (server: Socket) => {
        client.on('error', () => server.destroy()).on('close', () => server.destroy())
        server.on('error', () => client.destroy()).on('close', () => client.destroy())
        client.pipe(server).pipe(client)
      }
      if (!proxy) return join(connect(443, host))
      const asked = connectTo(proxy, { method: 'CONNECT', path: `${host}:443` })
      asked.on('error', () => client.destroy())
      asked.on('connect', (response, server) =>
        response.statusCode === 200 ? join(server as Socket) : client.destroy()
      )
      asked.end()
    },
    stop: () => agent.destroy()
  }
}
