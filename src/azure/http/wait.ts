import { AzureError, isThrottled } from '../errors/azureError.ts'
import type { Time } from '../time.ts'

/**
 * Milliseconds around a mean, at most half of it away: runs that were refused together do not come back together.
 *
 * @param random between 0 and 1
 */
export function jittered(meanMs: number, random: () => number = Math.random): number {
  return meanMs * (0.5 + random())
}

/** Those that were throttled together come back within so many milliseconds of each other. */
const THROTTLED_MS = 2_000

/** How often something is tried. */
export interface Budget {
  /** Attempts in all. */
  readonly attempts: number
  /** Milliseconds to wait after an attempt, counting from 1. */
  readonly intervalMs: (attempt: number) => number
}

export interface RetryWhile extends Budget {
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
      // A run that is to end tries nothing again, and says no such thing.
      options.signal.throwIfAborted()
      options.notify(error, attempt)
      const asked = refusal?.askedMs ?? 0
      // Only the bucket is empty: there is nothing else to wait for.
      const wait =
        isThrottled(error) && asked > 0
          ? asked + jittered(THROTTLED_MS)
          : Math.max(options.intervalMs(attempt), asked)
      await options.time.sleep(wait, options.signal)
    }
  }
}

export interface Poll<T> {
  readonly look: () => Promise<T>
  /** What is still waited for, in words that follow `waiting for`; undefined when it is there. */
  readonly missing: (found: T) => string | undefined
  /** Milliseconds between two looks. */
  readonly everyMs: number
  /** Looks in all; when absent, the run's deadline alone ends it. */
  readonly looks?: number
  readonly progress: (waitingFor: string) => void
  readonly time: Time
  readonly signal: AbortSignal
}

/** Looks until nothing is missing. @returns what was seen last, which may lack something when the looks are used up */
export async function poll<T>({ look, missing, progress, ...options }: Poll<T>): Promise<T> {
  for (let looks = 1; ; looks++) {
    const found = await look()
    const lack = missing(found)
    if (lack === undefined || looks === options.looks) return found
    progress(lack)
    await options.time.sleep(options.everyMs, options.signal)
  }
}
