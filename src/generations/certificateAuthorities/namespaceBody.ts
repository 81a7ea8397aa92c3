import type { Identity } from '../../resources/model.ts'
import { isLink, type Placed } from './endpoints.ts'
import type { Endpoint, LinkingNamespace, Section } from './model.ts'

/** What Azure computes of a namespace and of any endpoint. */
const COMPUTED = ['uuid', 'provisioningState']
const COMPUTED_OF_ENDPOINT = ['linkingState', 'linkingError', 'deviceAddress']
/** All that a request may say of a link; its addresses are Azure's to say (contract B 3.3). */
const WRITABLE_OF_LINK = ['endpointType', 'resourceId', 'inboundCallerIdentity', 'provisioning']
const LINKING = ['provisioning', 'messaging'] as const satisfies readonly Section[]
const SECTIONS: readonly string[] = [...LINKING, 'updating']

type Body = Readonly<Record<string, unknown>>

/**
 * A namespace as a request body: a PUT takes away all that it does not say, so that everything is said, known or not, but
 * for what Azure computes. An endpoint of another kind than ours, as of Azure IoT Operations, is copied whole.
 *
 * @param added endpoints that it is to have besides, by section and name
 * @param removed names of endpoints that it is to have no more
 */
export function namespaceBody(
  namespace: LinkingNamespace,
  added: { readonly [S in Section]?: Readonly<Record<string, Endpoint>> },
  removed: readonly Pick<Placed, 'section' | 'name'>[] = []
): Body {
  const { location, tags, identity, properties = {} } = namespace
  const kept = Object.entries(properties).filter(([name]) => !COMPUTED.includes(name))
  const written = Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      hasEndpoints(name, value) ? sectionBody(name, value) : value
    ])
  )
  const sections = LINKING.flatMap((section) => {
    const now = written[section] as { readonly endpoints?: Body } | undefined
    const gone = removed.filter((one) => one.section === section).map(({ name }) => name)
    const endpoints = { ...without(now?.endpoints ?? {}, gone), ...added[section] }
    return now || added[section] ? [[section, { ...now, endpoints }]] : []
  })
  return {
    location,
    ...(tags && { tags }),
    ...(identity && { identity: identityBody(identity) }),
    properties: { ...written, ...Object.fromEntries(sections) }
  }
}

function hasEndpoints(
  name: string,
  value: unknown
): value is { endpoints: Record<string, Endpoint> } {
  return (
    SECTIONS.includes(name) && typeof value === 'object' && value !== null && 'endpoints' in value
  )
}

function sectionBody(name: string, value: { readonly endpoints: Record<string, Endpoint> }): Body {
  const endpoints = Object.entries(value.endpoints).map(([key, endpoint]) => {
    const placed: Placed = { section: name as Section, name: key, endpoint }
    const link = name === 'updating' || isLink(placed)
    return [key, link ? only(endpoint, WRITABLE_OF_LINK) : without(endpoint, COMPUTED_OF_ENDPOINT)]
  })
  return { ...value, endpoints: Object.fromEntries(endpoints) }
}

/** Which identities it has, without what Azure tells of each. */
function identityBody({ type, userAssignedIdentities = {} }: Identity): Body {
  const ids = Object.keys(userAssignedIdentities)
  return {
    type,
    ...(ids.length > 0 && {
      userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}]))
    })
  }
}

function only(value: object, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)))
}

function without(value: object, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}
