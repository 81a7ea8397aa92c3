import { isDeepStrictEqual } from 'node:util'
import { ArmError } from '../../armError.ts'
import { key } from '../../ids.ts'
import {
  type Endpoint,
  type Endpoints,
  endpointsOf,
  isDps,
  isLink,
  SECTIONS,
  type Section
} from './endpoints.ts'

/** What a write makes of the endpoints of a namespace. */
export interface Change {
  /** As they are from now on, in the sections that the write names or that were there. */
  readonly sections: Readonly<Partial<Record<Section, { readonly endpoints: Endpoints }>>>
  /** Names of those that are to be linked now. */
  readonly toLink: readonly string[]
  /** Links that a PUT left out. */
  readonly dropped: readonly { readonly section: Section; readonly name: string }[]
}

/**
 * Merges, or replaces, the endpoints of a namespace (contract B, 3.3 and 3.4).
 *
 * @throws ArmError 400 for a sparse endpoint, another target under the same name, and hubs without a DPS
 */
export function changeOf(stored: unknown, wanted: unknown, mode: 'merge' | 'replace'): Change {
  const toLink: string[] = []
  const dropped: { section: Section; name: string }[] = []
  const sections: Partial<Record<Section, { endpoints: Endpoints }>> = {}
  for (const section of SECTIONS) {
    const before = endpointsOf(stored, section)
    const given = endpointsOf(wanted, section)
    const next: Endpoints = mode === 'merge' ? { ...before } : {}
    for (const [name, endpoint] of Object.entries(given)) {
      const path = `properties.${section}.endpoints.${name}`
      const changed = nextEndpoint(before[name], endpoint, section, path)
      next[name] = changed.endpoint
      if (changed.links) toLink.push(name)
    }
    for (const [name, endpoint] of Object.entries(before)) {
      if (name in next || !isLink(endpoint)) continue
      // It goes once the service has made sure that what it led to is gone.
      if (endpoint.linkingState === 'Succeeded') next[name] = endpoint
      dropped.push({ section, name })
    }
    const named = section in Object(wanted) || (mode === 'merge' && section in Object(stored))
    if (named || Object.keys(next).length > 0) sections[section] = { endpoints: next }
  }
  requireDps(sections, dropped)
  return { sections, toLink, dropped }
}

/** Contract B, 15.4, rows 2 and 9. */
function nextEndpoint(
  stored: Endpoint | undefined,
  wanted: Endpoint,
  section: Section,
  path: string
): { readonly endpoint: Endpoint; readonly links: boolean } {
  const wasLink = stored !== undefined && isLink(stored)
  // Whatever else there is, such as Event Grid of Azure IoT Operations, is kept as it comes.
  if (!isLink(wanted) && !wasLink) return { endpoint: structuredClone(wanted), links: false }
  for (const property of ['endpointType', 'resourceId'] as const) {
    const given = wanted[property]
    if (given === undefined) throw invalid(`${path}.${property}`, 'The property is required.')
    if (wasLink && key(given) !== key(stored[property] ?? ''))
      throw invalid(`${path}.${property}`, 'The property cannot be changed.')
  }
  if (isDps(wanted) !== (section === 'provisioning'))
    throw invalid(`${path}.endpointType`, 'The endpoint belongs to another section.')
  if (wanted.address !== undefined && wanted.address !== stored?.address)
    throw invalid(`${path}.address`, 'The property is read-only.')
  const { endpointType, resourceId, inboundCallerIdentity, provisioning } = wanted
  const own: Endpoint = {
    ...(endpointType !== undefined && { endpointType }),
    ...(resourceId !== undefined && { resourceId }),
    ...(inboundCallerIdentity && { inboundCallerIdentity }),
    ...(section === 'messaging' && {
      provisioning: {
        availability: 'Available',
        allocationWeight: 1,
        ...stored?.provisioning,
        ...provisioning
      }
    })
  }
  const isSame = isDeepStrictEqual(stored?.inboundCallerIdentity, inboundCallerIdentity)
  if (stored?.linkingState === 'Succeeded' && isSame)
    return { endpoint: { ...stored, ...own }, links: false }
  return { endpoint: { ...own, linkingState: 'InProgress' }, links: true }
}

function requireDps(sections: Change['sections'], dropped: Change['dropped']): void {
  const left = SECTIONS.flatMap((section) =>
    Object.entries(sections[section]?.endpoints ?? {})
      .filter(([name]) => !dropped.some((one) => one.section === section && one.name === name))
      .map(([, endpoint]) => endpoint)
      .filter(isLink)
  )
  if (left.length === 0 || left.some(isDps)) return
  // [INF] code and words; the rule is that of contract B, 2
  throw new ArmError(
    400,
    'ProvisioningEndpointRequired',
    'A namespace with a messaging endpoint of an IoT hub needs a provisioning endpoint.'
  )
}

function invalid(target: string, message: string): ArmError {
  return new ArmError(
    400,
    'InvalidRequestContent',
    `The request content is not valid. InvalidPropertyValue '${target}': ${message}`,
    { target }
  )
}
