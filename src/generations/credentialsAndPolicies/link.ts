import type { Azure } from '../../azure/azure.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { undefinedIfForbidden } from '../../azure/errors/undefinedIfForbidden.ts'
import type { AnyStep, See, Step } from '../../engine/step.ts'
import type { Change } from '../../engine/verdict.ts'
import type { Purpose } from '../../resources/context.ts'
import { differs } from '../../resources/differences.ts'
import { LateError, untilTold } from '../../resources/late.ts'
import type { LinkedHub } from '../../resources/model.ts'
import { placeIn } from '../../settings/resourceId.ts'
import type { HubSpec } from '../../settings/settings.ts'
import type { DpsFacts } from '../../steps/dps.ts'
import { type HubFacts, hostNameOf } from '../../steps/hub.ts'
import type { Edit, LinkedHubs } from './linkedHubs.ts'

export interface LinkFacts {
  readonly linked: boolean
  readonly hubExists: boolean
  /** The hub is gone for certain: Azure says that its name is free. Only asked for when the environment is torn down. */
  readonly dead: boolean
  /** Weight of the link in a hashed allocation. */
  readonly weight: number | undefined
}

/** The policy whose key goes into the link, as Azure's own command line does (contract 9.3). */
const KEY_POLICY = 'iothubowner'

/**
 * Between its read and its write another writer of the list may hold a copy without our hub. After half a minute any such
 * write has been accepted or refused; inferred from the length of a DPS update (contract 9.2).
 */
const SETTLE_MS = 30_000

interface Parents {
  readonly dps: Step<DpsFacts>
  readonly hub: Step<HubFacts>
  readonly linkedHubs: LinkedHubs
  /** What joins the DPS to its namespace. */
  readonly joined: readonly AnyStep[]
}

/** The hub among the linked hubs of the DPS, with a key that works. */
export function linkStep(
  azure: Pick<Azure, 'cloud' | 'sdk' | 'time'>,
  purpose: Purpose,
  spec: HubSpec,
  parents: Parents & {
    /** Whether the inputs name the DPS, so that others may know of it as soon as it is there. */
    readonly named: boolean
  }
): Step<LinkFacts> {
  const { dps, hub, linkedHubs } = parents
  const id = linkId(dps, spec)
  const facts = async (see: See, signal: AbortSignal): Promise<LinkFacts> => {
    const hostName = hostNameOf(azure, spec, hub, see)
    const present = see(dps).resource?.properties?.iotHubs ?? []
    const linked = isLinked(present, hostName)
    const hubExists = see(hub).resource !== undefined
    // A link by a name that was given may be anybody's.
    const ask = purpose.does === 'take down' && linked && !hubExists && !spec.given
    const name = ask
      ? await undefinedIfForbidden(() => azure.sdk.checkHubName(spec.name, signal))
      : undefined
    return {
      linked,
      weight: present.find((link) => names(link, hostName))?.allocationWeight,
      hubExists,
      dead: name !== undefined && name.taken === undefined
    }
  }
  /** Right after a hub was made, Azure may know nothing of its keys, or tell empty ones (inferred). */
  const keyOf = (signal: AbortSignal, progress: (waitingFor: string) => void): Promise<string> => {
    const value = `the key of its policy ${KEY_POLICY}`
    const remedy = `make new keys with \`az iot hub policy renew-key --hub-name ${spec.name} --resource-group ${spec.resourceGroup} --name ${KEY_POLICY} --renew-key primary\``
    const late = { value, kind: 'IoT hub', id: spec.id, remedy }
    const ask = async () => {
      try {
        const key = await azure.sdk.hubKey(spec, KEY_POLICY, signal)
        if (key) return key
      } catch (error) {
        if (!(error instanceof AzureError && error.status === 404)) throw error
        throw new LateError(late, error)
      }
      throw new LateError(late)
    }
    return untilTold(ask, { time: azure.time, signal, progress })
  }
  return {
    id: `link/${spec.name}`,
    kind: 'Hub link',
    resource: id,
    place: placeIn(id),
    phase: 'dps',
    needs: [dps, hub, ...parents.joined],
    reads: [dps, hub],
    settleMs: SETTLE_MS,
    ...(!parents.named && { settledBy: dps }),
    observe: facts,
    unmetRequirement: ({ linked, hubExists }) =>
      linked && hubExists ? undefined : 'is not linked to the Device Provisioning Service',
    judge: ({ linked, hubExists, weight }) => {
      if (!linked || !hubExists) return { action: 'create' }
      const changes = weightDiffers(spec, weight)
      return changes.length === 0 ? { action: 'keep' } : { action: 'change', changes }
    },
    apply: async ({ verdict, facts: before, see, signal, progress }) => {
      const hostName = hostNameOf(azure, spec, hub, see)
      // The hub was made since. Nobody could tell then that its name was free, and now the key in the link is a dead one.
      if (before.linked && !before.hubExists)
        await linkedHubs.edit(without(hostName), progress, signal)
      if (verdict.action === 'change') {
        await linkedHubs.edit(weighted(spec, hostName), progress, signal)
        return { linked: true, hubExists: true, dead: false, weight: spec.allocationWeight }
      }
      const location = see(hub).resource?.location
      const key = await keyOf(signal, progress)
      const entry: LinkedHub = {
        connectionString: `HostName=${hostName};SharedAccessKeyName=${KEY_POLICY};SharedAccessKey=${key}`,
        ...(location && { location }),
        ...weightOf(spec)
      }
      await linkedHubs.edit(
        (present) => (isLinked(present, hostName) ? undefined : [...present, entry]),
        progress,
        signal
      )
      return { linked: true, hubExists: true, dead: false, weight: spec.allocationWeight }
    },
    checks: ({ linked, hubExists }) =>
      hubExists
        ? [
            {
              what: 'is among the linked hubs of the Device Provisioning Service',
              holds: linked,
              remedy: 'Run `operation: apply` with the phase `dps`.'
            }
          ]
        : [],
    teardown: {
      within: true,
      follows: true,
      // Whoever wrote the list from an older copy of it has brought the link back by then.
      settleMs: SETTLE_MS,
      judge: ({ linked, hubExists, dead }, _see, isBeingRemoved) => {
        if (!linked) return undefined
        if (dead || isBeingRemoved(spec.id) || isBeingRemoved(dps.resource))
          return { action: 'remove' }
        return {
          action: 'leave',
          reason: hubExists
            ? 'both the hub and the DPS stay'
            : 'the hub is not there, and whether its name is free is not known, so the link may be another hub’s'
        }
      },
      remove: async ({ see, signal, progress }) => {
        await linkedHubs.edit(without(hostNameOf(azure, spec, hub, see)), progress, signal)
      }
    }
  }
}

