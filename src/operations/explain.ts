import type { Permissions } from '../azure/clients/permissions.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { type MissingRight, missingRightText } from '../azure/errors/missingRight.ts'
import { isNotServed } from '../azure/errors/notServed.ts'
import type { Ledger } from './session.ts'

/** Nobody waits long for the explanation of a failure. */
const LONGEST_MS = 15_000

/** Who is asked for more than a refusal tells. */
export interface Explaining {
  readonly permissions: Permissions
  /** Where each model of the service is offered, one line each. */
  readonly offers: (signal: AbortSignal) => Promise<readonly string[]>
  readonly signal: AbortSignal
}

/**
 * What a run failed with, where Azure refused for want of a right with its word on whether the right is missing: the
 * refusal alone reads the same when a grant is not in effect yet. Where it does not serve what was asked for, with what it
 * serves. The ledger's steps and environments then say it in the
 * same words.
 *
 * @returns the error itself when there is nothing to add
 */
export async function explained(
  error: unknown,
  ledger: Ledger,
  { permissions, offers, signal }: Explaining
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
  return withOffers(retold(error), () => offers(soon))
}

/** What is offered where, after a refusal that only another model, region or release can mend. */
async function withOffers(
  error: unknown,
  offers: () => Promise<readonly string[]>
): Promise<unknown> {
  if (!(error instanceof Error) || !refusalsIn(error).some(isNotServed)) return error
  const lines = await offers().catch(() => [])
  const advice =
    'What to do: set `service-version` and `location` to what is offered. An existing environment is never converted: see docs/migration.md.'
  return new Error([error.message, ...lines, advice].join('\n'), { cause: error })
}

function refusalsIn(error: unknown): readonly AzureError[] {
  if (error instanceof AzureError) return [error]
  if (error instanceof AggregateError) return error.errors.flatMap(refusalsIn)
  return error instanceof Error && error.cause !== undefined ? refusalsIn(error.cause) : []
}
