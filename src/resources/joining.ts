import type { Check, Waiting } from '../engine/step.ts'
import type { Change } from '../engine/verdict.ts'
import type { TrackedResource } from './model.ts'

/** How a model of the service makes a hub or a DPS part of an environment. */
export interface Joining<R extends TrackedResource> {
  /** Sent when it is made; none of the three is changed into another later. */
  readonly sku: { readonly name: string; readonly capacity: number }
  readonly identity: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
  /** What cannot be changed in place. */
  readonly differences: (resource: R) => readonly Change[]
  /** What Azure has not told of it yet, besides what devices need, as in `the principal id of its identity`. */
  readonly late?: (resource: R) => string | undefined
  /** What it may have lost of that, and can be given again; absent where nothing can. */
  readonly again?: {
    readonly lost: (resource: R) => readonly Change[]
    readonly join: (waiting: Pick<Waiting<unknown>, 'progress' | 'signal'>) => Promise<void>
  }
  /** What a person would look at to see that it belongs. */
  readonly checks: (resource: R) => readonly Check[]
}
