import { sameText } from '../../azure/answer.ts'
import { recogniser } from '../recognise.ts'
import { credentialId } from './credential.ts'

/** By the tier of a hub, the namespace that a DPS points at, and the credential of a namespace. */
export const recognises = recogniser({
  hub: (hub) => sameText(hub?.sku?.name, 'GEN2'),
  dps: (dps) => dps?.properties?.deviceRegistryNamespace !== undefined,
  async namespace({ arm, versions: { deviceRegistry } }, id, signal) {
    const operation = 'read Credential'
    return (await arm.get(credentialId(id), deviceRegistry, { operation, signal })) !== undefined
  }
})
