import type { AnyStep, Check, See, Step, Task, Unmanaged } from '../engine/step.ts'
import type { Change } from '../engine/verdict.ts'
import type { Tags } from '../settings/ownerTags.ts'
import type { Phase } from '../settings/settings.ts'
import type { CreateBody, Creation } from './creation.ts'
import type { CreationPreflight, CreationQuestions } from './creationPreflight.ts'
import type { TrackedResource } from './model.ts'
import type { Differences } from './ownership.ts'
import type { SubscriptionInventory } from './subscriptionInventory.ts'

export interface ArmFacts<R extends TrackedResource> {
  /** Undefined as well while Azure is still deleting it. */
  readonly resource: R | undefined
  /** An earlier deletion under the same name has not ended. */
  readonly leaving?: boolean
  /** Asked for when it is to be made. */
  readonly absence?: CreationPreflight
  /** What lies in it or uses it; only asked for when it may have to go. */
  readonly contents?: readonly Unmanaged[]
  /** Why it must stay although it is ours. */
  readonly mustStay?: string
}

/** What is asked of what a resource lies in. */
export type ParentFacts = Pick<ArmFacts<TrackedResource>, 'resource' | 'leaving'>

/** What makes one kind of ARM resource different from another, by the moment at which it counts. */
export interface Life<R extends TrackedResource> {
  /** The step's. */
  readonly id: string
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  /** ARM id. */
  readonly resource: string
  readonly phase: Phase
  readonly apiVersion: string
  /** The input that names it, for advice. */
  readonly input: string
  readonly needs: readonly AnyStep[]
  /** What it lies in: while that is being deleted, it is as good as gone. */
  readonly parent?: Step<ParentFacts> | undefined
  /** How to find it when a plain GET is not the way. */
  readonly read?: {
    readonly find: (see: See, signal: AbortSignal) => Promise<R | undefined>
    /** Sends ahead what `find` is going to ask, when that is not the plain GET. */
    readonly ask?: (signal: AbortSignal) => void
    /** What `find` shows of one that was made just now; asked again when absent. */
    readonly newborn?: (made: R) => R
  }
  /** While it is missing. */
  readonly create: CreationQuestions & {
    /** Body of the creating request, without tags. */
    readonly body: (see: See) => CreateBody
    /** Whether it may be begun on what looks finished while Azure still works on that. */
    readonly early?: boolean
    /** Tags besides those that every resource of ours gets. */
    readonly tags?: (see: See) => Tags
    readonly send?: Creation<R>['send']
    /** What a refusal means for this kind of resource; the error itself when nothing special. */
    readonly explain?: (refusal: unknown, see: See) => unknown
    /** Whether one that failed was never of use, so that making it again loses nothing; true when absent. */
    readonly safeToRecreate?: (resource: R) => boolean
  }
  /** While it exists. */
  readonly present: {
    readonly differences?: (resource: R, see: See) => Differences
    /** A shared one is taken as it is, whatever its differences. */
    readonly sharedFitsAlways?: boolean
    /** What Azure has not told of it yet, as in `its ID scope`; undefined when all is told that others need. */
    readonly late?: (resource: R) => string | undefined
    /** What a person would look at. */
    readonly checks?: (resource: R, see: See) => readonly Check[]
    readonly unmanaged?: (resource: R) => readonly Unmanaged[]
    readonly outputs: (resource: R) => Readonly<Record<string, string>>
  }
  /** Brings about the changes other than tags. */
  readonly update?: (changes: readonly Change[], task: Task<ArmFacts<R>>) => Promise<void>
  /** When it is to go. */
  readonly remove?: {
    /** What Azure has not told yet of what hangs on it; all that may be late when absent. */
    readonly foundBy?: (resource: R) => string | undefined
    /** Ids of what it cannot live without, besides what it lies in. */
    readonly uses?: (resource: R) => readonly string[]
    /** What lies in it or uses it, read when it may have to go, and again directly before it goes. */
    readonly contents?: (
      resource: R,
      inventory: SubscriptionInventory,
      signal: AbortSignal
    ) => Promise<readonly Unmanaged[]>
    /** Some of them it tells itself: it is read again when they are. */
    readonly tellsContents?: boolean
    /** Milliseconds that the list of its contents may lag: looked at twice, at least so far apart. */
    readonly contentsSettleMs?: number
    /** Why it must stay although it is ours; undefined when it may go. */
    readonly obstacle?: (signal: AbortSignal) => Promise<string | undefined>
    /** May go only once these are gone. */
    readonly goesAfter?: () => readonly AnyStep[]
  }
}
