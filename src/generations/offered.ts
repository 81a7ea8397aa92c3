import type { Provider } from '../azure/clients/providers.ts'
import { listed, type Offer, type Regions, regionsOf, shortcoming } from '../resources/offer.ts'
import {
  NEWEST_VERSION,
  SERVICE_VERSIONS,
  type ServiceVersion,
  TUTORIAL_VERSION,
  type WantedEnvironment
} from '../settings/settings.ts'
import type { Generation } from './generation.ts'

/** The model that an environment is built by, and why that one. */
export interface ChosenVersion {
  readonly version: ServiceVersion
  /** Follows "service version VERSION: ". */
  readonly reason: string
}

type Offers = Readonly<Record<ServiceVersion, Pick<Generation, 'offers'>>>

/**
 * Pure: the newest model that is offered where the environment is to be, or the tutorial's where the inputs need that. Never
 * the newest api-version: some of them know neither model (contract B 1.3).
 *
 * @param providers those that may be read
 * @param tutorialOnly inputs that only the tutorial's model knows
 * @throws Error when the providers offer none
 */
export function newestOffered(
  offers: Offers,
  providers: readonly Provider[],
  { location, hubs }: Pick<WantedEnvironment, 'location' | 'hubs'>,
  tutorialOnly: readonly string[]
): ChosenVersion {
  const preferred = tutorialOnly.length > 0 ? TUTORIAL_VERSION : NEWEST_VERSION
  const because = tutorialOnly.map((input) => `\`${input}\``).join(', ')
  if (providers.length === 0) {
    const unread = 'what the providers offer may not be read with the rights of this identity'
    return { version: preferred, reason: because ? `only it has ${because}; ${unread}` : unread }
  }
  const regions = { location: [location], 'hub-location': hubs.map((hub) => hub.location) }
  const offered = SERVICE_VERSIONS.filter((one) => isOffered(one, offers, providers, regions))
  const where = location === undefined ? 'this subscription' : location
  if (because && offered.includes(TUTORIAL_VERSION)) {
    return {
      version: TUTORIAL_VERSION,
      reason: `offered in ${where}, and only it has ${because}`
    }
  }
  const [version] = offered
  if (version !== undefined) {
    const doubt =
      version === TUTORIAL_VERSION
        ? `; ${NEWEST_VERSION} is not, and this one may be withdrawn`
        : ''
    return { version, reason: `offered in ${where}${doubt}` }
  }
  throw new Error(
    [
      `Neither model of the service is offered in ${where}.`,
      ...offeredText(offers, providers),
      'What to do: set `location` to one of these regions, and with it `hub-location`; where there is none, ask Microsoft for access, or set `service-version`, which takes precedence over what the providers say.'
    ].join('\n')
  )
}

/** Where each model is offered, one line each. */
export function offeredText(offers: Offers, providers: readonly Provider[]): readonly string[] {
  return SERVICE_VERSIONS.map((version) => {
    const regions = regionsOf(offers[version].offers, providers)
    if (regions === undefined) return `  ${version}: no provider says where it is offered`
    return `  ${version}: offered ${regions.length === 0 ? 'nowhere' : `in ${regions.join(', ')}`}`
  })
}

/** A child type that is not listed tells nothing, unless that of another model is. */
function isOffered(
  version: ServiceVersion,
  offers: Offers,
  providers: readonly Provider[],
  regions: Regions
): boolean {
  const hints = (of: ServiceVersion) => offers[of].offers.filter(({ hint }) => hint)
  const others = SERVICE_VERSIONS.filter((one) => one !== version).flatMap(hints)
  const othersListed = others.some((offer) => listed(offer, providers) !== undefined)
  const unlisted = hints(version).some((offer) => listed(offer, providers) === undefined)
  const short = (offer: Offer) => shortcoming(offer, providers, regions) !== undefined
  return !offers[version].offers.some(short) && !(unlisted && othersListed)
}
