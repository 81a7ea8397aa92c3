import { isAmong } from '../../azure/answer.ts'
import { HUB_TIERS } from '../../settings/settings.ts'
import { recogniser } from '../recognise.ts'
import { endpointsOf } from './endpoints.ts'
import { mirrored } from './linkStep.ts'
import type { LinkingNamespace } from './model.ts'

/** By the tier of a hub, the link of a DPS, and what is linked to, or certifies in, a namespace. */
export const recognises = recogniser({
  hub: (hub) => isAmong(HUB_TIERS, hub?.sku?.name),
  dps: (dps) => dps !== undefined && mirrored(dps) !== undefined,
  async namespace({ arm, versions: { deviceRegistry } }, id, signal) {
    const [namespace, authorities] = await Promise.all([
      arm.get<LinkingNamespace>(id, deviceRegistry, {
        operation: 'read Device Registry namespace',
        signal
      }),
      arm.list(`${id}/certificateAuthorities`, deviceRegistry, {
        operation: 'list certificate authorities',
        signal
      })
    ])
    return endpointsOf(namespace).length > 0 || authorities.length > 0
  }
})
