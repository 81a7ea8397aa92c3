import { AzureError } from '../../azure/errors/azureError.ts'
import { isBusy } from '../../azure/http/retry.ts'

/** Azure gives the namespace no further policy. */
export class SecondPolicyError extends AzureError {
  /** @param others names of the policies that the namespace has, or was to get in the same run */
  constructor({ resource, refusal, fromOperation }: AzureError, others: readonly string[]) {
    const operation = `create Policy beside ${[...new Set(others)].join(', ')}:`
    super(operation, resource, { ...refusal, meaning: 'SecondPolicy' }, fromOperation)
    this.name = 'SecondPolicyError'
  }
}

/** Inferred: no page tells how the refusal reads. The successor's code is `CertificatePolicyLimitExceeded` (contract B, 6.6). */
const LIMIT = /limit|quota|exceed|maximum/i
const CONFLICT = /conflict|already|only one|single/i

/** The error itself, unless it says that the namespace has all the policies that it may have. */
export function asSecondPolicy(error: unknown, others: readonly string[]): unknown {
  if (!(error instanceof AzureError) || others.length === 0 || isBusy(error)) return error
  const { status, code, reason, fromOperation } = error
  const said = `${code} ${reason}`
  const refused =
    // The words of a 403 may be those of somebody's policy on regions or names.
    (status === 403 && LIMIT.test(code)) ||
    ((status === 400 || fromOperation) && LIMIT.test(said)) ||
    (status === 409 && (LIMIT.test(said) || CONFLICT.test(said)))
  return refused ? new SecondPolicyError(error, others) : error
}
