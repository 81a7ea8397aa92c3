import type { Call } from '../kernel.ts'

/** Where ARM answers, and the route of each resource that others refer to. */
export const HOST = 'management.azure.com'
export const REGISTRY_VERSION = '2025-11-01-preview'

const GROUP = '/subscriptions/:subscription/resourceGroups/:group/providers'
export const NAMESPACE = `${GROUP}/Microsoft.DeviceRegistry/namespaces/:namespace`
export const CREDENTIAL = `${NAMESPACE}/credentials/default`
export const HUB = `${GROUP}/Microsoft.Devices/IotHubs/:hub`

const providers = ({ params }: Call): string =>
  `/subscriptions/${params.subscription}/resourceGroups/${params.group}/providers`

/** The id of the namespace that a request names. */
export function namespaceId(call: Call): string {
  return `${providers(call)}/Microsoft.DeviceRegistry/namespaces/${call.params.namespace}`
}

export function credentialId(call: Call): string {
  return `${namespaceId(call)}/credentials/default`
}

export function hubId(call: Call): string {
  return `${providers(call)}/Microsoft.Devices/IotHubs/${call.params.hub}`
}
