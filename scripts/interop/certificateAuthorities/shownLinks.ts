import { at } from '../facts.ts'
import { ROLES } from '../roles.ts'
import { type Body, fieldsOf, type Viewer } from '../shown/viewer.ts'
import { sent } from '../stage.ts'
import { VERSION } from './versions.ts'

/** Section of a namespace, and what is linked in it. */
const LINKED = { provisioning: 'dps', messaging: 'hub' } as const
type Section = keyof typeof LINKED

/** How hub, DPS and namespace hang together in this model: a namespace links both, and they mirror it. */
export function shownLinks(view: Viewer) {
  const { az, run, of, inGroup, resource, rest, fields, tags, agree } = view
  return {
    /** The principals by which hub and DPS act, as the CLI tells them. */
    async principals() {
      const hub = await az.ask('iot', 'hub', 'identity', 'show', '--name', of('hub'), ...inGroup)
      agree('iot hub identity show | type', 'SystemAssigned', hub.type)
      const { identity: dps } = await resource(of('dps-id'), VERSION)
      agree('resource show, DPS | identity.type', 'SystemAssigned', dps.type)
      return { dps: dps.principalId as string, hub: hub.principalId as string }
    },

    /** Roles at each scope, by the output that has it. @param principals of hub and DPS */
    granted({ dps, hub }: { readonly dps: string; readonly hub: string }) {
      const namespace = of('namespace-principal-id')
      return {
        'resource-group-id': [],
        'namespace-id': [
          [ROLES.registryAdministrator, namespace],
          [ROLES.contributor, dps],
          [ROLES.contributor, hub],
          [ROLES.registryContributor, dps]
        ],
        'dps-id': [[ROLES.contributor, namespace]],
        'hub-id': [
          [ROLES.contributor, namespace],
          [ROLES.hubData, namespace],
          [ROLES.hubData, dps]
        ]
      } as const
    },

    /** What the namespace says of its links. @param shown namespace as the CLI shows it */
    endpoints(shown: Body) {
      for (const [section, noun] of Object.entries(LINKED)) {
        const place = `properties.${section}.endpoints.${of(noun)}`
        const what = `resource show, namespace | link of the ${noun}`
        const theirs = at(shown, place)
        fields(what, { resourceId: of(`${noun}-id`), linkingState: 'Succeeded' }, theirs)
        const written = linkOf(section as Section, place)
        const places = ['endpointType', 'inboundCallerIdentity.type', 'provisioning.availability']
        fields(what, fieldsOf(written, [...places, 'provisioning.allocationWeight']), theirs)
      }
    },

    /** What hub and DPS say of the namespace, which the CLI's own versions of them do not know yet. */
    async mirrors() {
      const hub = await resource(of('hub-id'), VERSION)
      const own = {
        'properties.deviceRegistry.namespaceResourceId': of('namespace-id'),
        'properties.deviceRegistry.linkingProperties.state': 'Success',
        'sku.tier': 'Standard'
      }
      fields('resource show, hub', own, hub)
      const dps = await resource(of('dps-id'), VERSION)
      const mirror = 'properties.deviceRegistryNamespaces[0]'
      const ours = {
        [`${mirror}.resourceId`]: of('namespace-id'),
        [`${mirror}.linkingState`]: 'Succeeded'
      }
      fields('resource show, DPS', ours, dps)
      agree('resource show, DPS | namespaces', 1, dps.properties.deviceRegistryNamespaces.length)
      tags('resource show, DPS', sent(run, `/provisioningServices/${of('dps')}`, 'PATCH'), dps)
    },

    /** A DPS of a namespace has no list of its own, and takes no link from a person. */
    async noLinkedHubs() {
      const dps = ['--dps-name', of('dps'), ...inGroup]
      agree('iot dps linked-hub list', [], await az.ask('iot', 'dps', 'linked-hub', 'list', ...dps))
      const hub = ['--hub-name', of('hub')]
      const linked = await az.try('iot', 'dps', 'linked-hub', 'create', ...dps, ...hub)
      agree(
        'iot dps linked-hub create',
        [true, true],
        [linked.code !== 0, /IH409313/.test(linked.err)]
      )
    },

    /** Of which CA each certificate on the hub is. */
    async origins() {
      const { value } = await rest(`${of('hub-id')}/certificates`, VERSION)
      agree(
        'rest, certificates of the hub | authorities',
        [of('certificate-authority-id')],
        (value as readonly Body[]).map((one) =>
          at(one, 'properties.certificateAuthorityResourceId')
        )
      )
    }
  }

  /** What the action wrote to link. */
  function linkOf(section: Section, place: string): unknown {
    const found = run.requests.find(
      ({ method, requestBody }) =>
        method === 'PATCH' && at(requestBody, `properties.${section}`) !== undefined
    )
    return at(found?.requestBody, place)
  }
}
