import { key } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import { isDps, linksIn } from './endpoints.ts'

/** Hubs of a namespace that devices can be sent to: linked, there, and available (contract B, 3.2). */
export function linkedHubs({ world }: Kernel, namespace: Resource): readonly Resource[] {
  return linksIn(namespace)
    .filter(
      ({ endpoint, isAlive }) =>
        isAlive && !isDps(endpoint) && endpoint.provisioning?.availability !== 'Disabled'
    )
    .map(({ endpoint }) => world.resources.get(key(endpoint.resourceId ?? '')))
    .filter((hub) => hub !== undefined)
}

/** Host names by which an enrollment group may choose a hub; which is an open question (contract B, 8). */
export function namesOf({ config }: Kernel, hub: Resource): readonly string[] {
  const { hostName, deviceHostName } = hostsOf(hub)
  const { groupHubs } = config().registry
  return [
    ...(groupHubs === 'deviceHostName' ? [] : [hostName]),
    ...(groupHubs === 'hostName' ? [] : [deviceHostName])
  ]
}

/** What a device that is assigned to a hub is told. */
export function assignedHost({ config }: Kernel, hub: Resource): string {
  return hostsOf(hub)[config().registry.assignedHub]
}

function hostsOf({ body }: Resource): { hostName: string; deviceHostName: string } {
  const { hostName, deviceHostName = hostName } = body.properties as {
    hostName: string
    deviceHostName?: string
  }
  return { hostName, deviceHostName }
}
