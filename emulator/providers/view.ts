import type { Resource } from '../kernel.ts'
import type { Generation } from './generation.ts'

type Body = Resource['body']
type Json = Record<string, unknown>

/** Properties of a hub that version 2026-11-01 brought. */
const HUB_OF_B = ['deviceHostName', 'serviceHostName', 'iotHubDetails']

/** How a hub joined a namespace: in the first model it says so itself, in the second it mirrors the namespace's link. */
export function isMirror(deviceRegistry: unknown): boolean {
  return 'linkingProperties' in Object(deviceRegistry)
}

/** A hub as a version shows it: without what belongs to the other model (contract B, 11). */
export function hubView(body: Body, generation: Generation | undefined): Body {
  const { deviceRegistry, ...rest } = { ...(body.properties as Json) }
  if (generation !== 'B') for (const name of HUB_OF_B) delete rest[name]
  const shown =
    deviceRegistry !== undefined && generation === (isMirror(deviceRegistry) ? 'B' : 'A')
  return { ...body, properties: { ...rest, ...(shown && { deviceRegistry }) } }
}

/** A DPS as a version shows it: an object in the first model, a list in the second. */
export function dpsView(body: Body, generation: Generation | undefined): Body {
  const { deviceRegistryNamespace, deviceRegistryNamespaces, ...rest } = body.properties as Json
  const { disableLocalAuth, ...older } = rest
  return {
    ...body,
    properties: {
      ...(generation === 'B' ? rest : older),
      ...(generation === 'A' &&
        deviceRegistryNamespace !== undefined && { deviceRegistryNamespace }),
      ...(generation === 'B' &&
        deviceRegistryNamespaces !== undefined && { deviceRegistryNamespaces })
    }
  }
}
