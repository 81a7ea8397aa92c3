import type { Look, See, Step, Task, Waiting } from '../engine/step.ts'
import type { Change } from '../engine/verdict.ts'
import { ownerOf } from '../settings/ownerTags.ts'
import { placeIn } from '../settings/resourceId.ts'
import { untilUsable } from './completion.ts'
import type { Tools } from './context.ts'
import { create } from './creation.ts'
import { judgeCreation, preflightCreation } from './creationPreflight.ts'
import { awaitsPrincipal } from './identity.ts'
import { LateError, untilTold, waitingFor } from './late.ts'
import type { ArmFacts, Life } from './life.ts'
import type { Identity, TrackedResource } from './model.ts'
import {
  changedTags,
  creationTags,
  isOurs,
  judgeExisting,
  judgeRemoval,
  type Standing
} from './ownership.ts'
import { removeResource, untilGone, whyStays } from './removal.ts'
import { condition, isAtWork, isFailed, isFinished, isLeaving, notReady } from './state.ts'

/**
 * Milliseconds before the first look at what is still being made, and between the others. What is told early is, as a rule,
 * told within seconds (inferred), so that they are few; but grants wait for an identity for as long as it takes.
 */
const FIRST_LOOK_MS = 5_000
const NEXT_LOOK_MS = 10_000
const EARLY_LOOKS = 3

