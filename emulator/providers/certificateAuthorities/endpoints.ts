import { key } from '../../ids.ts'
import type { Resource, World } from '../../kernel.ts'
import { isNamespace } from '../names.ts'

export const DPS_TYPE = 'Microsoft.Devices/provisioningServices'
export const HUB_TYPE = 'Microsoft.Devices/IotHubs'

export interface CallerIdentity {
  readonly type: string
  readonly userAssignedIdentity?: string
}

/** An endpoint of a namespace as a GET shows it (contract B, 3.2). */
export interface Endpoint {
  endpointType?: string
  resourceId?: string
  inboundCallerIdentity?: CallerIdentity
  provisioning?: { availability?: string; allocationWeight?: number }
  address?: string
  deviceAddress?: string
  linkingState?: 'InProgress' | 'Succeeded' | 'Failed'
  linkingError?: { readonly code: string; readonly message: string }
}

export const SECTIONS = ['provisioning', 'messaging'] as const
export type Section = (typeof SECTIONS)[number]
export type Endpoints = Record<string, Endpoint>

/** A hub or DPS that a namespace has an endpoint for, in whatever state. */
export interface Link {
  readonly namespace: Resource
  readonly section: Section
  readonly name: string
  readonly endpoint: Endpoint
  /** Whether it leads to what it was linked to: established, and that is still there. */
  readonly isAlive: boolean
}

type Sections = { readonly [S in Section]?: { readonly endpoints?: Endpoints } }

/** The endpoints of a section, of whatever kind; none when there is no such section. */
export function endpointsOf(properties: unknown, section: Section): Endpoints {
  return (properties as Sections | undefined)?.[section]?.endpoints ?? {}
}

/** Whether an endpoint is a link; Event Grid of Azure IoT Operations and others are not. */
export function isLink({ endpointType = '' }: Endpoint): boolean {
  return [DPS_TYPE, HUB_TYPE].map(key).includes(key(endpointType))
}

export function isDps({ endpointType = '' }: Endpoint): boolean {
  return key(endpointType) === key(DPS_TYPE)
}

/** The links of a namespace, that of its DPS first. */
export function linksIn(namespace: Resource): readonly Link[] {
  return SECTIONS.flatMap((section) =>
    Object.entries(endpointsOf(namespace.body.properties, section))
      .filter(([, endpoint]) => isLink(endpoint))
      .map(([name, endpoint]) => ({
        namespace,
        section,
        name,
        endpoint,
        isAlive: endpoint.linkingState === 'Succeeded' && !buried(namespace).includes(name)
      }))
  )
}

function buried({ secret }: Resource): readonly string[] {
  return (secret.buriedEndpoints ?? []) as readonly string[]
}

/** What an endpoint was linked to is gone. */
export function bury(namespace: Resource, name: string): void {
  namespace.secret.buriedEndpoints = [...buried(namespace), name]
}

/** An endpoint is linked anew, or taken out. */
export function unearth(namespace: Resource, name: string): void {
  namespace.secret.buriedEndpoints = buried(namespace).filter((one) => one !== name)
}

/** The established link of a hub or DPS. */
export function linkOf({ resources }: World, targetId: string): Link | undefined {
  return [...resources.values()]
    .filter(({ id }) => isNamespace(id))
    .flatMap(linksIn)
    .find(({ endpoint, isAlive }) => isAlive && key(endpoint.resourceId ?? '') === key(targetId))
}
