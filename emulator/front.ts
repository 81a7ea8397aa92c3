import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificates } from './certificates.ts'
import { canonicalHost } from './clouds.ts'
import { DpsError } from './dataplane/errors.ts'
import { errorReply } from './errors.ts'
import type { Effect, Faults } from './faults.ts'
import { ArmError, type Call, type Caller, type Kernel, type Reply } from './kernel.ts'
import type { Catalog } from './providers/catalog.ts'
import { type Exchange, keptHeaders } from './record.ts'
import type { RouteTable } from './routes.ts'
import type { Tokens } from './tokens.ts'

const ARM = 'management.azure.com'
const GRAPH = 'graph.microsoft.com'
const DPS = '.azure-devices-provisioning.net'
const DEVICES = 'global.azure-devices-provisioning.net'

export interface Front {
  readonly port: number
  stop(): Promise<void>
}

export interface FrontOptions {
  readonly kernel: Kernel
  readonly routes: RouteTable
  readonly catalog: Catalog
  readonly tokens: Tokens
  readonly certificates: Certificates
  readonly faults: Faults
  /** Told every exchange as it begins; it is completed in place. */
  readonly record: (exchange: Exchange) => void
}

/** Where every request arrives, whatever host it was meant for. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { kernel, certificates } = options
  const { clock } = kernel

  const server = createServer(
    { cert: certificates.cert, key: certificates.key },
    (request, response) => {
      void serve(request, response)
    }
  )

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = clock.now()
    const named = (request.headers.host ?? '').split(':')[0]?.toLowerCase() ?? ''
    const text = await textOf(request)
    const url = new URL(request.url ?? '/', `https://${named}`)
    const body = parsed(text, request.headers['content-type'])
    const exchange: Exchange = {
      time: new Date(started).toISOString(),
      method: request.method ?? 'GET',
      host: named,
      url: url.href,
      status: 0,
      durationMs: 0,
      requestHeaders: keptHeaders(request.headers),
      ...(body !== undefined && { requestBody: body }),
      responseHeaders: {}
    }
    options.record(exchange)
    await clock.sleep(kernel.latency('request'))
    const effect = options.faults.meet(exchange.method, url)
    if (effect?.kind === 'delay') await clock.sleep(effect.ms)
    if (effect?.kind === 'hang' && effect.when === 'before') return options.faults.hold()
    if (effect?.kind === 'reset' && effect.when === 'before') return void request.socket.destroy()
    const host = canonicalHost(named)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    )
    const reply = await (effect?.kind === 'answer'
      ? faulty(effect)
      : answer({
          method: exchange.method,
          host,
          url,
          params: {},
          headers,
          body,
          caller: undefined
        }))
    if (effect?.kind === 'hang') return options.faults.hold()
    if (effect?.kind === 'reset') return void request.socket.destroy()
    const id = kernel.random.guid()
    const sent: Record<string, string> = {
      ...(reply.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      'x-ms-request-id': id,
      'x-ms-correlation-request-id': id,
      ...(headers['x-ms-client-request-id'] && {
        'x-ms-client-request-id': headers['x-ms-client-request-id']
      }),
      ...(host === ARM && { 'x-ms-ratelimit-remaining-subscription-writes': '199' }),
      ...atHost(reply.headers ?? {}, named)
    }
    exchange.status = reply.status
    exchange.durationMs = clock.now() - started
    exchange.responseHeaders = sent
    if (reply.body !== undefined) exchange.responseBody = structuredClone(reply.body)
    const answered = reply.body === undefined ? undefined : JSON.stringify(reply.body)
    if (effect?.kind === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<html><body>Please sign in to the proxy.</body></html>')
    } else if (effect?.kind === 'truncate' && answered !== undefined) {
      // Without a length the end of the connection is the end of the body: nothing but the JSON tells that half is missing.
      response.writeHead(reply.status, { ...sent, connection: 'close' })
      response.end(answered.slice(0, Math.floor(answered.length / 2)))
    } else {
      response.writeHead(reply.status, sent)
      response.end(answered)
    }
  }

  async function answer(call: Call): Promise<Reply> {
    try {
      const caller = await callerOf(call)
      if (call.host === ARM) options.catalog.check(call.method, call.url)
      const match = options.routes.find(call.host, call.method, call.url.pathname)
      if (!match) {
        throw new ArmError(
          404,
          'NotFound',
          `No such operation: ${call.method} ${call.url.pathname}`
        )
      }
      return await match.handler({ ...call, caller, params: match.params })
    } catch (error) {
      if (error instanceof DpsError || call.host.endsWith(DPS)) return dpsReply(error, kernel)
      if (error instanceof ArmError) return errorReply(error)
      throw error
    }
  }

  async function callerOf({ host, headers }: Call): Promise<Caller | undefined> {
    if (host === ARM) return options.tokens.authenticate(headers.authorization, 'arm')
    if (host === GRAPH) return options.tokens.authenticate(headers.authorization, 'graph')
    // A DPS takes signatures as well, which its handlers check.
    const bearer = /^bearer /i.test(headers.authorization ?? '')
    if (host.endsWith(DPS) && host !== DEVICES && bearer) {
      return options.tokens.authenticate(headers.authorization, 'dps')
    }
    return undefined
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

/** An answer that was asked for. */
function faulty({ status, body, headers = {} }: Extract<Effect, { kind: 'answer' }>): Reply {
  const error = { error: { code: `Fault${status}`, message: 'A fault of the emulator.' } }
  return { status, body: body ?? (status >= 400 ? error : undefined), headers }
}

/** The error envelope of the DPS data planes (contract 10). */
function dpsReply(error: unknown, { clock, random }: Kernel): Reply {
  const known = error instanceof ArmError ? error : new DpsError(500000, String(error))
  const errorCode = known instanceof DpsError ? Number(known.code) : known.status * 1000 + 2
  return {
    status: known.status,
    headers: { 'x-ms-error-code': String(errorCode) },
    body: {
      errorCode,
      trackingId: random.guid(),
      message: known.message,
      info: {},
      timestampUtc: new Date(clock.now()).toISOString()
    }
  }
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

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string, type: string | undefined): unknown {
  if (text === '') return undefined
  if (type?.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
