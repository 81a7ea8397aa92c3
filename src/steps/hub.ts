import type { Azure } from '../azure/azure.ts'
import { undefinedIfForbidden } from '../azure/errors/undefinedIfForbidden.ts'
import type { AnyStep, See, Step } from '../engine/step.ts'
import { armResource } from '../resources/armResource.ts'
import type { Tools } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { Joining } from '../resources/joining.ts'
import type { ArmFacts } from '../resources/life.ts'
import { type Hub, usedByHub } from '../resources/model.ts'
import { groupIdOf, sameId } from '../settings/resourceId.ts'
import type { HubSpec } from '../settings/settings.ts'
import { hubCarriesLifetime, type WantedLifetime } from './lifetime.ts'
import type { GroupFacts } from './resourceGroup.ts'

export type HubFacts = ArmFacts<Hub>

interface HubStepOptions {
  readonly spec: HubSpec
  readonly joining: Joining<Hub>
  /** How many hubs the environment has: one list tells of many. */
  readonly hubs: number
  /** Of the environment, for the first of its hubs. */
  readonly lifetime: WantedLifetime | undefined
  /** Id of the environment's DPS, which loses its link with the hub. */
  readonly dps: string
}

/** What Azure's own command line sends for a new hub (contract 8.2). */
const DEFAULTS = {
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
  }
}

/** So many hubs are read one by one, with all that a read tells; each request of more would count against Azure's limits. */
const FEW = 3

/** An IoT hub, made part of its environment as the model of the service wants it. */
export function hubStep(
  tools: Tools,
  { arm, ahead, sdk, versions }: Pick<Azure, 'arm' | 'ahead' | 'sdk' | 'versions'>,
  { spec, joining, lifetime, dps, hubs }: HubStepOptions,
  { group, needs }: { readonly group: Step<GroupFacts>; readonly needs: readonly AnyStep[] }
): Step<HubFacts> {
  const kind = 'IoT hub'
  const { location } = spec
  const isAsWanted = (hub: Hub) =>
    hub.properties?.hostName !== undefined &&
    joining.late?.(hub) === undefined &&
    joining.differences(hub).length === 0
  const path = `${groupIdOf(spec.id)}/providers/Microsoft.Devices/IotHubs`
  const list = (signal: AbortSignal) =>
    arm.list<Hub>(path, versions.iotHub, { operation: 'list IoT hubs', signal })
  const step = armResource<Hub>(tools, {
    id: `hub/${spec.name}`,
    kind,
    phase: 'hub',
    target: spec,
    group,
    apiVersion: versions.iotHub,
    input: 'hub',
    needs,
    read: {
      ask: (signal) =>
        hubs > FEW
          ? ahead.ask(path, () => list(signal))
          : arm.ask(spec.id, versions.iotHub, { signal }),
      // Whether a list tells all that a hub is, no source says: what it does not show as wanted is read by itself.
      find: async (_see, signal) => {
        const all = (await ahead.peek<readonly Hub[]>(path)) ?? []
        const listed = all.find(({ id }) => sameId(id, spec.id))
        return listed && isAsWanted(listed)
          ? listed
          : arm.get<Hub>(spec.id, versions.iotHub, { operation: `read ${kind}`, signal })
      },
      newborn: (made) => made
    },
    create: {
      early: true,
      obstacle: () => missingLocation(kind, spec.id, 'hub-location', location),
      checkName: (signal) => undefinedIfForbidden(() => sdk.checkHubName(spec.name, signal)),
      tags: (see) =>
        lifetime && hubCarriesLifetime(tools.claim, group, see) ? lifetime.born() : {},
      body: () => ({
        location,
        sku: joining.sku,
        identity: joining.identity,
        properties: { ...DEFAULTS, ...joining.properties }
      }),
      shows: () => ({
        location,
        'sku.name': joining.sku.name,
        'sku.capacity': joining.sku.capacity
      }),
      unknown: ['properties.hostName'],
      // That a service which never lived has no host name is inferred.
      safeToRecreate: (hub) => !hub.properties?.hostName
    },
    present: {
      differences: (hub) => ({
        fixed: [...locationDiffers(hub, location), ...joining.differences(hub)]
      }),
      late: (hub) => (hub.properties?.hostName ? joining.late?.(hub) : 'its host name'),
      checks: joining.checks,
      outputs: (hub) => ({
        'hub-id': hub.id,
        hub: spec.name,
        ...(hub.properties?.hostName && { 'hub-hostname': hub.properties.hostName })
      })
    },
    remove: {
      uses: usedByHub,
      // A DPS elsewhere would keep a link with a dead key.
      contents: async (hub, inventory, signal) =>
        (await inventory.linkedBy(hub, signal)).filter(({ resource }) => !sameId(resource, dps))
    }
  })
  return {
    ...step,
    state: ({ resource }) => {
      const { hostName } = resource?.properties ?? {}
      return hostName === undefined ? undefined : { hostName }
    }
  }
}

/** A hub that does not exist has the host name that it would get. Host names have no case, and are written in one. */
export function hostNameOf(
  { cloud }: Pick<Azure, 'cloud'>,
  spec: HubSpec,
  hub: Step<HubFacts>,
  see: See
): string {
  const told = see(hub).resource?.properties?.hostName
  return (told ?? `${spec.name}.${cloud.hubSuffix}`).toLowerCase()
}
