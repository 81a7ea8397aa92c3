import { isAmong, sameText } from '../../azure/answer.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { Endpoint, LinkingNamespace, Section } from './model.ts'

/** What is linked in each section of a namespace. */
export const ENDPOINT_TYPES = {
  provisioning: 'Microsoft.Devices/provisioningServices',
  messaging: 'Microsoft.Devices/IotHubs'
} as const satisfies Readonly<Record<Section, string>>

/** Hubs that a namespace may have (contract B section 2); the one DPS is the other limit. */
export const MOST_HUBS = 10

/** An endpoint, and where in the namespace it is. */
export interface Placed {
  readonly section: Section
  /** Its key in the map. */
  readonly name: string
  readonly endpoint: Endpoint
}

/** Every endpoint of these two sections, whatever it leads to. */
export function endpointsOf(namespace: LinkingNamespace | undefined): readonly Placed[] {
  return (['provisioning', 'messaging'] as const).flatMap((section) =>
    Object.entries(namespace?.properties?.[section]?.endpoints ?? {}).map(([name, endpoint]) => ({
      section,
      name,
      endpoint
    }))
  )
}

/** The endpoint that leads to this hub or DPS. */
export function endpointTo(
  namespace: LinkingNamespace | undefined,
  resourceId: string
): Placed | undefined {
  return endpointsOf(namespace).find(({ endpoint }) => sameId(endpoint.resourceId, resourceId))
}

/** Hubs and DPSs, as opposed to what Azure IoT Operations and others put there. */
export function isLink({ section, endpoint }: Placed): boolean {
  const { endpointType, linkingState } = endpoint
  return endpointType === undefined
    ? linkingState !== undefined
    : sameText(endpointType, ENDPOINT_TYPES[section])
}

/** Azure has linked it, and has nothing to complain of (contract B 3.5). */
export function isLinked({ linkingState, linkingError }: Endpoint): boolean {
  return sameText(linkingState, 'Succeeded') && linkingError === undefined
}

/** Azure gave up on linking it: `Succeeded` with an error is one as well. */
export function hasFailed({ linkingState, linkingError }: Endpoint): boolean {
  return (
    sameText(linkingState, 'Failed') ||
    (sameText(linkingState, 'Succeeded') && linkingError !== undefined)
  )
}

/** Object id of the identity by which the namespace acts on hubs and DPSs (contract B 5.1). */
export function outboundPrincipal({ identity, properties }: LinkingNamespace): string | undefined {
  const user = properties?.outboundIdentity?.userAssignedIdentity
  if (user === undefined) return identity?.principalId
  const [, attached] =
    Object.entries(identity?.userAssignedIdentities ?? {}).find(([id]) => sameId(id, user)) ?? []
  return attached?.principalId
}

/** Words that are not known mean that Azure is at work (contract B 3.1). */
export function isTerminal(state: string | undefined): boolean {
  return state === undefined || isAmong(['Succeeded', 'Failed', 'Canceled', 'Cancelled'], state)
}

/** It failed, and none of its links did. */
export function needsHealing(namespace: LinkingNamespace): boolean {
  const links = endpointsOf(namespace).filter(isLink)
  return (
    isAmong(['Failed', 'Canceled', 'Cancelled'], namespace.properties?.provisioningState) &&
    links.length > 0 &&
    links.every(({ endpoint }) => isLinked(endpoint))
  )
}
