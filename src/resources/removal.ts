import { AzureError } from '../azure/errors/azureError.ts'
import { retryWhile } from '../azure/http/wait.ts'
import type { Time } from '../azure/time.ts'
import { Stays, type Unmanaged } from '../engine/step.ts'
import type { Tools } from './context.ts'
import type { Tracked } from './model.ts'
import { judgeRemoval } from './ownership.ts'
import { isLeaving } from './state.ts'

/** A namespace is refused to go while Azure still unlinks hub and DPS (contract 11.5): ten minutes. */
const BUSY_TRIES = 40
const BUSY_INTERVAL_MS = 15_000
const GONE_INTERVAL_MS = 5_000

/** A resource that is to go. */
interface Doomed {
  readonly id: string
  readonly kind: string
  readonly apiVersion: string
  /** Lists what keeps it, anew each time; absent when nothing can. */
  readonly arrived?: () => Promise<readonly Unmanaged[]>
  /** Milliseconds between two lists that have to agree, where lists lag. */
  readonly contentsSettleMs?: number
}

/** Ends a deletion that is about to be sent. */
class StaysError extends Error {}

/**
 * Deletes a tracked resource and waits until it is gone. Whose it is and what is in it may have changed since the plan, so
 * both are looked at directly before each request that deletes.
 *
 * @returns why it stays, when something arrived that keeps it
 */
export async function removeTracked(
  { azure, claim }: Tools,
  { id, kind, apiVersion, arrived, contentsSettleMs = 0 }: Doomed,
  progress: (waitingFor: string) => void,
  signal: AbortSignal
): Promise<Stays | undefined> {
  const get = () => azure.arm.get<Tracked>(id, apiVersion, { operation: `read ${kind}`, signal })
  const requireEmpty = async () => {
    const [one] = (await arrived?.()) ?? []
    if (one) {
      throw new StaysError(`${one.kind} ${one.resource} is in it or uses it, and stays`)
    }
  }
  const before = async () => {
    await requireEmpty()
    const now = await get()
    const verdict = now && judgeRemoval(claim, now)
    if (verdict?.action === 'leave') throw new StaysError(verdict.reason)
  }
  try {
    const now = await get()
    if (now === undefined) return undefined
    if (!isLeaving(now)) {
      if (contentsSettleMs > 0) {
        await requireEmpty()
        progress('lists of its contents to be up to date')
        await azure.time.sleep(contentsSettleMs, signal)
      }
      const operation = `delete ${kind}`
      const remove = () => azure.arm.delete(id, { apiVersion, operation, before, signal, progress })
      await retryWhile(remove, {
        attempts: BUSY_TRIES,
        intervalMs: () => BUSY_INTERVAL_MS,
        when: (error) => error instanceof AzureError && error.status === 409 && !error.lasting,
        notify: () => progress('other operations on it, or on what uses it, to end'),
        time: azure.time,
        signal
      })
    }
  } catch (error) {
    if (error instanceof StaysError) return new Stays(error.message)
    throw error
  }
  await untilGone(azure.time, get, () => progress('Azure to finish deleting it'), signal)
  return undefined
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
