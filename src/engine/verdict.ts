/** One property that differs; `undefined` stands for absent. */
export interface Change {
  readonly property: string
  readonly before: unknown
  readonly after: unknown
}

/** What a person reads when something cannot go on: the fact, and what to do about it. */
export interface Problem {
  readonly what: string
  readonly advice: string
}

/** What could stand in the way and was not to be asked, such as `whether its name is available`. */
interface Unchecked {
  readonly unchecked?: readonly string[]
}

/** What has to happen to one step's resource. */
export type Verdict =
  /** `warning` tells of something that is wrong with it, and is not this run's to mend. */
  | { readonly action: 'keep'; readonly reason?: string; readonly warning?: string }
  /** `warning` tells of something optional that could not be had. */
  | { readonly action: 'skip'; readonly warning: string }
  /** `unknown` names what only Azure can tell once it is made. */
  | ({
      readonly action: 'create'
      readonly unknown?: readonly string[]
      readonly changes?: readonly Change[]
      /** Why it may fail, while it is not known to. */
      readonly warning?: string
    } & Unchecked)
  | ({ readonly action: 'change'; readonly changes: readonly Change[] } & Unchecked)
  | { readonly action: 'act'; readonly reason: string }
  /** It is there, and Azure is still at work on it or has not told all of it: what is to be done is only known then. */
  /** `only` waited for: of a phase that was not selected, which nothing else is done about. */
  | { readonly action: 'await'; readonly reason: string; readonly only?: boolean }
  | { readonly action: 'cannot'; readonly problems: readonly Problem[] }
  /** Azure did not let a run that only looks see it: what there is to do, nobody knows. */
  | { readonly action: 'unknown'; readonly problem: Problem }
  /** Kept alive, such as an expiry: a write that neither mends a difference nor counts as a change. */
  | { readonly action: 'renew'; readonly reason: string; readonly warning?: string }
  /** `with` names what it ends with, without a request of its own. */
  | { readonly action: 'remove'; readonly with?: string }
  /** Exists and is not removed; `own` although it was made for this environment. */
  | { readonly action: 'leave'; readonly reason: string; readonly own?: boolean }

/** What stands in the way, as a verdict. */
export function cannot(...problems: readonly Problem[]): Verdict {
  return { action: 'cannot', problems }
}

/** The verdicts that a removal can have. */
export type Removal = Extract<Verdict, { action: 'remove' | 'leave' }>

interface Meaning {
  /** In front of a line of the plan. */
  readonly sign: string
  /** What a run does about it: it writes, it waits until it can be judged, or it does nothing. */
  readonly does: 'write' | 'wait' | 'nothing'
  /** Azure is, or is made, another than it was: what drift is, and what counts as a change. */
  readonly differs: boolean
  /** How a step ends that was brought about, or for which there was nothing to bring about. */
  readonly outcome: string
}

/** All that is to be known of each verdict besides what it carries. */
export const VERDICTS = {
  keep: { sign: '=', does: 'nothing', differs: false, outcome: 'unchanged' },
  skip: { sign: '/', does: 'nothing', differs: false, outcome: 'skipped' },
  create: { sign: '+', does: 'write', differs: true, outcome: 'created' },
  change: { sign: '~', does: 'write', differs: true, outcome: 'changed' },
  act: { sign: '!', does: 'write', differs: true, outcome: 'done' },
  await: { sign: '>', does: 'wait', differs: false, outcome: 'waited' },
  cannot: { sign: 'x', does: 'nothing', differs: false, outcome: 'failed' },
  unknown: { sign: '?', does: 'nothing', differs: false, outcome: 'failed' },
  renew: { sign: '*', does: 'write', differs: false, outcome: 'renewed' },
  remove: { sign: '-', does: 'write', differs: true, outcome: 'removed' },
  leave: { sign: '.', does: 'nothing', differs: false, outcome: 'left' }
} as const satisfies Readonly<Record<Verdict['action'], Meaning>>

type Table = typeof VERDICTS
type Writing = {
  [A in keyof Table]: Table[A]['does'] extends 'write' ? A : never
}[keyof Table]

/** The verdicts that lead to a write. */
export type Work = Extract<Verdict, { readonly action: Writing }>

/** How one step ended: as its verdict says, or not. */
export type Outcome = Table[keyof Table]['outcome'] | 'not started'

export function isWork(verdict: Verdict): verdict is Work {
  return VERDICTS[verdict.action].does === 'write'
}

/** True for those that make Azure another than it is; keeping an expiry alive does not. */
export function isChange({ action }: Verdict): boolean {
  return VERDICTS[action].differs
}

/** True for what a run has to see to: work, and what it has to wait for. */
export function isDue({ action }: Verdict): boolean {
  return VERDICTS[action].does !== 'nothing'
}

const CHANGES: ReadonlySet<string> = new Set(
  Object.values(VERDICTS).flatMap(({ differs, outcome }) => (differs ? [outcome] : []))
)

/** True for a step that this run carried out, and that made Azure another than it was. */
export function wrote({ outcome }: { readonly outcome: Outcome }): boolean {
  return CHANGES.has(outcome)
}
