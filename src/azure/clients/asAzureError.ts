import { isRestError } from '@azure/core-rest-pipeline'
import { AzureError, describe, refusalOf } from '../errors/azureError.ts'
import { ForeignHostError } from '../http/hostGuard.ts'
import { LACKING } from '../http/pipeline.ts'

/**
 * What a call of Microsoft's clients comes to.
 *
 * @throws AzureError for a refusal, and for an answer that is none; ForeignHostError for an address that is not Azure's
 */
export async function asAzureError<T>(
  operation: string,
  resource: string,
  call: () => Promise<T>
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ForeignHostError)
      throw error.cameFrom({ doing: `${operation} ${resource}`, told: 'Azure said to go on at' })
    if (isRestError(error) && error.response) {
      const refusal = refusalOf(error.response)
      // The newer generation of clients keeps code and message, and drops the text of the answer.
      const { code } = error
      const parsed = error.response.bodyAsText === undefined && code !== undefined
      throw new AzureError(
        operation,
        resource,
        parsed
          ? { ...refusal, ...describe({ code, message: error.message }, refusal.status) }
          : refusal
      )
    }
    // These clients, like their readers here, take what they expect out of whatever comes.
    if (error instanceof TypeError) {
      const reason = `${LACKING} (${error.message})`
      throw new AzureError(operation, resource, { status: 200, code: 'HTTP 200', reason })
    }
    throw error
  }
}
