import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Change, Check, See, Step, Task, Unmanaged, Verdict } from '../engine/step.ts'
import type { Phase } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { createOrMeet, noGroup, stuck, takenName } from './creation.ts'
import {
  cannot,
  changedTags,
  creationTags,
  type Differences,
  isOurs,
  judgeRemoval,
  judgeTracked,
  type Tags,
  type Tracked
} from './ownership.ts'
import { removeTracked } from './removal.ts'
import { condition, isFailed, isLeaving, isStuck, notReady } from './state.ts'

export interface TrackedFacts<R extends Tracked> {
  /** Undefined as well while Azure is still deleting it. */
  readonly resource: R | undefined
  /** An earlier deletion under the same name has not ended. */
  readonly leaving?: boolean
  /** Azure's word on why a globally unique name cannot be had; only asked for while the resource is absent. */
  readonly nameTaken?: string | undefined
  /** What lies in it or uses it; only asked for when it may have to go. */
  readonly contents?: readonly Unmanaged[]
  /** The resource group that it should lie in does not exist, and is not this environment's to make. */
  readonly homeless?: boolean
}

/** What makes one kind of tracked ARM resource different from another. */
export interface TrackedOptions<R extends Tracked> {
  readonly id: string
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  readonly phase: Phase
  /** ARM id. */
  readonly resource: string
  readonly apiVersion: string
  /** The input that names it, for advice. */
  readonly input: string
  readonly needs: readonly AnyStep[]
  /** What it lies in: while that is being deleted, it is as good as gone. */
  readonly parent?: Step<{ readonly leaving?: boolean }> | undefined
  /** Id of the resource group that it lies in, when this environment does not make that one. */
  readonly elsewhere?: string | undefined
  /** How to find it when a plain GET is not the way. */
  readonly find?: (see: See, signal: AbortSignal) => Promise<R | undefined>
  /** How to create it when a plain PUT is not the way; called again while grants are pending, counting from 1. */
  readonly make?: (
    body: CreateBody,
    task: Task<TrackedFacts<R>>,
    attempt: number
  ) => Promise<unknown>
  /** Tags at creation besides those that every resource of ours gets. */
  readonly bornTags?: (see: See) => Tags
  /** Body of the creating request, without tags. */
  readonly body: (see: See) => CreateBody
  /** What only Azure can tell once it is made. */
  readonly unknown?: readonly string[]
  /** Why a missing one cannot be created; undefined when it can. */
  readonly obstacle?: (see: See) => Verdict | undefined
  readonly nameTaken?: (signal: AbortSignal) => Promise<string | undefined>
  readonly differences?: (resource: R, see: See) => Differences
  /** A shared one is taken as it is, whatever its differences. */
  readonly sharedFitsAlways?: boolean
  /** Brings about the changes other than tags. */
  readonly repair?: (changes: readonly Change[], task: Task<TrackedFacts<R>>) => Promise<void>
  /** Whether one that failed was never of use, so that making it again loses nothing; true when absent. */
  readonly neverLived?: (resource: R) => boolean
  /** What an existing resource still lacks to be of use, such as an id that Azure tells late. */
  readonly incomplete?: (resource: R) => string | undefined
  readonly unmanaged?: (resource: R) => readonly Unmanaged[]
  /** What a person would look at while it exists. */
  readonly checks?: (resource: R, see: See) => readonly Check[]
  /** Ids of what it cannot live without, besides what it lies in. */
  readonly uses?: (resource: R) => readonly string[]
  /** What lies in it or uses it, read when it may have to go. */
  readonly contents?: (resource: R, signal: AbortSignal) => Promise<readonly Unmanaged[]>
  readonly outputs: (resource: R) => Readonly<Record<string, string>>
}

export type CreateBody = Readonly<Record<string, unknown>> & {
  readonly location: string | undefined
}

