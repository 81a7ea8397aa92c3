import { setTimeout } from 'node:timers/promises'

/** The clock, passed in so that tests need not wait. */
export interface Time {
  /** Milliseconds since the epoch. */
  now(): number
  /** Rejects with the signal's reason once that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const realTime: Time = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await setTimeout(ms, undefined, { ...(signal && { signal }) })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
}
