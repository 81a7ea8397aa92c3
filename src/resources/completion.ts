import { poll } from '../azure/http/wait.ts'
import type { Task } from '../engine/step.ts'
import { BUDGETS } from './budgets.ts'
import type { Tools } from './context.ts'
import { LateError, waitingFor } from './late.ts'
import type { TrackedResource } from './model.ts'
import { isOurs } from './ownership.ts'
import { isStuck, notReady } from './state.ts'

/** A resource that is to become of use. */
export interface Completion<R> {
  readonly id: string
  readonly kind: string
  /** Azure's answer to the write, when it shows all that `find` would. */
  readonly made: R | undefined
  readonly find: () => Promise<R | undefined>
  /** What Azure has not told of it yet, as in `its ID scope`. */
  readonly late: ((resource: R) => string | undefined) | undefined
}

interface UntilUsable extends Pick<Task<unknown>, 'signal' | 'progress'> {
  /** This run makes it: then it has to be this environment's. */
  readonly creating: boolean
}

/**
 * Waits until a resource that was written is of use, and no longer than it takes Azure to show what it knows late.
 *
 * @throws when it turns out to be somebody else's although this run was to make it, Azure gave up on it, or does not tell
 *   all of it
 */
export async function untilUsable<R extends TrackedResource>(
  { azure, claim }: Tools,
  { id, kind, made, find, late }: Completion<R>,
  { creating, signal, progress }: UntilUsable
): Promise<R | undefined> {
  let told = made
  let quiet = 0
  return poll({
    look: async () => {
      const resource = told ?? (await find())
      told = undefined
      if (resource === undefined) return undefined
      if (creating && !isOurs(claim, resource)) throw theirs(kind, id)
      if (isStuck(resource)) throw stuck(kind, resource)
      return resource
    },
    missing: (resource) => {
      // While Azure is at work, whoever began it, nothing but the run's deadline bounds the wait.
      const state = resource && notReady(resource)
      if (state !== undefined) return state
      const value = resource && late?.(resource)
      if (resource !== undefined && value === undefined) return undefined
      if (++quiet > BUDGETS.late.attempts) {
        // What does not show yet is left to the next step to say.
        if (value === undefined) return undefined
        throw new LateError({ value, kind, id })
      }
      return value === undefined ? 'it to become visible' : waitingFor(value)
    },
    everyMs: BUDGETS.late.intervalMs(1),
    progress,
    time: azure.time,
    signal
  })
}

/** Azure has stopped working on it, and it is no good. */
function stuck(kind: string, resource: TrackedResource): Error {
  return new Error(
    `Azure has not finished ${kind} ${resource.id}: ${notReady(resource)}. Look at its activity log in the portal, then run again.`
  )
}

/** It was absent when the plan was made, and what is there now does not have the tags that we make it with. */
function theirs(kind: string, id: string): Error {
  return new Error(
    `${kind} ${id} was made by somebody else while this run was at work. Run again, which checks whether the resource fits.`
  )
}
