import type { Permissions } from '../azure/clients/permissions.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { missingRightText } from '../azure/errors/missingRight.ts'

/** Nobody waits long for the explanation of a failure. */
const LONGEST_MS = 15_000

/**
 * What a run failed with, where Azure refused for want of a right with its word on whether the right is missing: the
 * refusal alone reads the same when a grant is not in effect yet.
 *
 * @returns the error itself when there is nothing to add
 */
export async function explained(
  error: unknown,
  permissions: Permissions,
  signal: AbortSignal
): Promise<unknown> {
  if (!(error instanceof Error)) return error
  let { message } = error
  const soon = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])
  for (const { right } of refusalsIn(error)) {
    if (right === undefined) continue
    const ask = permissions.allows(right.action, right.scope, soon)
    const allowed = await ask.catch(() => undefined)
    message = message.replaceAll(missingRightText(right), missingRightText(right, allowed))
  }
  return message === error.message ? error : new Error(message, { cause: error })
}

function refusalsIn(error: unknown): readonly AzureError[] {
  if (error instanceof AzureError) return [error]
  if (error instanceof AggregateError) return error.errors.flatMap(refusalsIn)
  return error instanceof Error && error.cause !== undefined ? refusalsIn(error.cause) : []
}
