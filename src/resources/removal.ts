import { AzureError } from '../azure/errors/azureError.ts'
import { type Poll, poll, retryWhile } from '../azure/http/wait.ts'
import { Stays, type Unmanaged } from '../engine/step.ts'
import { BUDGETS, POLLS } from './budgets.ts'
import type { Tools } from './context.ts'
import type { TrackedResource } from './model.ts'
import { judgeRemoval } from './ownership.ts'
import { isLeaving } from './state.ts'

/** A resource that is to go. */
interface Doomed {
  readonly id: string
  readonly kind: string
  readonly apiVersion: string
  /** Lists what keeps it, anew each time; absent when nothing can. */
  readonly arrived?: () => Promise<readonly Unmanaged[]>
  /** Milliseconds until that list may be believed, where lists lag. */
  readonly settlesInMs?: number
}

/** Ends a deletion that is about to be sent. */
class StaysError extends Error {
  readonly stays: Stays

  constructor(stays: Stays) {
    super(stays.reason)
    this.stays = stays
  }
}

/** Pure: why something stays that has this in it; undefined when nothing is. */
export function whyStays([one]: readonly Unmanaged[]): Stays | undefined {
  return one && new Stays(`${one.kind} ${one.resource} is in it or uses it, and stays`)
}

/**
 * Deletes a tracked resource and waits until it is gone. Whose it is and what is in it may have changed since the plan, so
 * both are looked at directly before each request that deletes.
 *
 * @returns why it stays, when something arrived that keeps it
 */
export async function removeResource(
  { azure, claim }: Tools,
  { id, kind, apiVersion, arrived, settlesInMs = 0 }: Doomed,
  progress: (waitingFor: string) => void,
  signal: AbortSignal
): Promise<Stays | undefined> {
  const get = (until = signal) =>
    azure.arm.get<TrackedResource>(id, apiVersion, { operation: `read ${kind}`, signal: until })
  const before = async () => {
    const stays = whyStays((await arrived?.()) ?? [])
    if (stays) throw new StaysError(stays)
    const now = await get()
    const verdict = now && judgeRemoval(claim, now)
    if (verdict?.action === 'leave') throw new StaysError(new Stays(verdict.reason))
  }
  try {
    const now = await get()
    if (now === undefined) return undefined
    if (!isLeaving(now)) {
      if (settlesInMs > 0) {
        progress('lists of its contents to be up to date')
        await azure.time.sleep(settlesInMs, signal)
      }
      const options = { apiVersion, operation: `delete ${kind}`, before, progress }
      const remove: Deletion = (task) => azure.arm.delete(id, { ...options, ...task })
      const attempt = async () => {
        const gone = await untilEndOrGone(remove, get, { time: azure.time, signal })
        if (gone && (await get()) !== undefined) throw new ShownAgainError(kind, id)
        return gone
      }
      const gone = await retryWhile(attempt, {
        ...BUDGETS.removal,
        when: (error) =>
          error instanceof ShownAgainError ||
          (error instanceof AzureError && error.status === 409 && !error.lasting),
        notify: (error) =>
          progress(
            error instanceof ShownAgainError
              ? 'Azure to show it as gone for good'
              : 'other operations on it, or on what uses it, to end'
          ),
        time: azure.time,
        signal
      })
      if (gone) return undefined
    }
  } catch (error) {
    if (error instanceof StaysError) return error.stays
    throw error
  }
  await untilGone(() => get(), 'Azure to finish deleting it', {
    time: azure.time,
    progress,
    signal
  })
  return undefined
}

/** An answer was behind its time, or somebody made it again. How its deletion ended is not known any more. */
class ShownAgainError extends Error {
  constructor(kind: string, id: string) {
    super(
      `${kind} ${id} was gone, and Azure shows it again and again. Something else may be making it: look for another workflow that applies this environment, then run again.`
    )
  }
}

type Deletion = (task: {
  readonly accepted: () => void
  readonly signal: AbortSignal
}) => Promise<void>

/**
 * Waits for a deletion. Azure tells its end when it wants to be asked, ten seconds late as a rule, and others wait for it:
 * whether it is still there is asked besides.
 *
 * @returns whether it was seen gone before Azure told the end
 */
async function untilEndOrGone(
  remove: Deletion,
  get: (signal: AbortSignal) => Promise<unknown>,
  { time, signal }: Pick<Poll<unknown>, 'time' | 'signal'>
): Promise<boolean> {
  const end = new AbortController()
  const ended = AbortSignal.any([signal, end.signal])
  let gone = false
  const look = async () => {
    try {
      await time.sleep(POLLS.deletionMs, ended)
      await untilGone(() => get(ended), '', { time, progress: () => {}, signal: ended })
      gone = true
      end.abort()
    } catch {
      // A look that fails says nothing: the operation does.
    }
  }
  try {
    await remove({ accepted: () => void look(), signal: ended })
  } catch (error) {
    if (!gone) throw error
  } finally {
    end.abort()
  }
  return gone
}

/** @param waitingFor what is told while it is still there */
export async function untilGone(
  look: () => Promise<unknown>,
  waitingFor: string,
  rest: Pick<Poll<unknown>, 'progress' | 'time' | 'signal'>
): Promise<void> {
  const missing = (found: unknown) => (found === undefined ? undefined : waitingFor)
  await poll({ look, missing, everyMs: POLLS.deletionMs, ...rest })
}
