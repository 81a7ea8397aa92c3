import type { Task } from '../engine/step.ts'
import type { Tools } from './context.ts'
import type { Tracked } from './model.ts'
import { isOurs } from './ownership.ts'
import { isStuck, notReady } from './state.ts'

/** Reads lag behind writes for seconds (contract 11.6); what is still incomplete then is left to the next step to say. */
const READS = 12
const INTERVAL_MS = 5_000

/** A resource that is to become of use. */
export interface Completion<R> {
  readonly id: string
  readonly kind: string
  /** Azure's answer to the write, when it shows all that `find` would. */
  readonly made: R | undefined
  readonly find: () => Promise<R | undefined>
  /** What it lacks to be of use, in words that follow `waiting for`. */
  readonly lack: (resource: R) => string | undefined
}

/**
 * Waits until a resource that was written is of use, and no longer than it takes Azure to show what it knows late.
 *
 * @throws when it turns out to be somebody else's although this run was to make it, or Azure gave up on it
 */
export async function untilUsable<R extends Tracked>(
  { azure, claim }: Tools,
  { id, kind, made, find, lack }: Completion<R>,
  { verdict, signal, progress }: Pick<Task<unknown>, 'verdict' | 'signal' | 'progress'>
): Promise<R | undefined> {
  for (let reads = 0; ; reads++) {
    const resource = (reads === 0 ? made : undefined) ?? (await find())
    if (resource !== undefined) {
      if (verdict.action === 'create' && !isOurs(claim, resource)) throw theirs(kind, id)
      if (isStuck(resource)) throw stuck(kind, resource)
    }
    const missing = resource === undefined ? 'it to become visible' : lack(resource)
    // While Azure is at work, whoever began it, nothing but the run's deadline bounds the wait.
    const patient = resource !== undefined && notReady(resource) !== undefined
    if (missing === undefined || (reads >= READS && !patient)) return resource
    progress(missing)
    await azure.time.sleep(INTERVAL_MS, signal)
  }
}

/** Azure has stopped working on it, and it is no good. */
function stuck(kind: string, resource: Tracked): Error {
  return new Error(
    `Azure has not brought ${kind} ${resource.id} to life: ${notReady(resource)}. Look at its activity log in the portal, then run again.`
  )
}

/** It was absent when the plan was made, and what is there now does not have the tags that we make it with. */
function theirs(kind: string, id: string): Error {
  return new Error(
    `${kind} ${id} was made by somebody else while this run was at work. Run again: it will say whether the resource fits.`
  )
}
