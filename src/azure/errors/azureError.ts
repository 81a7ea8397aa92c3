import type { PipelineResponse } from '@azure/core-rest-pipeline'
import { brief } from '../../text/sanitize.ts'
import { proxyText } from '../http/proxy.ts'
import { longWait, retryAfter } from '../http/retryAfter.ts'
import { adviceText, lookUp } from './errorCatalogue.ts'
import { type MissingRight, missingRight, missingRightText } from './missingRight.ts'

/** What an Azure service said when it refused. */
export interface Refusal {
  readonly status: number
  readonly code: string
  /** The innermost message, which names the cause, in humane length. */
  readonly reason: string
  readonly correlationId?: string | undefined
  readonly requestId?: string | undefined
  /** What it means here, as an entry of the known refusals, where that is more than the code tells. */
  readonly meaning?: string | undefined
  /** Milliseconds that it asks to wait. */
  readonly askedMs?: number | undefined
  /** What it asks for, when that is a longer wait than a run is good for. */
  readonly wait?: string | undefined
}

/** 409 like an operation in progress, but here to stay. */
const LASTING: ReadonlySet<string> = new Set(['ScopeLocked', 'ReadOnlyDisabledSubscription'])

/** An Azure service refused, with what was being done to which resource, the likely cause and what to do next. */
export class AzureError extends Error {
  readonly resource: string
  readonly status: number
  /** Azure's own code, such as `AuthorizationFailed` or `403000`. */
  readonly code: string
  readonly reason: string
  /** A code of IoT hub or DPS inside the message, such as `IH400913`. */
  readonly innerCode: string | undefined
  /** All that was said. */
  readonly refusal: Refusal
  /** No waiting ends it, whatever its status says. */
  readonly lasting: boolean
  /** The request was accepted and the long-running operation that it began has failed. */
  readonly fromOperation: boolean
  /** What the deploying identity was refused for the want of, where Azure tells. */
  readonly right: MissingRight | undefined

  constructor(operation: string, resource: string, refusal: Refusal, fromOperation = false) {
    const { status, code, reason, correlationId, requestId, wait } = refusal
    const innerCode = /\bIH\d{6}\b/.exec(reason)?.[0]
    const byStatus = fromOperation ? [] : [`HTTP ${status}`, classOf(status)]
    const known =
      lookUp([refusal.meaning], reason) ??
      lookUp([code, innerCode], reason) ??
      lookUp(byStatus, reason)
    const how = fromOperation ? 'the operation failed' : `HTTP ${status}`
    const said = how === code ? how : `${code} (${how})`
    const who = status < 400 && !fromOperation ? 'The answer was' : 'Azure said'
    const right = fromOperation ? undefined : missingRight(code, reason)
    const advice = right
      ? missingRightText(right)
      : known
        ? adviceText(known)
        : nextStep(correlationId)
    const ids = [
      correlationId && `correlation id ${correlationId}`,
      requestId && requestId !== correlationId && `request id ${requestId}`
    ].filter(Boolean)
    super(
      [
        `Could not ${operation} ${resource}.`,
        `${who} ${said}: ${reason}`,
        wait ? `What to do: ${wait}.` : advice,
        ...(known && ON_THE_WAY.has(known.code) ? [proxyText(process.env)] : []),
        ...(ids.length > 0 ? [`For support: ${ids.join(', ')}.`] : [])
      ].join('\n')
    )
    this.name = 'AzureError'
    this.resource = resource
    this.status = status
    this.code = code
    this.reason = reason
    this.innerCode = innerCode
    this.refusal = refusal
    this.lasting = LASTING.has(code)
    this.fromOperation = fromOperation
    this.right = right
  }
}

/** What a proxy may be the cause of. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['HTTP 407', 'HTTP 2xx or 3xx'])

/** Statuses that tell all there is to know: Azure itself failed, or what came was none of its refusals at all. */
function classOf(status: number): string | undefined {
  if (status >= 500) return 'HTTP 5xx'
  return status < 400 ? 'HTTP 2xx or 3xx' : undefined
}

/** What there is to do about a refusal that nobody has met before. */
function nextStep(correlationId: string | undefined): string {
  const look = correlationId && `\`az monitor activity-log list --correlation-id ${correlationId}\``
  return `What to do: ${look ? `look at what Azure logged (${look}), mend it, and` : 'mend what the message says, and'} run again.`
}

/** Azure's longest codes have fifty characters. */
const LONGEST_CODE = 200