/** Created when missing, repaired when it drifted and is ours, used as it is when shared. @param stands how it stands to the environment */
export function lifecycle<R extends TrackedResource>(
  tools: Tools,
  life: Life<R>,
  stands: () => Pick<Standing, 'byId' | 'lost'>
): Step<ArmFacts<R>> {
  const { azure, claim, family, purpose } = tools
  const { kind, apiVersion, input, resource: id, create: creation, present, remove = {} } = life

  const get = (signal: AbortSignal) =>
    azure.arm.get<R>(id, apiVersion, { operation: `read ${kind}`, signal })

  const find = life.read?.find ?? ((_see: See, signal: AbortSignal) => get(signal))

  /** What it lacks to be of use, as something that can be waited for. */
  const lack = (resource: R) => {
    const value = present.late?.(resource)
    return notReady(resource) ?? (value && waitingFor(value))
  }

  const usable = (
    { see, signal, progress }: Waiting<ArmFacts<R>>,
    made?: R,
    creating = false
  ): Promise<R | undefined> =>
    untilUsable(
      tools,
      {
        id,
        kind,
        // Azure's answer is what a GET shows; another way of finding it may show more.
        made: life.read ? made && life.read.newborn?.(made) : made,
        find: () => find(see, signal),
        late: present.late
      },
      { creating, signal, progress }
    )

  /**
   * What hangs on it, such as grants, links and enrollment groups, is found by what Azure tells of it: nothing goes while
   * that is not known. One that failed or goes may never tell.
   */
  const told = (see: See, signal: AbortSignal): Promise<R | undefined> => {
    const ask = async () => {
      const found = await find(see, signal)
      const value = found && (remove.foundBy ?? present.late)?.(found)
      if (found && value && !isFailed(found) && !isLeaving(found))
        throw new LateError({ value, kind, id })
      return found
    }
    return untilTold(ask, { time: azure.time, signal, progress: () => {} })
  }

  async function make(task: Task<ArmFacts<R>>): Promise<R | undefined> {
    const { facts, see, signal, progress } = task
    if (facts.leaving) {
      const waitingFor = 'an earlier deletion under the same name to finish'
      await untilGone(() => get(signal), waitingFor, { time: azure.time, progress, signal })
      // What it needs may have failed in the minutes since it looked finished.
      await task.shownEnd
    }
    const tags = { ...creationTags(claim, id), ...creation.tags?.(see) }
    const body = { ...creation.body(see), tags }
    const made = new AbortController()
    const begun = (facts: ArmFacts<R>) => {
      task.begun(facts)
      const { resource } = facts
      if (resource && present.late?.(resource)) void tellMore(task, resource, made.signal)
    }
    try {
      const spec = { id, kind, apiVersion, body, send: creation.send }
      return await create(tools, spec, { begun, shownEnd: task.shownEnd, signal, progress })
    } catch (error) {
      throw creation.explain?.(error, see) ?? error
    } finally {
      made.abort()
    }
  }

  /**
   * A read may show, while Azure still makes it, what its answer did not (inferred): grants wait for principal ids only. It may
   * show as well that it is finished, before the operation may be asked for.
   */
  async function tellMore(task: Task<ArmFacts<R>>, answer: R, made: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([task.signal, made])
    try {
      let nameless = false
      let worked = isAtWork(answer)
      for (let looks = 0; looks < EARLY_LOOKS || nameless; looks++) {
        await azure.time.sleep(looks === 0 ? FIRST_LOOK_MS : NEXT_LOOK_MS, signal)
        const resource = await get(signal)
        if (resource === undefined) continue
        nameless = awaitsPrincipal((resource as { readonly identity?: Identity }).identity)
        const isTold = present.late?.(resource) === undefined
        // What was never seen at work may have been called finished from the first moment on, and tells nothing.
        if (isTold && worked && isOurs(claim, resource) && isFinished(resource))
          task.shown({ resource })
        else task.begun({ resource })
        if (isTold) return
        worked ||= isAtWork(resource)
      }
    } catch {
      // Whoever waits for it waits for its end as well.
    }
  }

  async function mend(changes: readonly Change[], task: Task<ArmFacts<R>>): Promise<void> {
    const tags = changedTags(changes)
    const others = changes.filter(({ property }) => !property.startsWith('tags.'))
    if (Object.keys(tags).length > 0) await azure.tag(id, tags, task.signal)
    if (others.length > 0) await life.update?.(others, task)
  }

  /** What is in it or uses it, asked anew, and does not go with it. */
  async function arrived({ facts, see, strangers, signal }: Look<ArmFacts<R>>) {
    if (purpose.does !== 'take down') return []
    purpose.inventory.forget()
    const now = remove.tellsContents ? await find(see, signal) : facts.resource
    const contents = now && (await remove.contents?.(now, purpose.inventory, signal))
    return strangers(contents ?? [])
  }

  return {
    id: life.id,
    kind,
    resource: id,
    place: placeIn(id),
    phase: life.phase,
    needs: life.needs,
    createsEarly: creation.early ?? false,
    reads: life.parent ? [life.parent] : [],
    ask: life.read?.ask ?? ((signal) => azure.arm.ask(id, apiVersion, { signal })),
    observe: async (see, signal) => {
      // Even where its parent is missing: a read that is refused or unreadable stops the run before anything is written.
      const found = await (purpose.does === 'build' ? find(see, signal) : told(see, signal))
      family.saw(id, found && ownerOf(found, claim.ownership))
      if (purpose.does === 'take down') {
        if (!found || judgeRemoval(claim, found).action !== 'remove') return { resource: found }
        const [contents = [], mustStay] = await Promise.all([
          remove.contents?.(found, purpose.inventory, signal),
          remove.obstacle?.(signal)
        ])
        return { resource: found, contents, ...(mustStay && { mustStay }) }
      }
      const absence = found ? undefined : await preflightCreation(tools, creation, see, signal)
      // Another run may have made it between the two questions: then its name is not foreign.
      const resource = absence?.nameTaken === undefined ? found : await find(see, signal)
      if (resource === undefined) return { resource, ...(absence && { absence }) }
      const parent = life.parent && see(life.parent)
      if (parent?.leaving || isLeaving(resource)) return { resource: undefined, leaving: true }
      // What was seen in it has gone with it: the two were not read at the same moment.
      return { resource: parent && parent.resource === undefined ? undefined : resource }
    },
    unmetRequirement: ({ resource }) => {
      if (resource === undefined) return 'does not exist'
      const missing = lack(resource)
      return missing && `it still waits for ${missing}`
    },
    late: ({ resource }) => {
      const value = resource && present.late?.(resource)
      return value && waitingFor(value)
    },
    judge: ({ resource, absence = { resourceGroupMissing: false } }, see) => {
      if (resource === undefined) return judgeCreation(life, absence, see)
      const differences =
        present.sharedFitsAlways && !isOurs(claim, resource)
          ? { fixed: [] }
          : (present.differences?.(resource, see) ?? { fixed: [] })
      const verdict = judgeExisting(claim, resource, { kind, input, ...stands() }, differences)
      if (verdict.action === 'cannot') return verdict
      const state = condition(claim, kind, resource, creation)
      const late = verdict.action === 'keep' ? present.late?.(resource) : undefined
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
      resource === undefined ? [] : (present.checks?.(resource, see) ?? []),
    teardown: {
      judge: ({ resource, mustStay }) =>
        mustStay === undefined
          ? resource && judgeRemoval(claim, resource, stands().lost)
          : { action: 'leave', reason: mustStay, own: true },
      ...(remove.contentsSettleMs !== undefined && {
        lookAhead: async (look) => whyStays(await arrived(look))
      }),
      remove: (task) => {
        const { contentsSettleMs = 0 } = remove
        const doomed = {
          id,
          kind,
          apiVersion,
          ...(remove.contents && { arrived: () => arrived(task) }),
          settlesInMs: contentsSettleMs - (task.lookedAgoMs ?? 0)
        }
        return removeResource(tools, doomed, task.progress, task.signal)
      },
      ...(remove.goesAfter && { goesAfter: remove.goesAfter }),
      uses: ({ resource }) => (resource === undefined ? [] : (remove.uses?.(resource) ?? [])),
      contents: ({ contents = [] }) => contents
    },
    ...(present.unmanaged && {
      unmanaged: ({ resource }) => (resource ? (present.unmanaged?.(resource) ?? []) : [])
    }),
    outputs: ({ resource }) => (resource === undefined ? {} : present.outputs(resource))
  }
}
