import type { Azure } from '../../azure/azure.ts'
import type { NameCheck } from '../../azure/clients/sdk.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { undefinedIfForbidden } from '../../azure/errors/undefinedIfForbidden.ts'
import { isPassing } from '../../azure/http/retry.ts'
import { poll, retryWhile } from '../../azure/http/wait.ts'
import { type AnyStep, type See, Stays, type Step } from '../../engine/step.ts'
import { BUDGETS } from '../../resources/budgets.ts'
import type { ArmFacts } from '../../resources/life.ts'
import type { Dps, Hub } from '../../resources/model.ts'
import { untilGone } from '../../resources/removal.ts'
import { groupIdOf } from '../../settings/resourceId.ts'
import type { GrantSpec, Phase, Target } from '../../settings/settings.ts'
import { lostBetween } from './contents.ts'
import {
  endpointsOf,
  endpointTo,
  isLink,
  isTerminal,
  needsHealing,
  type Placed
} from './endpoints.ts'
import { GroupReader } from './groupReader.ts'
import type { LinkingNamespace } from './model.ts'
import { namespaceBody } from './namespaceBody.ts'
import { NamespaceWatch } from './namespaceWatch.ts'

export interface UnlinkFacts {
  readonly placed: Placed | undefined
  /** Whether the hub or DPS is there; an endpoint without one is a dead one. */
  readonly exists: boolean
  /** It is gone for certain: Azure says that its name is free. Only asked for when there is a dead endpoint. */
  readonly free: boolean
  /** Azure is still deleting it. */
  readonly leaving?: boolean
  /** Id of the assignment that a run which broke off left behind. */
  readonly reader?: string
}

interface UnlinkStepOptions {
  readonly target: Target
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  readonly phase: Phase
  readonly apiVersion: string
  /** Whether its globally unique name can be had. */
  readonly checkName: (signal: AbortSignal) => Promise<NameCheck | undefined>
  readonly grants: Pick<GrantSpec, 'manage'>
}

interface Parents {
  readonly of: Target
  readonly namespace: Step<ArmFacts<LinkingNamespace>>
  /** The hub or DPS: an endpoint can only be dropped once it is gone (contract B 3.7). */
  readonly resource: Step<ArmFacts<Hub | Dps>>
  readonly group: AnyStep
  /**
   * Endpoints that are dropped first, one after the other: they share the right to read the group, and that of the DPS is the
   * last, as no hub is linked without it (contract B section 2).
   */
  readonly before: readonly AnyStep[]
}

/** Reader takes effect within: what Azure's own command line waits (contract B 5.3). */
const READER_MS = 30_000
const LOOK_MS = 10_000
/** Ten minutes (contract B 3.7). */
const LOOKS = 60

/**
 * Drops the endpoint of a hub or DPS that is gone from a namespace that stays. The namespace has to see that it is gone,
 * for which its identity reads the group, and is then written as a whole, but for that endpoint.
 */
