import { AzureError } from './azureError.ts'

/**
 * Asks the subscription. A caller whose rights end at a group may not ask, and a provider that is not registered does not
 * answer (contract 5.1): then it is not known.
 */
export async function ifAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AzureError)) throw error
    if (error.status === 403 || error.code === 'MissingSubscriptionRegistration') return undefined
    throw error
  }
}
