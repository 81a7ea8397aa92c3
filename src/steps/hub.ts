import { sameText } from '../azure/answer.ts'
import { ifAnswered } from '../azure/errors/ifAnswered.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import {
  type Join,
  joinChecks,
  joinDifferences
} from '../generations/credentialsAndPolicies/join.ts'
import type { Context } from '../resources/context.ts'
import { usedByHub } from '../resources/neighbours.ts'
import {
  differs,
  locationDiffers,
  missingLocation,
  sameId,
  type Tracked
} from '../resources/ownership.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import type { HubWish } from '../settings/settings.ts'
import { bornLifetime, hubCarriesLifetime } from './lifetime.ts'
import { type GroupFacts, home } from './resourceGroup.ts'

export interface Hub extends Tracked {
  readonly sku?: { readonly name?: string }
  readonly identity?: { readonly userAssignedIdentities?: Readonly<Record<string, unknown>> }
  readonly properties?: {
    readonly provisioningState?: string
    readonly state?: string
    readonly hostName?: string
    readonly deviceRegistry?: {
      readonly namespaceResourceId?: string
      readonly identityResourceId?: string
    }
  }
}
export type HubFacts = TrackedFacts<Hub>

function joinOf({ properties, identity }: Hub): Join {
  return {
    namespaceId: properties?.deviceRegistry?.namespaceResourceId,
    identityId: properties?.deviceRegistry?.identityResourceId,
    attached: Object.keys(identity?.userAssignedIdentities ?? {})
  }
}

/** A GEN2 hub joined to the namespace. */
export function hubStep(
  context: Context,
  wish: HubWish,
  group: Step<GroupFacts>,
  needs: readonly AnyStep[]
): Step<HubFacts> {
  const { azure, environment, neighbours } = context
  const { namespace, identity } = environment
  const kind = 'IoT hub'
  const apiVersion = VERSIONS.iotHub
  return trackedStep<Hub>(context, {
    id: `hub/${wish.name}`,
    kind,
    phase: 'hub',
    resource: wish.id,
    target: wish,
    apiVersion,
    input: 'hub',
    needs,
    ...home(context, wish, group),
    obstacle: () => missingLocation(kind, wish.id, 'hub-location', wish.location),
    checkName: (signal) => ifAnswered(() => azure.sdk.checkHubName(wish.name, signal)),
    bornTags: (see) =>
      wish === environment.hubs[0] && hubCarriesLifetime(context, group, see)
        ? bornLifetime(context)
        : {},
    body: () => ({
      location: wish.location,
      sku: { name: 'GEN2', capacity: 1 },
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } },
      // What Azure's own command line sends for a new hub (contract 8.2).
      properties: {
        eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } },
        storageEndpoints: {
          $default: { sasTtlAsIso8601: 'PT1H', connectionString: '', containerName: '' }
        },
        messagingEndpoints: {
          fileNotifications: {
            lockDurationAsIso8601: 'PT5S',
            ttlAsIso8601: 'PT1H',
            maxDeliveryCount: 10
          }
        },
        enableFileUploadNotifications: false,
        cloudToDevice: {
          maxDeliveryCount: 10,
          defaultTtlAsIso8601: 'PT1H',
          feedback: { lockDurationAsIso8601: 'PT5S', ttlAsIso8601: 'PT1H', maxDeliveryCount: 10 }
        },
        deviceRegistry: {
          namespaceResourceId: namespace.id,
          identityResourceId: identity.id
        }
      }
    }),
    unknown: ['properties.hostName'],
    // That a service which never lived has no host name is inferred.
    neverLived: (hub) => !hub.properties?.hostName,
    differences: (hub) => ({
      fixed: [
        ...differs('sku.name', hub.sku?.name, 'GEN2', sameText(hub.sku?.name, 'GEN2')),
        ...locationDiffers(hub, wish.location),
        ...joinDifferences(environment, hub, joinOf(hub), {
          namespace: 'properties.deviceRegistry.namespaceResourceId',
          identity: 'properties.deviceRegistry.identityResourceId'
        })
      ]
    }),
    late: (hub) => (hub.properties?.hostName ? undefined : 'its host name'),
    uses: usedByHub,
    // A DPS elsewhere would keep a link with a dead key. The environment's own DPS loses its link with the hub.
    contents: async (hub, signal) =>
      ((await neighbours?.linkedBy(hub, signal)) ?? []).filter(
        ({ resource }) => !sameId(resource, environment.dps.id)
      ),
    checks: (hub) => [
      ...joinChecks(environment, hub, joinOf(hub)),
      {
        what: 'is of the SKU GEN2',
        holds: sameText(hub.sku?.name, 'GEN2'),
        found: `its SKU is ${hub.sku?.name}`,
        remedy: 'A hub cannot change to GEN2: give another name with the input `hub`.'
      }
    ],
    outputs: (hub) => ({
      'hub-id': hub.id,
      hub: wish.name,
      ...(hub.properties?.hostName && { 'hub-hostname': hub.properties.hostName })
    })
  })
}
