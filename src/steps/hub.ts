import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import type { HubWish } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { condition, creator, type DeviceService, ifAnswered, notActive } from './deviceService.ts'
import { differs, locationDiffers, missingLocation, sameId } from './ownership.ts'
import { type TrackedFacts, trackedStep } from './tracked.ts'

export interface Hub extends DeviceService {
  readonly sku?: { readonly name?: string }
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
    obstacle: () => missingLocation(kind, wish.id, 'hub-location', wish.location),
    nameTaken: (signal) => ifAnswered(() => azure.sdk.hubNameTaken(wish.name, signal)),
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
    condition: (hub) => condition(environment, kind, hub, hub.properties?.hostName),
    differences: (hub) => ({
      fixed: [
        ...differs('sku.name', hub.sku?.name, 'GEN2'),
        ...locationDiffers(hub, wish.location),
        ...differs(
          'properties.deviceRegistry.namespaceResourceId',
          hub.properties?.deviceRegistry?.namespaceResourceId,
          namespace.id,
          sameId(hub.properties?.deviceRegistry?.namespaceResourceId, namespace.id)
        )
      ]
    }),
    incomplete: notActive,
    outputs: (hub) => ({
      'hub-id': hub.id,
      hub: wish.name,
      ...(hub.properties?.hostName && { 'hub-hostname': hub.properties.hostName })
    })
  })
}
