import type { Permissions } from '../azure/clients/permissions.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { type MissingRight, missingRightText } from '../azure/errors/missingRight.ts'
import type { Ledger } from './session.ts'

/** Nobody waits long for the explanation of a failure. */
const LONGEST_MS = 15_000

/**
 * What a run failed with, where Azure refused for want of a right with its word on whether the right is missing: the
 * refusal alone reads the same when a grant is not in effect yet. The ledger's steps and environments then say it in the
 * same words.
 *
 * @returns the error itself when there is nothing to add
 */
export async function explained(
  error: unknown,
  ledger: Ledger,
  permissions: Permissions,
  signal: AbortSignal
): Promise<unknown> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])
  const allowed = new Map<MissingRight, boolean | undefined>()
  for (const { right } of [error, ...ledger.results.map((one) => one.error)].flatMap(refusalsIn)) {
    if (right === undefined || allowed.has(right)) continue
    const ask = permissions.allows(right.action, right.scope, soon)
    allowed.set(right, await ask.catch(() => undefined))
  }
  const explain = (text: string) =>
    [...allowed].reduce(
      (now, [right, may]) =>
        // What Azure said is text: as a replacement, `$&` would mean something.
        now.replaceAll(missingRightText(right), () => missingRightText(right, may)),
      text
    )
  const retold = <E>(one: E): E | Error => {
    if (!(one instanceof Error)) return one
    const message = explain(one.message)
    return message === one.message ? one : new Error(message, { cause: one })
  }
  ledger.results = ledger.results.map(({ error: one, ...result }) =>
    one === undefined ? result : { ...result, error: retold(one) }
  )
  ledger.swept = ledger.swept.map(({ error: text, ...swept }) =>
    text === undefined ? swept : { ...swept, error: explain(text) }
  )
  return retold(error)
}

function refusalsIn(error: unknown): readonly AzureError[] {
  if (error instanceof AzureError) return [error]
  if (error instanceof AggregateError) return error.errors.flatMap(refusalsIn)
  return error instanceof Error && error.cause !== undefined ? refusalsIn(error.cause) : []
}
