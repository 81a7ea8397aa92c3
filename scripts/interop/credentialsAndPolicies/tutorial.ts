import { enrollments } from '../enrollmentGroup.ts'
import type { Stage } from '../stage.ts'
import { HUBS, REGISTRY, SERVICE_DATA, SERVICES } from './versions.ts'

/** How somebody who follows Microsoft's tutorial calls things. */
export interface Names {
  readonly group: string
  readonly location: string
  readonly hubLocation: string
  readonly identity: string
  readonly namespace: string
  readonly policy: string
  readonly hub: string
  readonly dps: string
  readonly enrollmentGroup: string
}

/** The IoT Hub application, the same in every tenant. */
const IOT_HUB_APP = '89d10474-74af-4874-99a7-c23c2f643083'
const REGISTRY_CONTRIBUTOR = 'a5c3590a-3a1a-4cd4-9648-ea0a32b15137'

/** The action's phases, which are the tutorial's steps. */
export const PHASES = [
  'identity',
  'namespace',
  'certificates',
  'hub',
  'dps',
  'sync',
  'enrollment'
] as const
export type Phase = (typeof PHASES)[number]

/** Ids of what the tutorial makes. */
export function idsOf({ id }: Pick<Stage, 'id'>, names: Names) {
  const group = id(`/resourceGroups/${names.group}`)
  const namespace = `${group}/providers/Microsoft.DeviceRegistry/namespaces/${names.namespace}`
  return {
    group,
    identity: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${names.identity}`,
    namespace,
    credential: `${namespace}/credentials/default`,
    policy: `${namespace}/credentials/default/policies/${names.policy}`,
    hub: `${group}/providers/Microsoft.Devices/IotHubs/${names.hub}`,
    dps: `${group}/providers/Microsoft.Devices/provisioningServices/${names.dps}`
  }
}

/**
 * The tutorial by hand: each command that the CLI has, as it stands there; what only a preview extension has, as the request
 * that the extension sends (contract 7 to 10).
 *
 * @param done told when the commands of a phase have ended
 */
export async function byHand(
  stage: Pick<Stage, 'az' | 'id'>,
  names: Names,
  done: (phase: Phase) => void
): Promise<void> {
  const { az } = stage
  const ids = idsOf(stage, names)
  const inGroup = ['--resource-group', names.group]
  const make = (id: string, version: string, body: object) =>
    az.ask(
      ...['resource', 'create', '--id', id, '--api-version', version],
      ...['--is-full-object', '--properties', JSON.stringify(body)]
    )
  const grant = (assignee: string, role: string, scope: string) =>
    az.ask('role', 'assignment', 'create', '--assignee', assignee, '--role', role, '--scope', scope)
  const attached = { type: 'UserAssigned', userAssignedIdentities: { [ids.identity]: {} } }

  await az.ask('group', 'create', '--name', names.group, '--location', names.location)
  await grant(IOT_HUB_APP, 'Contributor', ids.group)
  const identity = await az.ask(
    ...['identity', 'create', '--name', names.identity, ...inGroup, '--location', names.location]
  )
  done('identity')

  const namespace = await make(ids.namespace, REGISTRY, {
    location: names.location,
    identity: { type: 'SystemAssigned' },
    properties: {}
  })
  await grant(identity.principalId, REGISTRY_CONTRIBUTOR, ids.namespace)
  done('namespace')

  await make(ids.credential, REGISTRY, { location: names.location })
  await make(ids.policy, REGISTRY, {
    location: names.location,
    properties: {
      certificate: {
        certificateAuthorityConfiguration: { keyType: 'ECC' },
        leafCertificateConfiguration: { validityPeriodInDays: 30 }
      }
    }
  })
  done('certificates')

  await make(ids.hub, HUBS, {
    location: names.hubLocation,
    sku: { name: 'GEN2', capacity: 1 },
    identity: attached,
    properties: {
      eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } },
      deviceRegistry: {
        namespaceResourceId: ids.namespace,
        identityResourceId: ids.identity
      }
    }
  })
  await grant(namespace.identity.principalId, 'Contributor', ids.hub)
  await grant(namespace.identity.principalId, 'IoT Hub Registry Contributor', ids.hub)
  done('hub')

  await make(ids.dps, SERVICES, {
    location: names.location,
    sku: { name: 'S1', capacity: 1 },
    identity: attached,
    properties: {
      deviceRegistryNamespace: {
        resourceId: ids.namespace,
        authenticationType: 'UserAssigned',
        selectedUserAssignedIdentityResourceId: ids.identity
      }
    }
  })
  await az.ask(
    ...['iot', 'dps', 'linked-hub', 'create', '--dps-name', names.dps, ...inGroup],
    ...['--hub-name', names.hub]
  )
  done('dps')

  await az.ask(
    ...['resource', 'invoke-action', '--ids', ids.credential],
    ...['--api-version', REGISTRY, '--action', 'synchronize']
  )
  done('sync')

  const service = await enrollments(az, names.dps, names.group, SERVICE_DATA)
  await service.make(names.enrollmentGroup, { credentialPolicyName: names.policy })
  done('enrollment')
}
