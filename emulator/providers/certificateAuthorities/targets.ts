import { key } from '../../ids.ts'
import type { Kernel } from '../../kernel.ts'
import { onRemove } from '../../world.ts'
import { isNamespace } from '../names.ts'
import { bury, linksIn } from './endpoints.ts'

/**
 * An endpoint whose hub or DPS is deleted stays `Succeeded` and leads nowhere, also when another one of the same name is
 * made [INF]: that one was never linked. It has to be taken out, and linked anew (contract B, 3.7); whether a DPS takes the
 * place of its forerunner is an option.
 */
export function watchTargets({ world, config }: Pick<Kernel, 'world' | 'config'>): void {
  onRemove(world, ({ id }) => {
    if (!/\/(iothubs|provisioningservices)\/[^/]+$/i.test(id)) return
    if (config().registry.dpsRevived && /\/provisioningservices\//i.test(id)) return
    for (const namespace of world.resources.values()) {
      if (!isNamespace(namespace.id)) continue
      for (const { name, endpoint } of linksIn(namespace))
        if (key(endpoint.resourceId ?? '') === key(id)) bury(namespace, name)
    }
  })
}
