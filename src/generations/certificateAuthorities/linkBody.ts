import type { Change } from '../../engine/verdict.ts'
import { differs } from '../../resources/differences.ts'
import { ENDPOINT_TYPES, endpointTo } from './endpoints.ts'
import type { InboundIdentity } from './inbound.ts'
import type { Endpoint, LinkingNamespace, Section } from './model.ts'

/** Azure's own (contract B 3.2). */
const DEFAULT_WEIGHT = 1

/** A hub or DPS that is to be linked. */
export interface WantedLink {
  readonly section: Section
  /** Of the endpoint, when there is none yet. */
  readonly name: string
  /** ARM id. */
  readonly resourceId: string
  /** By which identity it acts on the namespace; a hub may have none. */
  readonly inbound?: InboundIdentity | undefined
  /** Weight in a hashed allocation; left to Azure when absent. */
  readonly allocationWeight?: number
}

/** What the sections of the namespace get, by the names of the endpoints. */
export function sectionsOf(
  namespace: LinkingNamespace,
  missing: readonly WantedLink[]
): { readonly [S in Section]?: Readonly<Record<string, Endpoint>> } {
  const sections: { [S in Section]?: Record<string, Endpoint> } = {}
  for (const { section, name, resourceId, inbound, allocationWeight } of missing) {
    const present = endpointTo(namespace, resourceId)
    const identity = present?.endpoint.inboundCallerIdentity ?? inbound
    const endpoint: Endpoint = {
      endpointType: ENDPOINT_TYPES[section],
      resourceId: present?.endpoint.resourceId ?? resourceId,
      ...(identity && { inboundCallerIdentity: identity }),
      ...(section === 'messaging' && {
        provisioning: {
          availability: present?.endpoint.provisioning?.availability ?? 'Available',
          allocationWeight:
            allocationWeight ?? present?.endpoint.provisioning?.allocationWeight ?? DEFAULT_WEIGHT
        }
      })
    }
    sections[section] = { ...sections[section], [present?.name ?? name]: endpoint }
  }
  return sections
}

/** The weight of a link that is there, where one is wanted. */
export function weightDiffers(
  { allocationWeight: wanted }: WantedLink,
  { provisioning }: Endpoint
): readonly Change[] {
  const now = provisioning?.allocationWeight ?? DEFAULT_WEIGHT
  return wanted === undefined ? [] : differs('provisioning.allocationWeight', now, wanted)
}
