import type { Phase } from '../settings/settings.ts'
import type { Outcome, Removal, Verdict, Work } from './verdict.ts'

/** Something that exists, is not in the inputs and is left alone. */
export interface Unmanaged {
  readonly kind: string
  readonly resource: string
  /** Ids of what it cannot live without, besides what it lies in. */
  readonly uses?: readonly string[]
}

/** Gives the latest facts of another step. */
export type See = <F>(step: Step<F>) => F

/** What a step is handed to do its work. */
export interface Task<F> extends Waiting<F> {
  readonly verdict: Work
  /** Tells that Azure has accepted the creation, and what it told of it so far: steps that need no more start now. */
  begun(facts: F): void
  /**
   * Tells that it looks finished while its operation, or what it stands on, goes on, which may fail yet: creations that say
   * so start on it.
   */
  shown(facts: F): void
  /** The end of what it needs and was only shown as finished when it started; rejected with GivenUp when that fails. */
  readonly shownEnd: Promise<unknown> | undefined
  /** The end of a step that only had to begin, rejected with GivenUp when it fails; undefined when it has ended. */
  underWay(step: AnyStep): Promise<void> | undefined
  /** Resolves when something begins or ends, or more is told of what has begun. */
  news(): Promise<void>
}

/** A step that need not be done any more, because one that it began beside failed. */
export class GivenUp extends Error {}

/** What a step is handed to wait. */
export interface Waiting<F> {
  readonly facts: F
  readonly see: See
  /** Aborted when the run is cancelled or its time is up. */
  readonly signal: AbortSignal
  /** Says what the step is waiting for: for the progress lines and for the message of a deadline. */
  readonly progress: (waitingFor: string) => void
}

/** One thing that has to hold. */
export interface Check {
  /** What holds when all is well: `state is Active`. */
  readonly what: string
  readonly holds: boolean
  /** What was found instead. */
  readonly found?: string
  readonly remedy: string
  /** Deserves a word, but breaks nothing yet. */
  readonly warning?: boolean
  /** Could not be made: it does not hold, and nobody knows whether anything is broken. */
  readonly unchecked?: boolean
}

