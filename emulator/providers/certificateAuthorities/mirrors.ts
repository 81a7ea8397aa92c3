import { key } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import { onRemove } from '../../world.ts'
import { isNamespace } from '../names.ts'
import { isMirror } from '../view.ts'
import { isDps, type Link } from './endpoints.ts'

type Json = Record<string, unknown>

/** Hub and DPS tell of their link some time after the namespace does, or never (contract B, 4.1 and 4.2). */
export function mirror(kernel: Kernel, link: Link): void {
  const { world, clock, config } = kernel
  if (!config().registry.mirrored) return
  const { uuid } = link.namespace.body.properties as { uuid: string }
  const show = () => {
    const target = world.resources.get(key(link.endpoint.resourceId ?? ''))
    const namespace = world.resources.get(key(link.namespace.id))
    const { uuid: present } = (namespace?.body.properties ?? {}) as { uuid?: string }
    if (target && present === uuid) write(link, target)
  }
  const lag = kernel.latency('mirrorLag')
  if (lag === 0) show()
  else clock.after(lag, show)
}

function write({ namespace, endpoint }: Link, target: Resource): void {
  const { uuid } = namespace.body.properties as { uuid: string }
  const { type = 'SystemAssigned', userAssignedIdentity } = endpoint.inboundCallerIdentity ?? {}
  const location = String(namespace.body.location).replaceAll(' ', '').toLowerCase()
  const host = `${location}.api.deviceregistry.com`
  const properties = target.body.properties as Json
  if (isDps(endpoint)) {
    properties.deviceRegistryNamespaces = [
      {
        resourceId: namespace.id,
        authenticationType: type,
        ...(userAssignedIdentity && {
          selectedUserAssignedIdentityResourceId: userAssignedIdentity
        }),
        namespaceUuid: uuid,
        dataAddress: host,
        location: namespace.body.location,
        linkingState: 'Succeeded'
      }
    ]
    return
  }
  properties.deviceRegistry = {
    namespaceResourceId: namespace.id,
    namespaceUuid: uuid,
    dataPlaneHostName: host,
    ...(endpoint.inboundCallerIdentity && { identity: endpoint.inboundCallerIdentity }),
    linkingProperties: { state: 'Success' }
  }
}

/** What mirrors a namespace that is gone is orphaned. */
export function orphanMirrors({ world }: Pick<Kernel, 'world'>): void {
  onRemove(world, ({ id }) => {
    if (!isNamespace(id)) return
    for (const { body } of world.resources.values()) {
      const { deviceRegistry, deviceRegistryNamespaces } = (body.properties ?? {}) as {
        deviceRegistry?: Json
        deviceRegistryNamespaces?: readonly Json[]
      }
      if (isMirror(deviceRegistry) && key(String(deviceRegistry?.namespaceResourceId)) === key(id))
        Object.assign(deviceRegistry as Json, { linkingProperties: { state: 'Orphaned' } })
      for (const one of deviceRegistryNamespaces ?? [])
        if (key(String(one.resourceId)) === key(id)) one.linkingState = 'Orphaned'
    }
  })
}
