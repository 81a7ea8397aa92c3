import { ArmError } from './armError.ts'
import { DpsError } from './dataplane/errors.ts'
import type { Dialect } from './dialect.ts'
import { errorReply, invalidType } from './errors.ts'
import type { Doom } from './faults.ts'
import { key, parseId } from './ids.ts'
import type { Call, Caller, Kernel, Reply } from './kernel.ts'
import type { Late } from './late.ts'
import type { OperationStore } from './operations.ts'
import type { Catalog } from './providers/catalog.ts'
import type { Replicas } from './replicas.ts'
import type { RouteTable } from './routes.ts'
import { withInheritedTags } from './tagPolicy.ts'
import type { Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'
import { asVersioned, withStored } from './versions.ts'

export const ARM = 'management.azure.com'
const GRAPH = 'graph.microsoft.com'
const DPS = '.azure-devices-provisioning.net'
const DEVICES = 'global.azure-devices-provisioning.net'

export interface Services {
  readonly kernel: Kernel
  readonly routes: RouteTable
  readonly catalog: Catalog
  readonly tokens: Tokens
  readonly operations: OperationStore
  readonly throttle: Throttle
  readonly replicas: Replicas
  readonly dialect: Dialect
  readonly late: Late
}

/** What the called host answers: who calls, how often, in which version, and then whatever the service does. */
export async function answer(services: Services, call: Call, doom?: Doom): Promise<Reply> {
  const { dialect, late } = services
  const isAzures = call.host === ARM || call.host === GRAPH || isService(call.host)
  if (!isAzures) return inPlainWords(services, call, doom)
  const reply = await inPlainWords(services, asNewest(services.kernel, dialect.heard(call)), doom)
  const told = late.said(call, reply)
  return dialect.said(call, { ...told, body: asVersioned(call.url, told.body) })
}

/**
 * A PUT as the newest version would send it. What an older version's PUT does to properties that it does not know is written
 * nowhere: they stay, or they are lost, as the settings have it.
 */
function asNewest({ world, config }: Kernel, call: Call): Call {
  // A hub's handler keeps by itself what a body leaves out.
  const isDps = /\/provisioningServices\/[^/]+$/i.test(call.url.pathname)
  const whole = call.host === ARM && call.method === 'PUT' && isDps
  if (!whole || config().olderPuts === 'drop') return call
  const stored = world.resources.get(key(decodeURIComponent(call.url.pathname)))
  return { ...call, body: withStored(call.url, call.body, stored?.body) }
}

function inPlainWords(services: Services, call: Call, doom?: Doom): Promise<Reply> {
  const { kernel, routes, catalog, tokens, operations, throttle, replicas } = services
  const settled = (act: () => Promise<Reply>) => inItsWords(call.host, kernel, act)
  return settled(async () => {
    const asked = { ...call, caller: await callerOf(tokens, call) }
    const limits = call.host === ARM ? throttle.take(call.method, asked.caller) : {}
    if (call.host === ARM) catalog.check(call)
    const known = call.host === ARM ? withInheritedTags(kernel, asked) : asked
    if (['PUT', 'PATCH', 'DELETE'].includes(call.method)) {
      const read = { ...known, method: 'GET', body: undefined }
      await replicas.remember(known, () => settled(() => handle(routes, read)))
    }
    const reply = await settled(() => operations.doomed(doom, () => handle(routes, known)))
    const found = reply.status === 200 || reply.status === 404
    const seen = (call.method === 'GET' && found && replicas.recall(known)) || reply
    return { ...seen, headers: { ...limits, ...seen.headers } }
  })
}

/** Errors in the envelope of the service that was called. */
async function inItsWords(host: string, kernel: Kernel, act: () => Promise<Reply>): Promise<Reply> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof DpsError || host.endsWith(DPS)) return dpsReply(error, kernel)
    if (error instanceof ArmError) return errorReply(error)
    throw error
  }
}

async function handle(routes: RouteTable, call: Call): Promise<Reply> {
  const match = routes.find(call.host, call.method, call.url.pathname)
  if (match) return match.handler({ ...call, params: match.params })
  const known = ['GET', 'PUT', 'POST', 'DELETE'].some((method) =>
    routes.find(call.host, method, call.url.pathname)
  )
  const { provider, type } = parseId(call.url.pathname)
  if (call.host === ARM && provider && type && !known) throw invalidType(call.url)
  throw new ArmError(404, 'NotFound', `No such operation: ${call.method} ${call.url.pathname}`)
}

/** The data plane of a provisioning service, as deployments see it. */
function isService(host: string): boolean {
  return host.endsWith(DPS) && host !== DEVICES
}

async function callerOf(tokens: Tokens, { host, headers }: Call): Promise<Caller | undefined> {
  if (host === ARM) return tokens.authenticate(headers.authorization, 'arm')
  if (host === GRAPH) return tokens.authenticate(headers.authorization, 'graph')
  // A DPS takes signatures as well, which its handlers check.
  const bearer = /^bearer /i.test(headers.authorization ?? '')
  if (isService(host) && bearer) {
    return tokens.authenticate(headers.authorization, 'dps')
  }
  return undefined
}

/** The error envelope of the DPS data planes (contract 10). */
function dpsReply(error: unknown, { clock, random }: Kernel): Reply {
  const known = error instanceof ArmError ? error : new DpsError(500000, String(error))
  const errorCode = known instanceof DpsError ? Number(known.code) : known.status * 1000 + 2
  return {
    status: known.status,
    headers: {
      'x-ms-error-code': String(errorCode),
      ...(known instanceof ArmError && known.options.headers)
    },
    body: {
      errorCode,
      trackingId: random.guid(),
      message: known.message,
      info: {},
      timestampUtc: new Date(clock.now()).toISOString()
    }
  }
}
