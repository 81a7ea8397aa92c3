import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline'
import { NoAnswerError } from '../errors/azureError.ts'

/** What kept the last request of a library from being answered, for a library that throws something of its own instead. */
export class LastTrouble {
  #trouble: NoAnswerError | undefined

  get trouble(): NoAnswerError | undefined {
    return this.#trouble
  }

  readonly policy: PipelinePolicy = {
    name: 'provisionLastTroublePolicy',
    sendRequest: async (request, next) => {
      this.#trouble = undefined
      try {
        const response = await next(request)
        if (response.status === 407) this.#trouble = wantsSignIn(request)
        return response
      } catch (error) {
        if (error instanceof NoAnswerError) this.#trouble = error
        throw error
      }
    }
  }
}

function wantsSignIn(request: Parameters<PipelinePolicy['sendRequest']>[0]): NoAnswerError {
  const said = new RestError('the proxy answered HTTP 407', { statusCode: 407, request })
  return new NoAnswerError(request, 'HTTP 407', said)
}
