import type { AnyStep, Change, Check, See, Step, Task, Unmanaged, Waiting } from '../engine/step.ts'
import { ownerOf } from '../settings/ownerTags.ts'
import type { Phase, Target } from '../settings/settings.ts'
import { waitingFor } from '../steps/late.ts'
import { type Absence, type AbsenceOptions, judgeAbsence, observeAbsence } from './absence.ts'
import { untilUsable } from './completion.ts'
import type { Context } from './context.ts'
import { type CreateBody, type Creation, create } from './creation.ts'
import {
  changedTags,
  creationTags,
  type Differences,
  isOurs,
  judgeRemoval,
  judgeTracked,
  type Tags,
  type Tracked
} from './ownership.ts'
import { removeTracked, untilGone } from './removal.ts'
import { condition, isFailed, isLeaving, notReady } from './state.ts'

export interface TrackedFacts<R extends Tracked> {
  /** Undefined as well while Azure is still deleting it. */
  readonly resource: R | undefined
  /** An earlier deletion under the same name has not ended. */
  readonly leaving?: boolean
  /** Asked for when it is to be made. */
  readonly absence?: Absence
  /** What lies in it or uses it; only asked for when it may have to go. */
  readonly contents?: readonly Unmanaged[]
  /** Why it must stay although it is ours. */
  readonly mustStay?: string
}

/** What makes one kind of tracked ARM resource different from another. */
export interface TrackedOptions<R extends Tracked> extends AbsenceOptions {
  readonly id: string
  readonly phase: Phase
  readonly apiVersion: string
  /** How the inputs name it; undefined for what lies in another resource of the environment. */
  readonly target?: Target
  /** What it lies in was given by its full id. */
  readonly byId?: boolean
  readonly needs: readonly AnyStep[]
  /** What it lies in: while that is being deleted, it is as good as gone. */
  readonly parent?: Step<{ readonly leaving?: boolean }> | undefined
  /** How to find it when a plain GET is not the way. */
  readonly find?: (see: See, signal: AbortSignal) => Promise<R | undefined>
  /** What `find` shows of one that was made just now; asked again when absent. */
  readonly newborn?: (made: R) => R
  readonly send?: Creation<R>['send']
  /** Tags at creation besides those that every resource of ours gets. */
  readonly bornTags?: (see: See) => Tags
  /** Body of the creating request, without tags. */
  readonly body: (see: See) => CreateBody
  readonly differences?: (resource: R, see: See) => Differences
  /** A shared one is taken as it is, whatever its differences. */
  readonly sharedFitsAlways?: boolean
  /** Brings about the changes other than tags. */
  readonly repair?: (changes: readonly Change[], task: Task<TrackedFacts<R>>) => Promise<void>
  /** Whether one that failed was never of use, so that making it again loses nothing; true when absent. */
  readonly neverLived?: (resource: R) => boolean
  /** What Azure has not told of it yet, as in `its ID scope`; undefined when all is told that others need. */
  readonly late?: (resource: R) => string | undefined
  readonly unmanaged?: (resource: R) => readonly Unmanaged[]
  /** What a person would look at while it exists. */
  readonly checks?: (resource: R, see: See) => readonly Check[]
  /** Ids of what it cannot live without, besides what it lies in. */
  readonly uses?: (resource: R) => readonly string[]
  /** What lies in it or uses it, read when it may have to go, and again directly before it goes. */
  readonly contents?: (resource: R, signal: AbortSignal) => Promise<readonly Unmanaged[]>
  /** Some of them it tells itself: it is read again when they are. */
  readonly tellsContents?: boolean
  /** Why it must stay although it is ours; undefined when it may go. */
  readonly obstacleToRemoval?: (signal: AbortSignal) => Promise<string | undefined>
  /** Milliseconds that the list of its contents may lag: looked at twice, so far apart. */
  readonly contentsSettleMs?: number
  /** May go only once these are gone. */
  readonly goesAfter?: () => readonly AnyStep[]
  readonly outputs: (resource: R) => Readonly<Record<string, string>>
}

