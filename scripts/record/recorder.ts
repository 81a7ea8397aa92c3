import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsed, textOf } from '../../emulator/body.ts'
import { makeCertificates } from '../../emulator/certificates.ts'
import { allHosts } from '../../emulator/clouds.ts'
import { startProxy } from '../../emulator/proxy.ts'
import { type Exchange, keptHeaders } from '../../emulator/record.ts'
import { createUpstream } from './upstream.ts'

/** Hosts whose connections are opened; all other are led through as they are. */
const RECORDED = [
  'login.microsoftonline.com',
  'management.azure.com',
  'graph.microsoft.com',
  '*.azure-devices-provisioning.net'
].flatMap(allHosts)

/** Headers of one connection alone (RFC 9110, 7.6.1), and what would make the answer unreadable here. */
const HOP =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|accept-encoding)$/

export interface Recorder {
  /** Variables that lead a client through here. */
  readonly env: Readonly<Record<string, string>>
  /** Everything that was asked so far, with all that is secret in it. */
  readonly exchanges: readonly Exchange[]
  /** Who signed in, as the tokens told. */
  readonly principals: ReadonlySet<string>
  stop(): Promise<void>
}

/**
 * The emulator's way in, in front of the real hosts: passes everything on, and remembers what Azure was asked and said.
 *
 * @param env how this machine reaches them, see createUpstream
 */
export async function startRecorder(
  env: Readonly<Record<string, string | undefined>>
): Promise<Recorder> {
  const upstream = createUpstream(env)
  const exchanges: Exchange[] = []
  const principals = new Set<string>()
  const certificates = await makeCertificates(RECORDED)
  let connections = 0
  const numbers = new WeakMap<Socket, number>()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = Date.now()
    const host = (request.headers.host ?? '').split(':')[0]?.toLowerCase() ?? ''
    const url = new URL(request.url ?? '/', `https://${host}`)
    const body = await textOf(request)
    const asked = parsed(body, request.headers['content-type'])
    const exchange: Exchange = {
      time: new Date(started).toISOString(),
      method: request.method ?? 'GET',
      host,
      url: url.href,
      connection: numbers.get(request.socket) ?? -1,
      status: 0,
      durationMs: 0,
      requestHeaders: keptHeaders(request.headers),
      ...(asked !== undefined && { requestBody: asked }),
      responseHeaders: {}
    }
    exchanges.push(exchange)
    const principal = principalOf(request.headers.authorization)
    if (principal !== undefined) principals.add(principal)
    const kept = Object.entries(request.headers).filter(([name]) => !HOP.test(name))
    const headers = { ...Object.fromEntries(kept), 'accept-encoding': 'identity' }
    const answer = await upstream.send({ method: exchange.method, url, headers, body })
    const text = await textOf(answer)
    exchange.status = answer.statusCode ?? 0
    exchange.durationMs = Date.now() - started
    exchange.responseHeaders = keptHeaders(answer.headers)
    const told = parsed(text, answer.headers['content-type'])
    if (told !== undefined) exchange.responseBody = told
    for (const [name, value] of Object.entries(answer.headers))
      if (!HOP.test(name) && value !== undefined) response.setHeader(name, value)
    response.writeHead(exchange.status)
    response.end(text)
  }

  const server = createServer(
    { cert: certificates.cert, key: certificates.key },
    (request, response) => {
      // What Azure does not answer, the client is not answered either.
      serve(request, response).catch(() => request.socket.destroy())
    }
  )
  server.on('secureConnection', (socket) => numbers.set(socket, connections++))
  const proxy = await startProxy({
    knows: () => true,
    meet: () => undefined,
    refused: () => {},
    accept(client, host) {
      if (RECORDED.some((pattern) => matches(pattern, host))) server.emit('connection', client)
      else upstream.tunnel(host, client)
    }
  })
  const folder = await mkdtemp(join(tmpdir(), 'recorder-'))
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, `${certificates.ca}\n`)
  const { NODE_EXTRA_CA_CERTS: extra } = env
  if (extra) await appendFile(ca, await readFile(extra))
  return {
    env: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ca },
    exchanges,
    principals,
    async stop() {
      await proxy.stop()
      upstream.stop()
      await rm(folder, { recursive: true })
    }
  }
}

function matches(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : host === pattern
}

/** The object id in an access token; a signature has none. */
function principalOf(header: string | undefined): string | undefined {
  const [, payload] = /^bearer [^.]+\.([^.]+)\./i.exec(header ?? '') ?? []
  if (payload === undefined) return undefined
  try {
    const { oid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { oid?: string }
    return oid
  } catch {
    return undefined
  }
}
