import { AzureError, isDenied } from './azureError.ts'

/**
 * Asks the subscription. A caller whose rights end at a group may not ask, and a provider that is not registered does not
 * answer (contract 5.1): then it is not known.
 */
export async function undefinedIfForbidden<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (isDenied(error) || isUnregistered(error)) return undefined
    throw error
  }
}

/** Where the provider is not registered there is nothing of it (contract 5.1). */
export function isUnregistered(error: unknown): boolean {
  return error instanceof AzureError && error.code === 'MissingSubscriptionRegistration'
}
