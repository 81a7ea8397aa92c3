import { isAmong } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import type { Dps, Hub } from '../../resources/model.ts'
import { HUB_TIERS } from '../../settings/settings.ts'
import type { Recognisable } from '../generation.ts'
import { endpointsOf } from './endpoints.ts'
import { mirrored } from './linkStep.ts'
import type { LinkingNamespace } from './model.ts'

/** By the tier of a hub, the link of a DPS, and what is linked to, or certifies in, a namespace (contract B 11). */
export async function recognises(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  which: Recognisable,
  id: string,
  signal: AbortSignal
): Promise<boolean> {
  switch (which) {
    case 'hub': {
      const hub = await arm.get<Hub>(id, versions.iotHub, { operation: 'read IoT hub', signal })
      return isAmong(HUB_TIERS, hub?.sku?.name)
    }
    case 'dps': {
      const operation = 'read Device Provisioning Service'
      const dps = await arm.get<Dps>(id, versions.provisioning, { operation, signal })
      return dps !== undefined && mirrored(dps) !== undefined
    }
    case 'namespace': {
      const { deviceRegistry } = versions
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
  }
}
