import { AzureError } from '../azure/errors.ts'
import type { Time } from '../azure/time.ts'
import { retryWhile } from '../azure/wait.ts'
import type { Context } from './context.ts'
import { judgeRemoval, type Tracked } from './ownership.ts'
import { isLeaving } from './state.ts'

/** A namespace is refused to go while Azure still unlinks hub and DPS (contract 11.5): ten minutes. */
const BUSY_TRIES = 40
const BUSY_INTERVAL_MS = 15_000
const GONE_INTERVAL_MS = 5_000

/** Deletes a tracked resource and waits until it is gone. Whose it is may have changed since the plan: looks again first. */
export async function removeTracked(
  { azure, environment }: Context,
  resource: { readonly id: string; readonly kind: string; readonly apiVersion: string },
  progress: (waitingFor: string) => void,
  signal: AbortSignal
): Promise<void> {
  const { id, kind, apiVersion } = resource
  const get = () => azure.arm.get<Tracked>(id, apiVersion, { operation: `read ${kind}`, signal })
  const now = await get()
  if (now === undefined) return
  if (judgeRemoval(environment, now).action !== 'remove') {
    throw new Error(
      `${kind} ${id} was not deleted: its tags were changed since this run began, and it is not this environment's any more.`
    )
  }
  if (!isLeaving(now)) {
    const operation = `delete ${kind}`
    await retryWhile(() => azure.arm.delete(id, { apiVersion, operation, signal, progress }), {
      attempts: BUSY_TRIES,
      intervalMs: () => BUSY_INTERVAL_MS,
      when: (error) => error instanceof AzureError && error.status === 409 && !error.lasting,
      notify: () => progress('other operations on it, or on what uses it, to end'),
      time: azure.time,
      signal
    })
  }
  await untilGone(azure.time, get, () => progress('Azure to finish deleting it'), signal)
}

/** Deleting takes minutes at most (contract 12); the run's deadline is the outer bound. */
export async function untilGone(
  time: Time,
  get: () => Promise<unknown>,
  waiting: () => void,
  signal: AbortSignal
): Promise<void> {
  while ((await get()) !== undefined) {
    waiting()
    await time.sleep(GONE_INTERVAL_MS, signal)
  }
}
