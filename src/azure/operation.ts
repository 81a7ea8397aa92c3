import type { OperationResponse } from '@azure/core-lro'
import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline'
import { isAmong } from './answer.ts'
import { describe } from './errors/azureError.ts'
import { pollAfter } from './http/retryAfter.ts'

/**
 * How an operation, or a resource, ends that came to nothing (contract 2.3). Microsoft's own libraries take both spellings
 * of the second.
 */
export const ENDED_BADLY = ['Failed', 'Canceled', 'Cancelled']

/** A status may not be there yet, or say nothing, which is no success (inferred): twenty polls are a minute and more. */
export const SILENT_POLLS = 20

type Body = Readonly<Record<string, unknown>> | undefined

/** The state that the answer to a long-running operation tells; undefined when it tells none. */
function stateIn(body: Body): unknown {
  const properties = body?.properties as Body
  return body?.status ?? properties?.provisioningState
}

/** True when there is a state that is no word. */
export function isOddState(body: Body): boolean {
  const state = stateIn(body)
  return state !== undefined && typeof state !== 'string'
}

/** What is taken of an operation whose status says nothing yet. */
export function underWay(url: string, method: HttpMethods): OperationResponse {
  const body = { status: 'Running' }
  return {
    flatResponse: body,
    rawResponse: { ...nothing(url, method).rawResponse, statusCode: 202, body }
  }
}

/** The answer of an operation that is done and has nothing to say. */
export function nothing(url: string, method: HttpMethods): OperationResponse {
  const rawResponse = { statusCode: 204, headers: {}, body: undefined, request: { url, method } }
  return { flatResponse: undefined, rawResponse }
}

/** An answer as the poller takes it, with the pause that it is to make. */
export function forPoller(
  response: PipelineResponse,
  body: Body,
  { now, ...request }: { readonly url: string; readonly method: HttpMethods; readonly now: number }
): OperationResponse {
  const headers = response.headers.toJSON()
  // The poller would take what is no wait for none at all, and ask without a pause.
  delete headers['retry-after']
  const pace = pollAfter(response, now)
  const rawResponse = {
    statusCode: response.status,
    headers: { ...headers, ...(pace && { 'retry-after': pace }) },
    body,
    request
  }
  return { flatResponse: body, rawResponse }
}

/** True when the answer tells where to ask how the operation goes on. */
export function isFollowed({ headers }: PipelineResponse): boolean {
  return headers.has('azure-asyncoperation') || headers.has('location')
}

/** What an operation status, or a resource, says of an operation that failed. */
export function failureOf(
  body: Body,
  response: PipelineResponse
): { code: string; reason: string } | undefined {
  if (body === undefined) return undefined
  const state = String(stateIn(body))
  if (!isAmong(ENDED_BADLY, state)) return undefined
  const said = describe(body, response.status)
  return said.reason === 'no message'
    ? { code: `Operation${state}`, reason: 'Azure gave no reason' }
    : said
}

/** What Azure's support asks for. */
export function idsOf(response: PipelineResponse) {
  return {
    correlationId: response.headers.get('x-ms-correlation-request-id'),
    requestId: response.headers.get('x-ms-request-id')
  }
}