/** Refused before anything was done, whatever it was (contract 2.5). */
export function isThrottled(error: unknown): error is AzureError {
  return error instanceof AzureError && error.status === 429
}

/** A request was not answered, however often it was sent. */
export class NoAnswerError extends Error {
  /** Node's, such as `ECONNRESET`. */
  readonly code: string
  /** No waiting ends it: it is for somebody to set right. */
  readonly lasting: boolean

  constructor(
    request: { readonly method: string; readonly url: string },
    code: string,
    cause: Error
  ) {
    const { origin, pathname } = new URL(request.url)
    const known = lookUp(['No answer'], cause.message)
    super(
      [
        `No answer to ${request.method} ${origin}${pathname}: ${cause.message}${cause.message.includes(code) ? '' : ` (${code})`}.`,
        ...(known ? [adviceText(known)] : []),
        proxyText(process.env)
      ].join('\n'),
      { cause }
    )
    this.name = 'NoAnswerError'
    this.code = code
    this.lasting = /certificate|self.signed|\b407\b/i.test(cause.message)
  }
}

/**
 * The codes by which Azure says that this very resource, its parent or its group is not there: those of Resource Manager
 * (contract 2.2), and of a DPS and its data plane (contract 10). Any other 404 is unknown: a proxy's page, a resource type
 * that the region does not have, a wrong subscription.
 */
const ABSENT: ReadonlySet<string> = new Set([
  'ResourceNotFound',
  'ResourceGroupNotFound',
  'ParentResourceNotFound',
  'RoleAssignmentNotFound',
  '404001',
  '404201'
])

/** The one rule for Resource Manager, the SDKs and the data plane. */
export function saysAbsent({
  status,
  code
}: {
  readonly status: number
  readonly code: string
}): boolean {
  return status === 404 && ABSENT.has(code)
}

/**
 * The one rule for what the caller may not do or see: Azure says so with a code of its own (contract 2.2 and 10). A 403
 * without one is a proxy's, or anybody's, and tells nothing of rights.
 *
 * @param statuses those by which the service denies
 */
export function isDenied(error: unknown, statuses: readonly number[] = [403]): boolean {
  if (!(error instanceof AzureError && statuses.includes(error.status))) return false
  return !error.fromOperation && error.code !== `HTTP ${error.status}`
}

interface Envelope {
  readonly code?: unknown
  readonly errorCode?: unknown
  readonly message?: unknown
  readonly details?: unknown
}

/** Reads the envelopes of ARM, Microsoft.Devices and the DPS data plane (contract 2.2 and 10). */
export function refusalOf(response: PipelineResponse): Refusal {
  const { status, headers, bodyAsText } = response
  const ids = {
    correlationId: headers.get('x-ms-correlation-request-id'),
    requestId: headers.get('x-ms-request-id'),
    askedMs: retryAfter(response),
    wait: longWait(response)
  }
  const body: { readonly trackingId?: unknown } | undefined = parseObject(bodyAsText ?? '')
  if (body === undefined) {
    const type = headers.get('content-type') ?? 'no content type'
    return {
      status,
      code: `HTTP ${status}`,
      reason: `an answer that is not JSON (${type})`,
      ...ids
    }
  }
  // The DPS data planes name theirs in the body (contract 10).
  const requestId = typeof body.trackingId === 'string' ? body.trackingId : ids.requestId
  return { status, ...describe(body, status), ...ids, requestId }
}

/** Code and innermost message of an error body, or of the `error` of a failed operation. */
export function describe(body: object, status: number): { code: string; reason: string } {
  const outer: Envelope =
    'error' in body && typeof body.error === 'object' && body.error !== null ? body.error : body
  const code = outer.code ?? outer.errorCode ?? `HTTP ${status}`
  const reason = brief(innermost(outer) ?? 'no message')
  return { code: brief(String(code), LONGEST_CODE), reason }
}

function innermost(envelope: Envelope): string | undefined {
  const details = Array.isArray(envelope.details) ? envelope.details : []
  for (const detail of details) {
    if (typeof detail !== 'object' || detail === null) continue
    const message = innermost(detail)
    if (message) return message
  }
  return typeof envelope.message === 'string' && envelope.message !== ''
    ? envelope.message
    : undefined
}

/** Whether an answer is one of Azure's: nothing, or a JSON object. A proxy's page is not, nor is half of an answer. */
export function isReadable({ bodyAsText }: PipelineResponse): boolean {
  return !bodyAsText || parseObject(bodyAsText) !== undefined
}

/** @returns undefined for what is no JSON, or no object */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
