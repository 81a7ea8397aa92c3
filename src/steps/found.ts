import type { Azure } from '../azure/azure.ts'
import { parseResourceId } from '../settings/resourceId.ts'
import type { Environment, HubWish, Target } from '../settings/settings.ts'
import { repositoryTag } from '../settings/tags.ts'
import type { Neighbours } from './neighbours.ts'
import { judgeRemoval, sameId, type Tracked } from './ownership.ts'

/**
 * The environment with what is found of it: a teardown is told little more than its name, while hubs, DPS and the others may
 * have been given names of their own when they were made. A name among the inputs counts more than what is found.
 */
export async function asFound(
  azure: Azure,
  wanted: Environment,
  neighbours: Neighbours,
  signal: AbortSignal
): Promise<Environment> {
  const ours = (resource: Tracked) => judgeRemoval(wanted, resource).action === 'remove'
  const [name, value] = repositoryTag(wanted.ownership)
  const [tagged, allHubs, allDpss] = await Promise.all([
    neighbours.tagged(name, value, signal),
    neighbours.hubs(signal),
    neighbours.dpss(signal)
  ])
  const found = tagged.filter(ours).map(({ id }) => id)
  const hubs = allHubs.filter(ours)
  const dpss = allDpss.filter(ours)

  const choose = (target: Target, ...candidates: readonly (string | undefined)[]): Target => {
    const id = candidates.find((one) => one !== undefined)
    return target.given || id === undefined ? target : targetOf(id)
  }
  const ofType = (type: string) => found.find((id) => new RegExp(`/${type}/[^/]+$`, 'i').test(id))
  const hubNames = hubs.flatMap(({ properties }) => properties?.hostName?.toLowerCase() ?? [])
  const linking = allDpss.find(({ properties }) =>
    properties?.iotHubs?.some((link) => hubNames.includes(link.name?.toLowerCase() ?? ''))
  )
  const dps = choose(wanted.dps, dpss[0]?.id, linking?.id)
  const groups = found.filter((id) => /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id))
  const environment: Environment = {
    ...wanted,
    group: wanted.group.given || groups[0] === undefined ? wanted.group : groupOf(groups[0]),
    identity: choose(wanted.identity, ofType('userAssignedIdentities')),
    namespace: choose(
      wanted.namespace,
      ofType('namespaces'),
      hubs[0]?.properties?.deviceRegistry?.namespaceResourceId,
      dpss[0]?.properties?.deviceRegistryNamespace?.resourceId
    ),
    dps,
    hubs: [
      ...wanted.hubs,
      ...hubs
        .filter(({ id }) => !wanted.hubs.some((hub) => sameId(hub.id, id)))
        .map(({ id }): HubWish => ({ ...targetOf(id), location: undefined }))
    ]
  }
  return { ...environment, enrollmentGroups: await groupsOf(environment) }

  /** On a DPS that serves others too, a group that lists none but our hubs is ours, whatever it is called. */
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
      ...only.map(({ enrollmentGroupId }) => ({ name: enrollmentGroupId, policy: undefined }))
    ]
  }
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

function groupOf(id: string): Target {
  const name = id.slice(id.lastIndexOf('/') + 1)
  return { id, name, resourceGroup: name, given: true }
}
