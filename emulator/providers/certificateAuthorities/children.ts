import { ArmError } from '../../armError.ts'
import { inProgress, parentNotFound } from '../../errors.ts'
import { key, within } from '../../ids.ts'
import type { Call, Kernel, Resource } from '../../kernel.ts'
import { guardRemoval, onRemove } from '../../world.ts'
import { namespaceId } from '../addresses.ts'
import { isNamespace } from '../names.ts'
import { linksIn } from './endpoints.ts'
import { isSettling } from './linking.ts'

/** Types whose resources keep their namespace. */
const HOLDING = ['certificateAuthorities', 'registryDevices'] as const

/** The namespace that a child is written in: there, not `Failed`, and not busy (contract B, 6.6). */
export function requireParent(kernel: Kernel, call: Call, childId: string): Resource {
  const namespace = kernel.world.resources.get(key(namespaceId(call)))
  if (!namespace) throw parentNotFound(childId)
  const { provisioningState } = namespace.body.properties as { provisioningState?: string }
  if (isSettling(kernel, namespace)) throw inProgress(namespace.id)
  if (provisioningState !== 'Succeeded') {
    throw new ArmError(
      409,
      'ResourceProvisioningFailed',
      `The provisioning state of '${namespace.id}' is '${provisioningState}'.`
    )
  }
  return namespace
}

/** The namespace goes after its children, and after whatever its endpoints lead to (contract B, 10). */
export function guardNamespaces(kernel: Kernel): void {
  const { world, clock, config } = kernel

  guardRemoval(world, (namespace, going) => {
    if (!isNamespace(namespace.id)) return
    if (isSettling(kernel, namespace)) throw inProgress(namespace.id)
    // A group takes along what is in it.
    const isAlone = key(going) === key(namespace.id)
    const goneAt = namespace.secret.lastChildGoneAt as number | undefined
    const lagging = goneAt !== undefined && clock.now() < goneAt + kernel.latency('childIndexLag')
    const held = HOLDING.filter((type) => {
      const below = `${namespace.id}/${type}`
      return [...world.resources.values()].some(({ id }) => within(id, below))
    })
    if (isAlone && (held.length > 0 || lagging)) {
      const names = held.length > 0 ? held : HOLDING
      throw new ArmError(
        409,
        'NamespaceNotEmpty',
        `Namespace cannot be deleted while it contains child resources: ${names.join(', ')}. Delete these resources before deleting the namespace.`
      )
    }
    const { endpointsHold } = config().registry
    const holding = linksIn(namespace).find(({ endpoint, isAlive }) => {
      const { resourceId = '', linkingState } = endpoint
      if (linkingState !== 'Succeeded' || within(resourceId, going)) return false
      return endpointsHold === 'all' || (endpointsHold === 'living' && isAlive)
    })
    if (holding === undefined || endpointsHold === 'none') return
    // [INF] no source tells whether, and how, links keep a namespace (contract B, 10)
    throw new ArmError(
      409,
      'NamespaceNotEmpty',
      `Namespace cannot be deleted while it contains links: ${holding.name}. Delete the linked resources before deleting the namespace.`
    )
  })

  onRemove(world, ({ id }) => {
    const parent = /^(.*\/namespaces\/[^/]+)\/(certificateauthorities|registrydevices)\//i.exec(id)
    const namespace = world.resources.get(key(parent?.[1] ?? ''))
    if (namespace) namespace.secret.lastChildGoneAt = clock.now()
  })
}
