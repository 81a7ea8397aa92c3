import { ifAnswered } from '../azure/errors/ifAnswered.ts'
import type { AnyStep, See, Step } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { Joining } from '../resources/joining.ts'
import { type Hub, usedByHub } from '../resources/model.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import { sameId } from '../settings/resourceId.ts'
import type { HubWish } from '../settings/settings.ts'
import { bornLifetime, hubCarriesLifetime } from './lifetime.ts'
import { type GroupFacts, home } from './resourceGroup.ts'

export type HubFacts = TrackedFacts<Hub>

/** An IoT hub, made part of its environment as the model of the service wants it. */
export function hubStep(
  context: Context,
  wish: HubWish,
  group: Step<GroupFacts>,
  needs: readonly AnyStep[],
  joining: Joining<Hub>
): Step<HubFacts> {
  const { azure, environment } = context
  const kind = 'IoT hub'
  const apiVersion = azure.versions.iotHub
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
      sku: joining.sku,
      identity: joining.identity,
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
        ...joining.properties
      }
    }),
    unknown: ['properties.hostName'],
    // That a service which never lived has no host name is inferred.
    neverLived: (hub) => !hub.properties?.hostName,
    differences: (hub) => ({
      fixed: [...locationDiffers(hub, wish.location), ...joining.differences(hub)]
    }),
    uses: usedByHub,
    // A DPS elsewhere would keep a link with a dead key. The environment's own DPS loses its link with the hub.
    contents: async (hub, neighbours, signal) =>
      (await neighbours.linkedBy(hub, signal)).filter(
        ({ resource }) => !sameId(resource, environment.dps.id)
      ),
    checks: joining.checks,
    outputs: (hub) => ({
      'hub-id': hub.id,
      hub: wish.name,
      ...(hub.properties?.hostName && { 'hub-hostname': hub.properties.hostName })
    })
  })
}

/** A hub that does not exist has the host name that it would get. */
export function hostNameOf(
  { azure }: Context,
  wish: HubWish,
  hub: Step<HubFacts>,
  see: See
): string {
  return see(hub).resource?.properties?.hostName ?? `${wish.name}.${azure.cloud.hubSuffix}`
}
