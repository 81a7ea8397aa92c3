import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import { ARM, answer, type Services } from './answer.ts'
import { parsed, textOf } from './body.ts'
import type { Certificates } from './certificates.ts'
import { canonicalHost } from './clouds.ts'
import type { Effect, Faults } from './faults.ts'
import { misled } from './foreign.ts'
import type { Reply } from './kernel.ts'
import { type Exchange, keptHeaders } from './record.ts'

/** In so many pieces a trickling answer arrives. */
const DROPS = 20
/** Emulated: no time-out of a silent connection ever ends an endless answer. */
const DRIP_MS = 1_000

export interface FrontOptions {
  readonly services: Services
  readonly certificates: Certificates
  readonly faults: Faults
  /** Told every exchange as it begins; it is completed in place. */
  readonly record: (exchange: Exchange) => void
}

/**
 * Where every request arrives, whatever host it was meant for. It listens nowhere.
 *
 * @returns takes over a connection on which a client is about to begin TLS
 */
export function createFront(options: FrontOptions): (connection: Socket) => void {
  const { certificates, services } = options
  const { kernel } = services
  const { clock } = kernel

  let connections = 0
  const connectionOf = new WeakMap<Socket, number>()
  const server = createServer(
    { cert: certificates.cert, key: certificates.key },
    (request, response) => {
      void serve(request, response)
    }
  )

  server.on('secureConnection', (socket) => connectionOf.set(socket, connections++))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = clock.now()
    const named = (request.headers.host ?? '').split(':')[0]?.toLowerCase() ?? ''
    const text = await textOf(request)
    const url = new URL(request.url ?? '/', `https://${named}`)
    const type = request.headers['content-type']
    const body = parsed(text, type)
    const exchange: Exchange = {
      time: new Date(started).toISOString(),
      method: request.method ?? 'GET',
      host: named,
      url: url.href,
      connection: connectionOf.get(request.socket) ?? -1,
      status: 0,
      durationMs: 0,
      requestHeaders: keptHeaders(request.headers),
      // What was sent, whatever becomes of it once it is stored.
      ...(body !== undefined && { requestBody: parsed(text, type) }),
      responseHeaders: {}
    }
    options.record(exchange)
    await clock.sleep(kernel.latency('request'))
    const effect = options.faults.meet(exchange.method, url)
    if (effect) exchange.fault = effect.kind
    if (effect?.kind === 'delay') await clock.sleep(effect.ms)
    if (effect?.kind === 'hang' && effect.when === 'before') return options.faults.hold()
    if (effect?.kind === 'reset' && effect.when === 'before') return void request.socket.destroy()
    const host = canonicalHost(named)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    )
    const call = {
      method: exchange.method,
      host,
      url,
      params: {},
      headers,
      body,
      caller: undefined
    }
    const doom = effect?.kind === 'operation' ? effect : undefined
    const told = effect?.kind === 'answer' ? faulty(effect) : await answer(services, call, doom)
    const reply = effect?.kind === 'foreign' ? misled(told, url, effect) : told
    if (effect?.kind === 'hang') return options.faults.hold()
    if (effect?.kind === 'reset') return void request.socket.destroy()
    const id = kernel.random.guid()
    const sent: Record<string, string> = {
      ...(reply.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      // HTTP has every answer carry it, in whole seconds (RFC 9110, 6.6.1).
      date: new Date(clock.now() + kernel.config().clockSkewMs).toUTCString(),
      'x-ms-request-id': id,
      'x-ms-correlation-request-id': id,
      ...(headers['x-ms-client-request-id'] && {
        'x-ms-client-request-id': headers['x-ms-client-request-id']
      }),
      ...(effect?.kind === 'headless' ? {} : atHost(reply.headers ?? {}, named))
    }
    exchange.status = reply.status
    exchange.durationMs = clock.now() - started
    exchange.responseHeaders = sent
    const answered = reply.body === undefined ? undefined : JSON.stringify(reply.body)
    if (answered !== undefined) exchange.responseBody = JSON.parse(answered)
    await send(response, reply.status, sent, answered, effect)
  }

  /** Puts the answer on the wire, as well as the fault lets it. */
  async function send(
    response: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    effect: Effect | undefined
  ): Promise<void> {
    if (effect?.kind === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<html><body>Please sign in to the proxy.</body></html>')
    } else if (effect?.kind === 'drip') {
      response.writeHead(status, headers)
      // JSON may begin with as many blanks as it likes.
      while (!response.destroyed) {
        response.write(' ')
        await clock.sleep(DRIP_MS)
      }
    } else if (effect?.kind === 'truncate' && body !== undefined) {
      // Without a length the end of the connection is the end of the body: nothing but the JSON tells that half is missing.
      response.writeHead(status, { ...headers, connection: 'close' })
      response.end(body.slice(0, Math.floor(body.length / 2)))
    } else if (effect?.kind === 'trickle' && body !== undefined) {
      response.writeHead(status, headers)
      const size = Math.ceil(body.length / DROPS)
      for (let at = 0; at < body.length; at += size) {
        await clock.sleep(effect.ms / DROPS)
        response.write(body.slice(at, at + size))
      }
      response.end()
    } else {
      response.writeHead(status, headers)
      response.end(body)
    }
  }

  return (connection) => void server.emit('connection', connection)
}

/** An answer that was asked for. */
function faulty({ status, body, headers = {} }: Extract<Effect, { kind: 'answer' }>): Reply {
  const error = { error: { code: `Fault${status}`, message: 'A fault of the emulator.' } }
  return { status, body: body ?? (status >= 400 ? error : undefined), headers }
}

/** Addresses in an answer lead back to the host that was called. */
function atHost(headers: Readonly<Record<string, string>>, host: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /^(location|azure-asyncoperation)$/.test(name)
        ? value.replace(`https://${ARM}`, `https://${host}`)
        : value
    ])
  )
}
