import { AzureError } from '../azure/errors.ts'
import { isBusy, isFateUnknown } from '../azure/retry.ts'
import { retryWhile } from '../azure/wait.ts'
import type { Problem } from '../engine/step.ts'
import type { Context } from './context.ts'
import { isGrantPending } from './grantPending.ts'
import type { Tracked } from './ownership.ts'
import { notReady } from './state.ts'

/** Contract 11.2: steps from 15 s growing to 30 s, for ten minutes; the bound is inferred there. */
const TRIES = 24
const interval = (attempt: number) => Math.min(10_000 + attempt * 5_000, 30_000)

/**
 * Makes a resource, or finds that it has been made: by an attempt whose answer was lost, or by somebody who was faster.
 * Whoever calls waits for it afterwards, whoever began it.
 */
export async function createOrMeet(
  { azure }: Context,
  options: {
    /** Counting from 1. */
    readonly make: (attempt: number) => Promise<unknown>
    readonly exists: () => Promise<boolean>
    readonly progress: (waitingFor: string) => void
    readonly signal: AbortSignal
  }
): Promise<void> {
  const { make, exists, progress, signal } = options
  const attempt = async (count: number) => {
    try {
      await make(count)
    } catch (error) {
      const unclear = isFateUnknown(error) || isCollision(error)
      if (!unclear || !(await exists())) throw error
    }
  }
  await retryWhile(attempt, {
    attempts: TRIES,
    intervalMs: interval,
    when: (error) => isGrantPending(error) || isFateUnknown(error) || isBusyError(error),
    notify: (error) =>
      progress(
        isGrantPending(error)
          ? 'the Device Registry grants of the identity to take effect'
          : 'Azure to answer again'
      ),
    time: azure.time,
    signal
  })
}

/** 409 or 412: another writer makes, or has just made, the same resource. */
function isCollision(error: unknown): boolean {
  return error instanceof AzureError && (error.status === 409 || error.status === 412)
}

function isBusyError(error: unknown): boolean {
  return error instanceof AzureError && isBusy(error)
}

/** Azure has stopped working on it, and it is no good. */
export function stuck(kind: string, resource: Tracked): string {
  return `Azure has not brought ${kind} ${resource.id} to life: ${notReady(resource)}. Look at its activity log in the portal, then run again.`
}

export function noGroup(kind: string, id: string, input: string): Problem {
  return {
    what: `${kind} ${id} does not exist, and neither does the resource group in its id`,
    advice: `Check the id given with the input \`${input}\`; a resource group other than the environment's own is not made here.`
  }
}

export function takenName(kind: string, id: string, input: string, reason: string): Problem {
  return {
    what: `${kind} ${id} does not exist here and its name is not available: ${reason.replace(/\.$/, '')}`,
    advice: `Names are unique in all of Azure. Give another one with the input \`${input}\`. If you deleted it just now, Azure frees the name within minutes: run again then.`
  }
}