export interface StaleLinkFacts {
  readonly stale: boolean
}

/**
 * A link that outlived its hub. Keys in the list are masked, so once a hub exists again under the same name nothing could
 * tell that the key in the list is a dead one: the entry has to go before the hub is made.
 */
export function staleLinkStep(
  azure: Pick<Azure, 'cloud'>,
  spec: HubSpec,
  parents: Parents
): Step<StaleLinkFacts> {
  const { dps, hub, linkedHubs } = parents
  return {
    id: `stale-link/${spec.name}`,
    kind: 'Link of a deleted hub',
    resource: linkId(dps, spec),
    phase: 'dps',
    exceptional: true,
    // A DPS takes no change while the identity by which it reaches the namespace may not.
    needs: parents.joined,
    reads: [dps, hub],
    observe: async (see) => {
      const present = see(dps).resource?.properties?.iotHubs ?? []
      // Not found is not enough: the hub may be elsewhere. Only a name that is free belongs to no hub.
      const gone = see(hub).resource === undefined && see(hub).absence?.nameFree === true
      return { stale: gone && isLinked(present, hostNameOf(azure, spec, hub, see)) }
    },
    unmetRequirement: ({ stale }) =>
      stale ? 'the hub is gone, but still linked with a key that no longer works' : undefined,
    judge: ({ stale }) =>
      stale
        ? {
            action: 'act',
            reason: 'remove the link before the hub is made again: its key no longer works'
          }
        : { action: 'keep' },
    apply: async ({ see, signal, progress }) => {
      const hostName = hostNameOf(azure, spec, hub, see)
      await linkedHubs.edit(without(hostName), progress, signal)
      return { stale: false }
    }
  }
}

/** A link has no id in Azure. */
function linkId({ resource }: AnyStep, { name }: HubSpec): string {
  return `${resource}#${name}`
}

/** The linked hubs without this one. */
function without(hostName: string): Edit {
  return (present) =>
    isLinked(present, hostName) ? present.filter((link) => !names(link, hostName)) : undefined
}

function names({ name }: LinkedHub, hostName: string): boolean {
  return name?.toLowerCase() === hostName.toLowerCase()
}

function weightDiffers(spec: HubSpec, weight: number | undefined): readonly Change[] {
  const { allocationWeight: wanted } = spec
  return wanted === undefined ? [] : differs('allocationWeight', weight, wanted)
}

/** Without the flag, the service leaves the weight out of account. */
function weightOf({ allocationWeight }: HubSpec): Partial<LinkedHub> {
  return allocationWeight === undefined ? {} : { allocationWeight, applyAllocationPolicy: true }
}

/** The linked hubs with the wanted weight of this one, whose masked key goes back as it came. */
function weighted(spec: HubSpec, hostName: string): Edit {
  return (present) =>
    present.some(
      (link) => names(link, hostName) && weightDiffers(spec, link.allocationWeight).length > 0
    )
      ? present.map((link) => (names(link, hostName) ? { ...link, ...weightOf(spec) } : link))
      : undefined
}

/** An entry is named by the host name of its hub (contract 9.3). */
function isLinked(present: readonly LinkedHub[], hostName: string): boolean {
  return present.some((link) => names(link, hostName))
}
