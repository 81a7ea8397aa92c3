import type { Exchange } from '../../../emulator/record.ts'
import type { Outcome, Resource, Scenario } from '../scenario.ts'

/** Chooses the model that these scenarios are about. */
export const NEW = { 'service-version': '2026-11-01' }
export const DESTROY = { ...NEW, operation: 'destroy', confirm: 'test', location: '' }

/** A device that registered with the namespace, as Azure keeps it. */
export function plantDevice(scenario: Scenario, name: string): Resource {
  const { id, body } = scenario.only('namespaces')
  const type = 'Microsoft.DeviceRegistry/namespaces/registryDevices'
  const properties = { externalDeviceId: name, enablementState: 'Enabled' }
  return plantIn(scenario, `${id}/registryDevices/${name}`, {
    type,
    location: body.location,
    properties: { ...properties, provisioningState: 'Succeeded' }
  })
}

/** A resource that somebody else made. */
export function plantIn(scenario: Scenario, id: string, body: object): Resource {
  const planted = { id, body: { id, name: id.slice(id.lastIndexOf('/') + 1), ...body }, secret: {} }
  scenario.azure.world.resources.set(id.toLowerCase(), planted)
  return planted
}

/** Names of what the one namespace has endpoints for, by section. */
export function endpointNames(scenario: Scenario): readonly string[] {
  const { provisioning, messaging } = scenario.only('namespaces').body.properties
  return [provisioning, messaging].flatMap((section) => Object.keys(section?.endpoints ?? {}))
}

/** Environments that say that they made a hub, without what makes names unique. */
export function linkedHubs(scenario: Scenario): readonly string[] {
  const { messaging } = scenario.only('namespaces').body.properties
  return Object.values<{ resourceId: string; linkingState: string }>(messaging?.endpoints ?? {})
    .filter(({ linkingState }) => linkingState === 'Succeeded')
    .map(({ resourceId }) => /\/hub-(.+)-[^-]+$/.exec(resourceId)?.[1] ?? resourceId)
    .sort((a, b) => a.localeCompare(b))
}

/** Where in a run a request was first sent; -1 when it was not. */
export function at({ requests }: Outcome, method: string, path: RegExp): number {
  const is = (one: Exchange) => one.method === method && path.test(one.url.replace(/\?.*/, ''))
  return requests.findIndex(is)
}

/** What is left, by type. */
export function leftOf(scenario: Scenario): readonly string[] {
  return [...scenario.azure.world.resources.values()]
    .map(({ id }) => id.split('/').at(-2) ?? '')
    .sort((a, b) => a.localeCompare(b))
}
