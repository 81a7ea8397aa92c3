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
 * Repeats an act whose failure is expected to pass, such as a grant that is not in effect yet (contract section 11).
 *
 * @throws the last failure when the attempts are used up, any other failure at once
 */
export async function retryWhile<T>(
  act: (attempt: number) => Promise<T>,
  options: RetryWhile
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act(attempt)
    } catch (error) {
      if (attempt >= options.attempts || !options.when(error)) throw error
      options.notify(error, attempt)
      await options.time.sleep(options.intervalMs(attempt), options.signal)
    }
  }
}