export function unlinkStep(
  azure: Pick<Azure, 'arm' | 'time' | 'versions'>,
  { target, kind, phase, apiVersion, checkName, grants }: UnlinkStepOptions,
  { of, namespace, resource, group, before }: Parents
): Step<UnlinkFacts> {
  const { arm, time } = azure
  const right = new GroupReader(azure, groupIdOf(target.id), grants)
  const get = (signal: AbortSignal) =>
    arm.get(target.id, apiVersion, { operation: `read ${kind}`, signal })
  const read = (signal: AbortSignal) =>
    arm.get<LinkingNamespace>(of.id, azure.versions.deviceRegistry, {
      operation: 'read Device Registry namespace',
      signal
    })

  async function drop(
    signal: AbortSignal,
    progress: (waitingFor: string) => void
  ): Promise<UnlinkFacts | Stays> {
    if ((await get(signal)) !== undefined) return new Stays(`${kind} ${target.id} is still there`)
    const before = await read(signal)
    const gone = { placed: undefined, exists: false, free: true }
    if (endpointTo(before, target.id) === undefined) {
      await right.takeBack(await right.left(before, signal), signal)
      return gone
    }
    const reader = await right.give(before, signal)
    if (reader) {
      progress('the namespace to see that it is gone')
      await time.sleep(READER_MS, signal)
    }
    // Azure refuses a write that would lose a link of what lives (contract B 15.4): then it is looked at again.
    const write = async () => {
      const found = await quiet(signal, progress)
      // One that is not well takes no link again that holds, which the whole has to say (contract B 3.4).
      const watch = new NamespaceWatch(azure, of, [{ signal, progress }])
      const now = found && needsHealing(found) ? await watch.healed() : found
      const placed = endpointTo(now, target.id)
      if (now === undefined || placed === undefined) return
      await arm.put(of.id, {
        apiVersion: azure.versions.deviceRegistry,
        operation: `drop the endpoint of ${target.name} from the namespace`,
        body: namespaceBody(now, {}, [placed]),
        once: true,
        signal,
        progress
      })
      const after = await quiet(signal, progress)
      const lost = await lostBetween(azure, [now, after], placed, signal)
      if (lost) {
        throw new Error(
          `The namespace ${of.id} lost the endpoint ${lost.name} while that of ${target.name} was dropped. Let its owner run \`operation: apply\`, which links it again.`
        )
      }
      if (endpointTo(after, target.id)) throw new StillThere()
    }
    await retryWhile(write, {
      ...BUDGETS.removal,
      when: (error) =>
        error instanceof StillThere ||
        isPassing(error) ||
        (error instanceof AzureError && error.status === 409 && !error.lasting),
      notify: () => progress('other changes of the namespace to end'),
      time,
      signal
    })
    await right.takeBack(reader, signal)
    return gone
  }

  /** The namespace once nothing works on it. */
  function quiet(signal: AbortSignal, progress: (waitingFor: string) => void) {
    return poll({
      look: () => read(signal),
      missing: (found) =>
        isTerminal(found?.properties?.provisioningState)
          ? undefined
          : 'Azure to end its work on the namespace',
      everyMs: LOOK_MS,
      looks: LOOKS,
      progress,
      time,
      signal
    })
  }

  /** The endpoint of a DPS cannot go while that of a hub stays (contract B 15.4): the DPS that is made again takes it over. */
  const isHeld = ({ section }: Placed, see: See) => {
    const going = before.map((step) => see(step) as UnlinkFacts).filter(isDead)
    return (
      section === 'provisioning' &&
      endpointsOf(see(namespace).resource).some(
        (one) =>
          one.section === 'messaging' &&
          isLink(one) &&
          !going.some(({ placed }) => placed?.name === one.name)
      )
    )
  }

  return {
    id: `unlink/${target.name}`,
    kind: `Endpoint of ${kind}`,
    resource: `${of.id}#${target.name}`,
    phase,
    get needs() {
      return [namespace, group, ...before]
    },
    get reads() {
      return [namespace, resource, ...before]
    },
    exceptional: true,
    observe: async (see, signal) => {
      const placed = endpointTo(see(namespace).resource, target.id)
      const { resource: found, leaving } = see(resource)
      const exists = found !== undefined || leaving === true
      if (placed !== undefined && leaving) return { placed, exists, free: false, leaving }
      if (placed === undefined) {
        const reader = exists ? undefined : await right.left(see(namespace).resource, signal)
        return { placed, exists, free: false, ...(reader && { reader }) }
      }
      const ask = !exists && !target.byId
      const name = ask ? await undefinedIfForbidden(() => checkName(signal)) : undefined
      return { placed, exists, free: name !== undefined && name.taken === undefined }
    },
    unmetRequirement: () => undefined,
    judge: (facts, see) => {
      const { placed, leaving, reader } = facts
      if (leaving) return { action: 'await', reason: `Azure to finish deleting ${kind}` }
      if (isDead(facts) && placed && isHeld(placed, see))
        return { action: 'keep', reason: 'hubs are linked, which need it' }
      if (isDead(facts))
        return { action: 'act', reason: `drop the endpoint of ${kind} ${target.id}, which is gone` }
      return reader
        ? { action: 'act', reason: 'take back Reader on its group' }
        : { action: 'keep' }
    },
    apply: async ({ signal, progress }) => {
      const facts = await drop(signal, progress)
      if (facts instanceof Stays) throw new Error(`${facts.reason}; run again.`)
      return facts
    },
    wait: async ({ facts, signal, progress }) => {
      const waitingFor = `Azure to finish deleting ${kind}`
      await untilGone(() => get(signal), waitingFor, { time, progress, signal })
      return { placed: facts.placed, exists: false, free: true }
    },
    teardown: {
      follows: true,
      judge: ({ placed, exists, free, reader }, _see, isBeingRemoved) => {
        if (reader) return { action: 'remove' }
        if (placed === undefined || isBeingRemoved(of.id)) return undefined
        if (isBeingRemoved(target.id)) return { action: 'remove' }
        // A dead endpoint is dropped only when Azure says that the name is free.
        return !exists && free ? { action: 'remove' } : undefined
      },
      remove: ({ signal, progress }) => drop(signal, progress),
      goesAfter: () => [resource, ...before]
    }
  }
}

function isDead({ placed, exists, free }: UnlinkFacts): boolean {
  return placed !== undefined && !exists && free
}

class StillThere extends Error {}
