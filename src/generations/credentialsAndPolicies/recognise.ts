import { sameText } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import type { Dps, Hub } from '../../resources/model.ts'
import type { Recognisable } from '../generation.ts'
import { credentialId } from './credential.ts'

/** By the tier of a hub, the namespace that a DPS points at, and the credential of a namespace (contract B 11). */
export async function recognises(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  which: Recognisable,
  id: string,
  signal: AbortSignal
): Promise<boolean> {
  switch (which) {
    case 'hub': {
      const hub = await arm.get<Hub>(id, versions.iotHub, { operation: 'read IoT hub', signal })
      return sameText(hub?.sku?.name, 'GEN2')
    }
    case 'dps': {
      const operation = 'read Device Provisioning Service'
      const dps = await arm.get<Dps>(id, versions.provisioning, { operation, signal })
      return dps?.properties?.deviceRegistryNamespace !== undefined
    }
    case 'namespace': {
      const operation = 'read Credential'
      const credential = credentialId(id)
      return (
        (await arm.get(credential, versions.deviceRegistry, { operation, signal })) !== undefined
      )
    }
  }
}
