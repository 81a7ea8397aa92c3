import type { Azure } from '../azure/azure.ts'
import type { Dps, Hub } from '../resources/model.ts'
import type { SubscriptionInventory } from '../resources/subscriptionInventory.ts'
import { GROUP_TYPE, typeOf } from '../resources/types.ts'
import { couldDerive } from '../settings/names.ts'
import { ownerOf, repositoryTag, type Tagged } from '../settings/ownerTags.ts'
import { parseResourceId, sameId } from '../settings/resourceId.ts'
import type { Environment, HubSpec, Target } from '../settings/settings.ts'
import { TARGET_TYPES } from '../settings/targets.ts'

/** How a model tells what belongs together. */
export interface Ties {
  /** Id of the namespace of one of these hubs, which the environment made or would make. */
  readonly namespaceOf: (hubs: readonly Hub[], dpss: readonly Dps[]) => string | undefined
  /** Whether the DPS serves these hubs of the environment, or the namespace that they belong to. */
  readonly serves: (dps: Dps, hubs: readonly Hub[], namespaceId: string | undefined) => boolean
}

/**
 * The environment with what is found of it: a teardown is told little more than its name, while hubs, DPS and the others may
 * have been given names of their own when they were made. A name among the inputs counts more than what is found.
 */
export async function discoverEnvironment(
  azure: Azure,
  wanted: Environment,
  inventory: SubscriptionInventory,
  { namespaceOf, serves }: Ties,
  signal: AbortSignal
): Promise<Environment> {
  const ours = (resource: Tagged) => ownerOf(resource, wanted.ownership) === 'ours'
  const [tagged, allHubs, allDpss] = await Promise.all([
    inventory.tagged(
      repositoryTag(wanted.ownership),
      [GROUP_TYPE, TARGET_TYPES.identity, TARGET_TYPES.namespace],
      signal
    ),
    inventory.hubs(signal),
    inventory.dpss(signal)
  ])
  const { repositoryId, host } = wanted.ownership
  const source = { subscriptionId: wanted.subscriptionId, repositoryId, host }
  // Lists come in any order: which one is looked at first must not depend on it.
  const found = inOrder(tagged.filter(ours)).map(({ id }) => id)
  const hubs = inOrder(allHubs.filter(ours))
  const dpss = inOrder(allDpss.filter(ours))

  const choose = (target: Target, ...candidates: readonly (string | undefined)[]): Target => {
    const id = candidates.find((one) => one !== undefined)
    return target.given || id === undefined ? target : targetOf(id)
  }
  const ofType = (type: string) => found.find((id) => sameId(typeOf(id), type))
  const hubNames = hubs.flatMap(({ properties }) => properties?.hostName?.toLowerCase() ?? [])
  const namespaceId = namespaceOf(hubs, dpss)
  const linking = inOrder(allDpss).find((dps) => serves(dps, hubs, namespaceId))
  const dps = choose(wanted.dps, dpss[0]?.id, linking?.id)
  const group = ofType(GROUP_TYPE)
  const environment: Environment = {
    ...wanted,
    group: wanted.group.given || group === undefined ? wanted.group : groupOf(group),
    identity: choose(wanted.identity, ofType(TARGET_TYPES.identity)),
    namespace: choose(wanted.namespace, ofType(TARGET_TYPES.namespace), namespaceId),
    dps,
    hubs: [
      ...wanted.hubs,
      ...hubs
        .filter(({ id }) => !wanted.hubs.some((hub) => sameId(hub.id, id)))
        .map(({ id }): HubSpec => ({ ...targetOf(id), location: undefined }))
    ]
  }
  return { ...environment, enrollmentGroups: await groupsOf(environment) }

  /** Groups that list none but our hubs; on a DPS that is not ours, only one of a name that derives from ours is ours. */
  async function groupsOf(now: Environment): Promise<Environment['enrollmentGroups']> {
    const service = allDpss.find(({ id }) => sameId(id, now.dps.id))
    const hostName = service?.properties?.serviceOperationsHostName
    if (hostName === undefined || hubNames.length === 0) return now.enrollmentGroups
    const groups = await azure.data.list({ ...now.dps, hostName }, signal)
    const only = groups
      .filter(({ iotHubs = [] }) => iotHubs.length > 0)
      .filter(({ iotHubs = [] }) => iotHubs.every((host) => hubNames.includes(host.toLowerCase())))
      .filter(
        ({ enrollmentGroupId: id }) => !now.enrollmentGroups.some((one) => sameId(one.name, id))
      )
    return [
      ...now.enrollmentGroups,
      ...only.map(({ enrollmentGroupId: name }) => ({
        name,
        policy: undefined,
        recognised: couldDerive('enrollment-group', name, wanted.name, source)
      }))
    ]
  }
}

function inOrder<T extends { readonly id: string }>(resources: readonly T[]): readonly T[] {
  return resources.toSorted((a, b) => a.id.toLowerCase().localeCompare(b.id.toLowerCase()))
}

/** Ids come from Azure, whose own form they have. */
function targetOf(id: string): Target {
  const parsed = parseResourceId(id)
  return {
    id,
    name: parsed?.names.at(-1) ?? id,
    resourceGroup: parsed?.resourceGroup ?? '',
    given: true
  }
}

export function groupOf(id: string): Target {
  const name = id.slice(id.lastIndexOf('/') + 1)
  return { id, name, resourceGroup: name, given: true }
}
