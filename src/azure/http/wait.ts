import { AzureError } from '../errors/azureError.ts'
import type { Time } from '../time.ts'

export interface RetryWhile {
  /** Attempts in all. */
  readonly attempts: number
  /** Milliseconds to wait after an attempt, counting from 1. */
  readonly intervalMs: (attempt: number) => number
  /** Which failures may pass by themselves. */
  readonly when: (error: unknown) => boolean
  /** Told before each wait. */
  readonly notify: (error: unknown, attempt: number) => void
  readonly time: Time
  readonly signal: AbortSignal
}

/**
 * Repeats an act whose failure is expected to pass, such as a grant that is not in effect yet (contract section 11), not
 * before Azure wants to be asked again.
 *
 * @throws the last failure when the attempts are used up or Azure asks for a long wait, any other failure at once
 */
export async function retryWhile<T>(
  act: (attempt: number) => Promise<T>,
  options: RetryWhile
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act(attempt)
    } catch (error) {
      const refusal = error instanceof AzureError ? error.refusal : undefined
      const over = attempt >= options.attempts || refusal?.wait !== undefined
      if (over || !options.when(error)) throw error
      options.notify(error, attempt)
      const wait = Math.max(options.intervalMs(attempt), refusal?.askedMs ?? 0)
      await options.time.sleep(wait, options.signal)
    }
  }
}
