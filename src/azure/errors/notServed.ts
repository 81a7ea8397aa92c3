import { AzureError } from './azureError.ts'

/** A version, a type or a region that Azure does not serve, or does not serve any more (contract B 1.3). */
const NOT_SERVED: ReadonlySet<string> = new Set([
  'NoRegisteredProviderFound',
  'InvalidApiVersionParameter',
  'InvalidResourceType',
  'LocationNotAvailableForResourceType',
  'DisallowedResourceOperation'
])

/** True when this model of the service cannot be had there, whatever is tried. */
export function isNotServed(error: unknown): error is AzureError {
  return error instanceof AzureError && NOT_SERVED.has(error.code)
}
