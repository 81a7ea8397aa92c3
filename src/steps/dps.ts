import { ifAnswered } from '../azure/errors/ifAnswered.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, See, Step, Unmanaged } from '../engine/step.ts'
import {
  type Join,
  joinChecks,
  joinDifferences
} from '../generations/credentialsAndPolicies/join.ts'
import type { Context } from '../resources/context.ts'
import { usedByDps } from '../resources/neighbours.ts'
import { locationDiffers, missingLocation, sameId, type Tracked } from '../resources/ownership.ts'
import { isFailed, isLeaving } from '../resources/state.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import { LateError, untilTold } from './late.ts'
import { dpsQuota } from './quotas.ts'
import { type GroupFacts, home } from './resourceGroup.ts'

/** A hub as the DPS lists it; the key in its connection string is masked by Azure. */
export interface LinkedHub {
  /** Host name of the hub. */
  readonly name?: string
  readonly connectionString?: string
  readonly location?: string
  readonly allocationWeight?: number
  readonly applyAllocationPolicy?: boolean
}

export interface Dps extends Tracked {
  readonly sku?: { readonly name?: string; readonly capacity?: number }
  readonly identity?: {
    readonly type?: string
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>>
  }
  readonly properties?: {
    readonly provisioningState?: string
    readonly state?: string
    readonly idScope?: string
    readonly serviceOperationsHostName?: string
    readonly deviceProvisioningHostName?: string
    readonly iotHubs?: readonly LinkedHub[]
    readonly deviceRegistryNamespace?: {
      readonly resourceId?: string
      readonly selectedUserAssignedIdentityResourceId?: string
    }
  }
}
export type DpsFacts = TrackedFacts<Dps>

const KIND = 'Device Provisioning Service'

function joinOf({ properties, identity }: Dps): Join {
  const { resourceId, selectedUserAssignedIdentityResourceId } =
    properties?.deviceRegistryNamespace ?? {}
  return {
    namespaceId: resourceId,
    identityId: selectedUserAssignedIdentityResourceId,
    attached: Object.keys(identity?.userAssignedIdentities ?? {})
  }
}

/** Enrollment groups of a DPS of ours, and its links of hubs that are none of this environment's. */
async function contents(
  { azure, environment }: Context,
  { id, properties }: Dps,
  signal: AbortSignal
): Promise<readonly Unmanaged[]> {
  const { serviceOperationsHostName: hostName, iotHubs = [] } = properties ?? {}
  const groups =
    hostName === undefined ? [] : await azure.data.list({ ...environment.dps, hostName }, signal)
  return [
    ...groups.map(({ enrollmentGroupId }) => ({
      kind: 'Enrollment group',
      resource: `${id}/enrollmentGroups/${enrollmentGroupId}`
    })),
    ...iotHubs
      .map(({ name = '' }) => name.split('.')[0] ?? '')
      .filter((name) => !environment.hubs.some((hub) => sameId(hub.name, name)))
      .map((name) => ({ kind: 'Link of hub', resource: `${id}#${name}` }))
  ]
}

/** The DPS once its data plane can be asked, which that of one that failed or goes cannot. */
function reachable({ azure, environment }: Context, signal: AbortSignal): Promise<Dps | undefined> {
  const { id } = environment.dps
  const late = { value: 'its service host name', kind: KIND, id }
  const ask = async () => {
    const operation = `read ${KIND}`
    const found = await azure.arm.get<Dps>(id, VERSIONS.provisioning, { operation, signal })
    const silent = found && !found.properties?.serviceOperationsHostName
    if (silent && !isFailed(found) && !isLeaving(found)) throw new LateError(late)
    return found
  }
  return untilTold(ask, late.value, { time: azure.time, signal, progress: () => {} })
}

/** What Azure has not told yet of what devices and enrollment groups are reached by. */
function untold({ properties }: Dps): string | undefined {
  if (!properties?.idScope) return 'its ID scope'
  if (!properties.serviceOperationsHostName) return 'its service host name'
  return properties.deviceProvisioningHostName ? undefined : 'its device host name'
}

/** The Device Provisioning Service joined to the namespace, in the namespace's region. */
export function dpsStep(
  context: Context,
  group: Step<GroupFacts>,
  needs: readonly AnyStep[]
): Step<DpsFacts> {
  const { azure, environment, neighbours } = context
  const { dps, namespace, identity, location } = environment
  const kind = KIND
  const apiVersion = VERSIONS.provisioning
  return trackedStep<Dps>(context, {
    id: 'dps',
    kind,
    phase: 'dps',
    resource: dps.id,
    target: dps,
    apiVersion,
    input: 'dps',
    needs,
    ...home(context, dps, group),
    // What is in it can only be asked at its host: nothing is removed while that is not known.
    ...(neighbours && { find: (_see: See, signal: AbortSignal) => reachable(context, signal) }),
    obstacle: () => missingLocation(kind, dps.id, 'location', location),
    checkName: (signal) => ifAnswered(() => azure.sdk.checkDpsName(dps.name, signal)),
    quota: (_see, signal) => dpsQuota(context, signal),
    body: () => ({
      location,
      sku: { name: 'S1', capacity: 1 },
      // Only the creating PUT may attach the identity: later Azure refuses with IH400158 (contract 9.2).
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } },
      properties: {
        deviceRegistryNamespace: {
          resourceId: namespace.id,
          authenticationType: 'UserAssigned',
          selectedUserAssignedIdentityResourceId: identity.id
        }
      }
    }),
    unknown: ['properties.idScope', 'properties.serviceOperationsHostName'],
    // That a service which never lived has no id scope is inferred.
    neverLived: (found) => !found.properties?.idScope,
    differences: (found) => ({
      fixed: [
        ...locationDiffers(found, location),
        ...joinDifferences(environment, found, joinOf(found), {
          namespace: 'properties.deviceRegistryNamespace.resourceId',
          identity: 'properties.deviceRegistryNamespace.selectedUserAssignedIdentityResourceId'
        })
      ]
    }),
    // Shortly after creation the ID scope may still be missing (contract 11.6); that host names may is inferred.
    late: untold,
    uses: usedByDps,
    contents: (found, signal) => contents(context, found, signal),
    tellsContents: true,
    checks: (found) => [
      ...joinChecks(environment, found, joinOf(found)),
      {
        what: 'has an ID scope',
        holds: Boolean(found.properties?.idScope),
        remedy: 'Azure tells it soon after creation: run `operation: verify` again.'
      }
    ],
    outputs: ({ id, properties }) => ({
      'dps-id': id,
      dps: dps.name,
      ...(properties?.serviceOperationsHostName && {
        'dps-hostname': properties.serviceOperationsHostName
      }),
      ...(properties?.idScope && { 'dps-id-scope': properties.idScope }),
      ...(properties?.deviceProvisioningHostName && {
        'dps-device-hostname': properties.deviceProvisioningHostName
      })
    })
  })
}
