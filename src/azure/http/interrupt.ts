import type { PipelinePolicy } from '@azure/core-rest-pipeline'

/**
 * Lets the end of the run end every request, the reading of its answer and the waits between its attempts, whoever asks:
 * Microsoft's clients ask for the second page of a list without the signal that they were given for the first.
 */
export function interruptPolicy(signal: AbortSignal): PipelinePolicy {
  return {
    name: 'provisionInterruptPolicy',
    sendRequest(request, next) {
      request.abortSignal ??= signal
      // Whatever is at work below, a proxy that has not answered yet for instance, nobody waits for it.
      return untilAborted(() => next(request), signal)
    }
  }
}

/**
 * What `act` comes to; the signal's reason as soon as that is aborted, for the sake of those that cannot be interrupted,
 * such as the sign-in library and the runner's client. Not begun at all after that.
 */
export function untilAborted<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    act()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