/** It was to be removed, and at the last look something kept it. */
export class Stays {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** What a look for what keeps something is handed. */
export interface Look<F> extends Pick<Task<F>, 'facts' | 'see' | 'signal'> {
  /** Pure: what of the contents does not go with it. */
  readonly strangers: (contents: readonly Unmanaged[]) => readonly Unmanaged[]
}

/** What a removal is told besides. */
export interface RemovalTask<F> extends Task<F>, Look<F> {
  /** Milliseconds since `lookAhead` looked; absent when it did not. */
  readonly lookedAgoMs?: number
}

/** Where something is, seen from the resource of a step. */
export type Place = 'itself' | 'inside' | 'elsewhere'

/** True for the name of a resource that goes in this run. */
export type IsBeingRemoved = (resource: string) => boolean

/** How a step's resource ends. */
export interface Teardown<F> {
  /** Pure: whether it may go; undefined when there is nothing. */
  judge(facts: F, see: See, isBeingRemoved: IsBeingRemoved): Removal | undefined
  /** Removes it, or tells by `Stays` why not; without this it ends with what it lies in. */
  remove?(task: RemovalTask<F>): Promise<unknown>
  /** Where Azure tells late what arrived: the first look for it, before anything goes; `remove` looks again. */
  lookAhead?(look: Look<F>): Promise<Stays | undefined>
  /** Pure: names of what it cannot live without, besides what it lies in. */
  uses?(facts: F): readonly string[]
  /** Pure: what lies in it; whatever of that is not removed keeps it alive. */
  contents?(facts: F): readonly Unmanaged[]
  /** Another writer may undo the removal until this many milliseconds have passed: it is then looked at, and done again. */
  readonly settleMs?: number
  /** May go only once these are gone, although they do not need it to be made. */
  readonly goesAfter?: () => readonly AnyStep[]
  /** Goes only when that one goes, although that one does not take it along. */
  readonly onlyWith?: () => AnyStep
  /** Ends when what it lies in ends, without a request of its own. */
  readonly within?: boolean
  /** Judged once it is known what goes; keeps nothing alive itself. */
  readonly follows?: boolean
}

/**
 * One resource or one imperative act. The engine knows steps, never Azure; a step knows Azure, never the order.
 * `F` is what observing it yields: facts about what is there, absence included.
 */
export interface Step<F> {
  /** Stable within an environment: `hub/NAME`, `policy/default`. */
  readonly id: string
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  /** Name of what it is about, unique in all of Azure; the engine only hands it on. */
  readonly resource: string
  /** Pure: where something of that name is, seen from here; an act that leaves nothing behind says nothing. */
  readonly place?: (resource: string) => Place
  readonly phase: Phase
  /** What must be there before this step can be applied. */
  readonly needs: readonly AnyStep[]
  /** Of these, what Azure need only have begun to make: `see` tells then what it told when it accepted that. */
  readonly begins?: readonly AnyStep[]
  /** Its creation may start when what it needs is shown as finished; it waits itself for the end of that where it has to. */
  readonly createsEarly?: boolean
  /** Steps whose facts `observe` looks at. Judging may look at any: it starts when all is observed. */
  readonly reads?: readonly AnyStep[]
  /** An exceptional step is only worth mentioning while it has something to do. */
  readonly exceptional?: boolean
  /** An optional step may stay undone without stopping those that need it. */
  readonly optional?: boolean
  /** Another writer may undo it until this many milliseconds have passed: it is then checked, and done again if lost. */
  readonly settleMs?: number
  /** There is no other writer yet where this run made that step's resource. */
  readonly settledBy?: AnyStep
  /** Sends ahead what `observe` is going to ask Azure, as far as no other step's facts are needed for the question. */
  ask?(signal: AbortSignal): void
  /** Reads only. */
  observe(see: See, signal: AbortSignal): Promise<F>
  /** Pure: the facts of a run that only looks and was refused; any other error, and any other run, ends there. */
  unseen?(error: Error): F | undefined
  /** Pure: what is missing for those that need this step; undefined when nothing is. */
  unmetRequirement(facts: F): string | undefined
  /** Pure: what Azure has not told of it yet, in words that follow `waiting for`, whatever else there is to do about it. */
  late?(facts: F): string | undefined
  /** Pure: what has to be done. */
  judge(facts: F, see: See): Verdict
  /** Brings it about and returns the facts afterwards. */
  apply(task: Task<F>): Promise<F>
  /** Waits until it can be judged, and writes nothing; without this it is observed again once those it needs are done. */
  wait?(waiting: Waiting<F>): Promise<F>
  /** Pure: what a person would look at to see that it works, while it exists. */
  checks?(facts: F, see: See): readonly Check[]
  /** How it ends with its environment; an act that leaves nothing behind has none. */
  readonly teardown?: Teardown<F>
  /** Pure: what is there and not ours to manage. */
  unmanaged?(facts: F): readonly Unmanaged[]
  /** Pure: what the output `result` tells of its state, where that is more than whether it is there. */
  state?(facts: F): Readonly<Record<string, unknown>> | undefined
  /** Pure: the action's outputs that these facts fill, by output name. */
  outputs?(facts: F): Readonly<Record<string, string>>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of steps holds steps of every fact type; `See` restores it.
export type AnyStep = Step<any>

export interface PlanItem {
  readonly step: AnyStep
  readonly verdict: Verdict
}

export interface Plan {
  readonly items: readonly PlanItem[]
  readonly unmanaged: readonly Unmanaged[]
}

export interface StepResult {
  readonly step: AnyStep
  readonly outcome: Outcome
  /** Milliseconds since the run began; equal when nothing was done. */
  readonly startedAt: number
  readonly endedAt: number
  readonly error?: Error
  /** Why it was left although it was to be removed. */
  readonly stays?: string
}