/** Reads lag behind writes for seconds (contract 11.6); what is still incomplete then is left to the next step to say. */
const COMPLETION_READS = 12
const COMPLETION_INTERVAL_MS = 5_000
/** Deleting takes minutes at most (contract 12); the run's deadline is the outer bound. */
const LEAVING_INTERVAL_MS = 10_000
/** One tracked ARM resource: created when missing, repaired when it drifted and is ours, used as it is when shared. */
export function trackedStep<R extends Tracked>(
  context: Context,
  options: TrackedOptions<R>
): Step<TrackedFacts<R>> {
  const { azure, environment, neighbours } = context
  const { kind, apiVersion, input } = options
  const id = options.resource

  const get = (signal: AbortSignal) =>
    azure.arm.get<R>(id, apiVersion, { operation: `read ${kind}`, signal })

  const find = options.find ?? ((_see: See, signal: AbortSignal) => get(signal))

  const make =
    options.make ??
    ((body: CreateBody, { signal, progress }: Task<TrackedFacts<R>>) =>
      azure.arm.put<R>(id, {
        apiVersion,
        operation: `create ${kind}`,
        body,
        once: true,
        signal,
        progress
      }))

  /** What it lacks to be of use, as something that can be waited for. */
  const lack = (resource: R) => notReady(resource) ?? options.incomplete?.(resource)

  async function create(task: Task<TrackedFacts<R>>): Promise<void> {
    const { facts, see, signal, progress } = task
    while (facts.leaving && (await get(signal)) !== undefined) {
      progress('an earlier deletion under the same name to finish')
      await azure.time.sleep(LEAVING_INTERVAL_MS, signal)
    }
    const body = {
      ...options.body(see),
      tags: { ...creationTags(environment), ...options.bornTags?.(see) }
    }
    await createOrMeet(context, {
      make: (attempt) => make(body, task, attempt),
      exists: async () => (await get(signal)) !== undefined,
      progress,
      signal
    })
  }

  async function readComplete(task: Task<TrackedFacts<R>>): Promise<TrackedFacts<R>> {
    for (let reads = 1; ; reads++) {
      const resource = await find(task.see, task.signal)
      const missing = resource === undefined ? 'it to become visible' : lack(resource)
      if (resource !== undefined && isStuck(resource)) throw new Error(stuck(kind, resource))
      // While Azure is at work, whoever began it, nothing but the run's deadline bounds the wait.
      const patient = resource !== undefined && notReady(resource) !== undefined
      if (missing === undefined || (reads >= COMPLETION_READS && !patient)) return { resource }
      task.progress(missing)
      await azure.time.sleep(COMPLETION_INTERVAL_MS, task.signal)
    }
  }

  return {
    id: options.id,
    kind,
    resource: id,
    phase: options.phase,
    needs: options.needs,
    reads: [...(options.parent ? [options.parent] : [])],
    observe: async (see, signal) => {
      const resource = await find(see, signal)
      if (neighbours !== undefined) {
        const mayGo = resource && judgeRemoval(environment, resource).action === 'remove'
        return { resource, contents: (mayGo && (await options.contents?.(resource, signal))) || [] }
      }
      const parentLeaves = options.parent !== undefined && see(options.parent).leaving
      if (resource !== undefined)
        return parentLeaves || isLeaving(resource)
          ? { resource: undefined, leaving: true }
          : { resource }
      const [nameTaken, elsewhere] = await Promise.all([
        options.nameTaken?.(signal),
        options.elsewhere === undefined
          ? undefined
          : azure.arm.get(options.elsewhere, VERSIONS.resources, {
              operation: 'read Resource group',
              signal
            })
      ])
      const homeless = options.elsewhere !== undefined && elsewhere === undefined
      return { resource, nameTaken, homeless }
    },
    lacks: ({ resource }) => (resource === undefined ? 'does not exist' : lack(resource)),
    judge: ({ resource, nameTaken, homeless }, see) => {
      if (resource === undefined) {
        if (homeless) return cannot(noGroup(kind, id, input))
        if (nameTaken !== undefined) return cannot(takenName(kind, id, input, nameTaken))
        const { unknown } = options
        return options.obstacle?.(see) ?? { action: 'create', ...(unknown && { unknown }) }
      }
      const differences =
        options.sharedFitsAlways && !isOurs(environment, resource)
          ? { fixed: [] }
          : (options.differences?.(resource, see) ?? { fixed: [] })
      const verdict = judgeTracked(environment, resource, kind, input, differences)
      if (verdict.action === 'cannot') return verdict
      return condition(environment, kind, resource, options) ?? verdict
    },
    apply: async (task) => {
      if (task.verdict.action === 'change') {
        const tags = changedTags(task.verdict.changes)
        const others = task.verdict.changes.filter(({ property }) => !property.startsWith('tags.'))
        if (Object.keys(tags).length > 0) await azure.tag(id, tags, task.signal)
        if (others.length > 0) await options.repair?.(others, task)
      } else if (task.verdict.action === 'create' || isFailed(task.facts.resource)) {
        await create(task)
      }
      return readComplete(task)
    },
    checks: ({ resource }, see) =>
      resource === undefined ? [] : (options.checks?.(resource, see) ?? []),
    teardown: {
      judge: ({ resource }) => resource && judgeRemoval(environment, resource),
      remove: ({ signal, progress }) =>
        removeTracked(context, { id, kind, apiVersion }, progress, signal),
      uses: ({ resource }) => (resource === undefined ? [] : (options.uses?.(resource) ?? [])),
      contents: ({ contents = [] }) => contents
    },
    ...(options.unmanaged && {
      unmanaged: ({ resource }) => (resource ? (options.unmanaged?.(resource) ?? []) : [])
    }),
    outputs: ({ resource }) => (resource === undefined ? {} : options.outputs(resource))
  }
}
