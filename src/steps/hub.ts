import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import type { HubWish } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { creator, type DeviceService, ifAnswered, joinedChecks } from './deviceService.ts'
import { bornExpiry, hubCarriesExpiry } from './expiry.ts'
import { usedByHub } from './neighbours.ts'
import { differs, isOurs, locationDiffers, missingLocation, sameId } from './ownership.ts'
import { type GroupFacts, home } from './resourceGroup.ts'
import { type TrackedFacts, trackedStep } from './tracked.ts'

export interface Hub extends DeviceService {
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

/** A GEN2 hub joined to the namespace. */
export function hubStep(
  context: Context,
  wish: HubWish,
  group: Step<GroupFacts>,
  needs: readonly AnyStep[]
): Step<HubFacts> {
  const { azure, environment } = context
  const { namespace, identity } = environment
  const kind = 'IoT hub'
  const apiVersion = VERSIONS.iotHub
  return trackedStep<Hub>(context, {
    id: `hub/${wish.name}`,
    kind,
    phase: 'hub',
    resource: wish.id,
    apiVersion,
    input: 'hub',
    needs,
    ...home(context, wish, group),
    obstacle: () => missingLocation(kind, wish.id, 'hub-location', wish.location),
    nameTaken: (signal) => ifAnswered(() => azure.sdk.hubNameTaken(wish.name, signal)),
    bornTags: (see) =>
      wish === environment.hubs[0] && hubCarriesExpiry(context, group, see)
        ? bornExpiry(context)
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
    make: creator(context, wish, apiVersion, kind),
    unknown: ['properties.hostName'],
    // That a service which never lived has no host name is inferred.
    neverLived: (hub) => !hub.properties?.hostName,
    differences: (hub) => ({
      fixed: [
        ...differs('sku.name', hub.sku?.name, 'GEN2'),
        ...locationDiffers(hub, wish.location),
        ...differs(
          'properties.deviceRegistry.namespaceResourceId',
          hub.properties?.deviceRegistry?.namespaceResourceId,
          namespace.id,
          sameId(hub.properties?.deviceRegistry?.namespaceResourceId, namespace.id)
        ),
        // By which identity a shared hub reaches the namespace is its owner's choice.
        ...differs(
          'properties.deviceRegistry.identityResourceId',
          hub.properties?.deviceRegistry?.identityResourceId,
          identity.id,
          !isOurs(environment, hub) ||
            sameId(hub.properties?.deviceRegistry?.identityResourceId, identity.id)
        )
      ]
    }),
    uses: usedByHub,
    checks: (hub) => [
      ...joinedChecks(environment, hub, {
        namespaceId: hub.properties?.deviceRegistry?.namespaceResourceId,
        identityId: hub.properties?.deviceRegistry?.identityResourceId,
        attached: Object.keys(hub.identity?.userAssignedIdentities ?? {})
      }),
      {
        what: 'is of the SKU GEN2',
        holds: hub.sku?.name === 'GEN2',
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
