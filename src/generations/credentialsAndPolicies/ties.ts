import type { Dps, Hub } from '../../resources/model.ts'
import type { Ties } from '../discovery.ts'

/** Hub and DPS say to which namespace they are joined, and a DPS lists the hubs that it is linked with. */
export const TIES: Ties = {
  namespaceOf: ([hub], [dps]) =>
    hub?.properties?.deviceRegistry?.namespaceResourceId ??
    dps?.properties?.deviceRegistryNamespace?.resourceId,
  serves: ({ properties }: Dps, hubs: readonly Hub[]) =>
    properties?.iotHubs?.some(({ name }) =>
      hubs.some((hub) => name && hub.properties?.hostName?.toLowerCase() === name.toLowerCase())
    ) ?? false
}
