import { at } from '../facts.ts'
import { ROLES } from '../roles.ts'
import type { Body, Viewer } from '../shown/viewer.ts'
import { type Run, sent } from '../stage.ts'
import { HUBS, SERVICES } from './versions.ts'

/** How hub, DPS and namespace hang together in this model. */
export function shownJoins(view: Viewer) {
  const { az, run, of, inGroup, resource, fields, tags, agree } = view
  return {
    /** Roles at each scope, by the output that has it. */
    granted() {
      const uami = of('identity-principal-id')
      const namespace = of('namespace-principal-id')
      return {
        'resource-group-id': [[ROLES.contributor, hubApp(run)]],
        'namespace-id': [
          [ROLES.registryContributor, uami],
          [ROLES.onboarding, uami]
        ],
        'hub-id': [
          [ROLES.contributor, namespace],
          [ROLES.hubContributor, namespace]
        ]
      } as const
    },

    /** What a hub has besides. */
    attached() {
      const principal = {
        clientId: of('identity-client-id'),
        principalId: of('identity-principal-id')
      }
      return { 'identity.userAssignedIdentities': { [of('identity-id')]: principal } }
    },

    /** What the CLI's own version of the service does not know yet. */
    async joins() {
      const hub = await resource(of('hub-id'), HUBS)
      const own = {
        'properties.deviceRegistry.namespaceResourceId': of('namespace-id'),
        'properties.deviceRegistry.identityResourceId': of('identity-id'),
        'sku.tier': 'Generation2'
      }
      fields('resource show, hub', own, hub)
      const dps = await resource(of('dps-id'), SERVICES)
      const joined = 'properties.deviceRegistryNamespace'
      const ours = {
        'identity.type': 'UserAssigned',
        [`${joined}.resourceId`]: of('namespace-id'),
        [`${joined}.authenticationType`]: 'UserAssigned',
        [`${joined}.selectedUserAssignedIdentityResourceId`]: of('identity-id')
      }
      fields('resource show, DPS', ours, dps)
      agree(
        `resource show, DPS | identities`,
        [of('identity-id')],
        Object.keys(dps.identity.userAssignedIdentities)
      )
    },

    /** @param shown DPS as the CLI shows it */
    async links(shown: unknown) {
      const first = sent(run, `/provisioningServices/${of('dps')}`)
      tags('iot dps show', first, shown)
      const links = (await az.ask(
        'iot',
        'dps',
        'linked-hub',
        'list',
        '--dps-name',
        of('dps'),
        ...inGroup
      )) as readonly Body[]
      const [wanted] = at(first, 'properties.iotHubs') as readonly Body[]
      agree(`iot dps linked-hub list | how many`, 1, links.length)
      const link = {
        name: of('hub-hostname'),
        location: wanted?.location,
        applyAllocationPolicy: wanted?.applyAllocationPolicy,
        allocationWeight: wanted?.allocationWeight
      }
      fields('iot dps linked-hub list', link, links[0])
    }
  }
}

/** Whom the grant at the group was made to: the action asks the directory for the IoT Hub application. */
function hubApp(run: Run): unknown {
  const grant = run.requests.find(
    ({ method, url, requestBody }) =>
      method === 'PUT' &&
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Authorization\//i.test(
        new URL(url).pathname
      ) &&
      requestBody !== undefined
  )
  return at(grant?.requestBody, 'properties.principalId')
}
