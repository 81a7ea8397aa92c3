import { AzureError } from '../azure/errors.ts'
import { retryWhile } from '../azure/wait.ts'
import type { AnyStep, Change, See, Step, Task, Unmanaged, Verdict } from '../engine/step.ts'
import type { Phase } from '../settings/settings.ts'
import type { Context } from './context.ts'
import {
  cannot,
  changedTags,
  creationTags,
  type Differences,
  isOurs,
  judgeTracked,
  type Tracked
} from './ownership.ts'

export interface TrackedFacts<R extends Tracked> {
  readonly resource: R | undefined
  /** Azure's word on why a globally unique name cannot be had; only asked for while the resource is absent. */
  readonly nameTaken?: string | undefined
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
  readonly reads?: readonly AnyStep[]
  /** How to find it when a plain GET is not the way. */
  readonly find?: (see: See, signal: AbortSignal) => Promise<R | undefined>
  /** How to create it when a plain PUT is not the way; called again while grants are pending, counting from 1. */
  readonly make?: (
    body: CreateBody,
    task: Task<TrackedFacts<R>>,
    attempt: number
  ) => Promise<unknown>
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
  /** What the state that Azure has it in calls for, before its properties are compared. */
  readonly condition?: (resource: R) => Verdict | undefined
  /** What an existing resource still lacks to be of use, such as an id that Azure tells late. */
  readonly incomplete?: (resource: R) => string | undefined
  readonly unmanaged?: (resource: R) => readonly Unmanaged[]
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
/** Contract 11.2: steps from 15 s growing to 30 s, for ten minutes; the bound is inferred there. */
const PERMISSION_TRIES = 24
const permissionInterval = (attempt: number) => Math.min(10_000 + attempt * 5_000, 30_000)

/** One tracked ARM resource: created when missing, repaired when it drifted and is ours, used as it is when shared. */
export function trackedStep<R extends Tracked>(
  { azure, environment }: Context,
  options: TrackedOptions<R>
): Step<TrackedFacts<R>> {
  const { kind, apiVersion, input } = options
  const id = options.resource

  const get = (signal: AbortSignal) =>
    azure.arm.get<R>(id, apiVersion, { operation: `read ${kind}`, signal })

  const find = options.find ?? ((_see: See, signal: AbortSignal) => get(signal))

  const make =
    options.make ??
    ((body: CreateBody, { signal, progress }: Task<TrackedFacts<R>>) =>
      azure.arm.put<R>(id, { apiVersion, operation: `create ${kind}`, body, signal, progress }))

  async function create(task: Task<TrackedFacts<R>>): Promise<void> {
    const { facts, see, signal, progress } = task
    if (facts.resource !== undefined && isLeaving(facts.resource)) {
      while ((await find(see, signal)) !== undefined) {
        progress('an earlier deletion under the same name to finish')
        await azure.time.sleep(LEAVING_INTERVAL_MS, signal)
      }
    }
    const body = { ...options.body(see), tags: creationTags(environment) }
    await retryWhile((attempt) => make(body, task, attempt), {
      attempts: PERMISSION_TRIES,
      intervalMs: permissionInterval,
      when: isGrantPending,
      notify: () => progress('the Device Registry grants of the identity to take effect'),
      time: azure.time,
      signal
    })
  }

  async function readComplete(task: Task<TrackedFacts<R>>): Promise<TrackedFacts<R>> {
    for (let reads = 1; ; reads++) {
      const resource = await find(task.see, task.signal)
      const lack = resource === undefined ? 'cannot be read yet' : options.incomplete?.(resource)
      // Waiting for somebody else's creation has no bound but the run's deadline.
      const patient = task.verdict.action === 'act'
      if (lack === undefined || (reads >= COMPLETION_READS && !patient)) return { resource }
      task.progress(lack)
      await azure.time.sleep(COMPLETION_INTERVAL_MS, task.signal)
    }
  }

  return {
    id: options.id,
    kind,
    resource: id,
    phase: options.phase,
    needs: options.needs,
    ...(options.reads && { reads: options.reads }),
    observe: async (see, signal) => {
      const resource = await find(see, signal)
      if (resource !== undefined || options.nameTaken === undefined) return { resource }
      return { resource, nameTaken: await options.nameTaken(signal) }
    },
    lacks: ({ resource }) => {
      if (resource === undefined) return 'does not exist'
      return isLeaving(resource) ? 'is being deleted' : options.incomplete?.(resource)
    },
    judge: ({ resource, nameTaken }, see) => {
      if (resource === undefined || isLeaving(resource)) {
        if (nameTaken !== undefined) return cannot(takenName(kind, id, input, nameTaken))
        const { unknown } = options
        return options.obstacle?.(see) ?? { action: 'create', ...(unknown && { unknown }) }
      }
      const condition = options.condition?.(resource)
      if (condition !== undefined) return condition
      const differences =
        options.sharedFitsAlways && !isOurs(environment, resource)
          ? { fixed: [] }
          : (options.differences?.(resource, see) ?? { fixed: [] })
      return judgeTracked(environment, resource, kind, input, differences)
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
    ...(options.unmanaged && {
      unmanaged: ({ resource }) => (resource ? (options.unmanaged?.(resource) ?? []) : [])
    }),
    outputs: ({ resource }) => (resource === undefined ? {} : options.outputs(resource))
  }
}

/** True while Azure is still deleting the resource (contract 20.3). */
function isLeaving({ properties }: Tracked): boolean {
  return properties?.provisioningState === 'Deleting' || properties?.state === 'Deleting'
}

/** True when Azure gave up on creating it. */
export function isFailed(resource: Tracked | undefined): boolean {
  const { provisioningState, state } = resource?.properties ?? {}
  return provisioningState === 'Failed' || state === 'Failed' || state === 'ActivationFailed'
}

/** IH400913: the identity's grants on the namespace exist, but are not in effect yet (contract 11.2). */
function isGrantPending(error: unknown): boolean {
  return error instanceof AzureError && error.innerCode === 'IH400913'
}

function takenName(kind: string, id: string, input: string, reason: string) {
  return {
    what: `${kind} ${id} does not exist here and its name is not available: ${reason}`,
    advice: `Names are unique in all of Azure. Give another one with the input \`${input}\`. If you deleted it just now, Azure frees the name within minutes: run again then.`
  }
}
