import { AzureError } from './azureError.ts'

/**
 * IH400913: the identity's grants on the namespace exist, but are not in effect yet (contract 11.2). Hub and DPS check
 * them at every write, not only when they are made.
 */
export function isGrantPending(error: unknown): boolean {
  return error instanceof AzureError && error.innerCode === 'IH400913'
}