/** One tracked ARM resource: created when missing, repaired when it drifted and is ours, used as it is when shared. */
export function trackedStep<R extends Tracked>(
  context: Context,
  options: TrackedOptions<R>
): Step<TrackedFacts<R>> {
  const { azure, environment, family, neighbours } = context
  const { kind, apiVersion, input, target } = options
  const id = options.resource

  const get = (signal: AbortSignal) =>
    azure.arm.get<R>(id, apiVersion, { operation: `read ${kind}`, signal })

  const find = options.find ?? ((_see: See, signal: AbortSignal) => get(signal))

  // What has no name of its own among the inputs lies in the namespace.
  const lost = () =>
    target === undefined
      ? family.isOurs(environment.namespace.id)
      : family.hasLost(target, environment.group.id)

  /** What it lacks to be of use, as something that can be waited for. */
  const lack = (resource: R) => {
    const value = options.late?.(resource)
    return notReady(resource) ?? (value && waitingFor(value))
  }

  const usable = (
    { see, signal, progress }: Waiting<TrackedFacts<R>>,
    made?: R,
    creating = false
  ): Promise<R | undefined> =>
    untilUsable(
      context,
      {
        id,
        kind,
        // Azure's answer is what a GET shows; another way of finding it may show more.
        made: options.find ? made && options.newborn?.(made) : made,
        find: () => find(see, signal),
        late: options.late
      },
      { creating, signal, progress }
    )

  async function make(task: Task<TrackedFacts<R>>): Promise<R | undefined> {
    const { facts, see, signal, progress } = task
    if (facts.leaving) {
      const waiting = () => progress('an earlier deletion under the same name to finish')
      await untilGone(azure.time, () => get(signal), waiting, signal)
    }
    const tags = { ...creationTags(environment, id), ...options.bornTags?.(see) }
    const body = { ...options.body(see), tags }
    return create(context, { id, kind, apiVersion, body, send: options.send }, task)
  }

  async function mend(changes: readonly Change[], task: Task<TrackedFacts<R>>): Promise<void> {
    const tags = changedTags(changes)
    const others = changes.filter(({ property }) => !property.startsWith('tags.'))
    if (Object.keys(tags).length > 0) await azure.tag(id, tags, task.signal)
    if (others.length > 0) await options.repair?.(others, task)
  }

  return {
    id: options.id,
    kind,
    resource: id,
    phase: options.phase,
    needs: options.needs,
    reads: options.parent ? [options.parent] : [],
    observe: async (see, signal) => {
      // Even where its parent is missing: a read that is refused or unreadable stops the run before anything is written.
      const found = await find(see, signal)
      family.saw(id, found && ownerOf(found, environment.ownership))
      if (neighbours !== undefined) {
        if (!found || judgeRemoval(environment, found).action !== 'remove')
          return { resource: found }
        const [contents = [], mustStay] = await Promise.all([
          options.contents?.(found, signal),
          options.obstacleToRemoval?.(signal)
        ])
        return { resource: found, contents, ...(mustStay && { mustStay }) }
      }
      const absence = found ? undefined : await observeAbsence(context, options, see, signal)
      // Another run may have made it between the two questions: then its name is not foreign.
      const resource = absence?.nameTaken === undefined ? found : await find(see, signal)
      if (resource === undefined) return { resource, ...(absence && { absence }) }
      const parentLeaves = options.parent !== undefined && see(options.parent).leaving
      return parentLeaves || isLeaving(resource)
        ? { resource: undefined, leaving: true }
        : { resource }
    },
    lacks: ({ resource }) => (resource === undefined ? 'does not exist' : lack(resource)),
    judge: ({ resource, absence = { homeless: false } }, see) => {
      if (resource === undefined) return judgeAbsence(options, absence, see)
      const differences =
        options.sharedFitsAlways && !isOurs(environment, resource)
          ? { fixed: [] }
          : (options.differences?.(resource, see) ?? { fixed: [] })
      const standing = { kind, input, byId: target?.byId ?? options.byId ?? false, lost: lost() }
      const verdict = judgeTracked(environment, resource, standing, differences)
      if (verdict.action === 'cannot') return verdict
      const state = condition(environment, kind, resource, options)
      const late = verdict.action === 'keep' ? options.late?.(resource) : undefined
      return state ?? (late ? { action: 'await', reason: waitingFor(late) } : verdict)
    },
    apply: async (task) => {
      const { verdict, facts } = task
      let made: R | undefined
      if (verdict.action === 'change') await mend(verdict.changes, task)
      else if (verdict.action === 'create' || isFailed(facts.resource)) made = await make(task)
      return { resource: await usable(task, made, verdict.action === 'create') }
    },
    wait: async (waiting) => ({ resource: await usable(waiting) }),
    checks: ({ resource }, see) =>
      resource === undefined ? [] : (options.checks?.(resource, see) ?? []),
    teardown: {
      judge: ({ resource, mustStay }) =>
        mustStay === undefined
          ? resource && judgeRemoval(environment, resource, lost())
          : { action: 'leave', reason: mustStay, own: true },
      remove: ({ facts, see, strangers, signal, progress }) => {
        const arrived = async () => {
          neighbours?.forget()
          const now = options.tellsContents ? await find(see, signal) : facts.resource
          return strangers((now && (await options.contents?.(now, signal))) || [])
        }
        const { contentsSettleMs = 0 } = options
        return removeTracked(
          context,
          { id, kind, apiVersion, ...(options.contents && { arrived, contentsSettleMs }) },
          progress,
          signal
        )
      },
      ...(options.goesAfter && { goesAfter: options.goesAfter }),
      uses: ({ resource }) => (resource === undefined ? [] : (options.uses?.(resource) ?? [])),
      contents: ({ contents = [] }) => contents
    },
    ...(options.unmanaged && {
      unmanaged: ({ resource }) => (resource ? (options.unmanaged?.(resource) ?? []) : [])
    }),
    outputs: ({ resource }) => (resource === undefined ? {} : options.outputs(resource))
  }
}
