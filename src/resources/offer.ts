import { sameText } from '../azure/answer.ts'
import type { Provider, ResourceType } from '../azure/clients/providers.ts'
import type { Problem } from '../engine/verdict.ts'
import { normalLocation } from './differences.ts'

/** A type of resource that a model of the service needs, in a version and in the regions of the environment. */
export interface Offer {
  /** `Microsoft.Devices`. */
  readonly namespace: string
  /** Without the provider: `IotHubs`. */
  readonly type: string
  readonly version: string
  /** The input that says where. */
  readonly region: 'location' | 'hub-location'
  /** It may work without being listed, as a child type does (contract B 1.3): it tells which model a region has, no more. */
  readonly hint?: true
}

/** Regions that an environment is to be in, by the input that says so; undefined where none does. */
export type Regions = Readonly<Record<Offer['region'], readonly (string | undefined)[]>>

/** What the provider says of the type; undefined when it lists none of that name. */
export function listed(
  { namespace, type }: Offer,
  providers: readonly Provider[]
): ResourceType | undefined {
  return providers
    .find((provider) => sameText(provider.namespace, namespace))
    ?.resourceTypes?.find(({ resourceType }) => sameText(resourceType, type))
}

/** Pure: why a type cannot be had as it is needed; undefined when it can, or nothing is known of it. */
export function shortcoming(
  offer: Offer,
  providers: readonly Provider[],
  regions: Regions
): Problem | undefined {
  const found = listed(offer, providers)
  if (found === undefined) return undefined
  const { namespace, type, version, region } = offer
  const { apiVersions = [], locations = [] } = found
  if (!apiVersions.includes(version)) {
    return {
      what: `${namespace}/${type} does not offer the api-version ${version} in this subscription`,
      advice: `Offered are: ${apiVersions.join(', ')}. Set \`service-version\` to a model that is offered, ask Microsoft for access to the preview of certificate management, or use a release of this action that speaks one of these versions.`
    }
  }
  const here = locations.map(normalLocation)
  const elsewhere = regions[region].find(
    (wanted) => wanted !== undefined && here.length > 0 && !here.includes(wanted)
  )
  if (elsewhere === undefined) return undefined
  return {
    what: `${namespace}/${type} is not offered in the region ${elsewhere}`,
    advice: `Set \`${region}\` to one of: ${here.join(', ')}.`
  }
}

/** Regions in which all of these types are offered, blank-free and lower-case; undefined when the providers do not say. */
export function regionsOf(
  offers: readonly Offer[],
  providers: readonly Provider[]
): readonly string[] | undefined {
  const perOffer = offers.flatMap((offer) => {
    const { apiVersions = [], locations = [] } = listed(offer, providers) ?? {}
    if (listed(offer, providers) === undefined) return []
    return [apiVersions.includes(offer.version) ? locations.map(normalLocation) : []]
  })
  const [first, ...others] = perOffer
  return first?.flatMap((region) =>
    region !== undefined && others.every((some) => some.includes(region)) ? [region] : []
  )
}
