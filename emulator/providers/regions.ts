import { ArmError } from '../armError.ts'
import { key, sameLocation } from '../ids.ts'
import type { Call, Kernel } from '../kernel.ts'
import { OFFERS, type Offer } from './offers.ts'

type OfferOf = (type: string) => Offer | undefined

const REGISTRY = 'Microsoft.DeviceRegistry/namespaces'
const CREDENTIALS = `${REGISTRY}/credentials`
const AUTHORITIES = `${REGISTRY}/certificateAuthorities`
/** Contract B, 15.4, row 16: all of it goes at once. */
const WITHDRAWN = key(CREDENTIALS)

/**
 * Refuses what a type may no longer be written by anybody: as configured, or because only the model that followed is served.
 *
 * @throws ArmError `DisallowedResourceOperation` (contract B, 1.2 and 1.3)
 */
export function disallowed({ config }: Kernel, type: string, offerOf: OfferOf): void {
  const isWithdrawn =
    key(type).startsWith(WITHDRAWN) &&
    offerOf(CREDENTIALS)?.versions.length === 0 &&
    offerOf(AUTHORITIES)?.versions.length !== 0
  const named = config().registry.disallowed.some((one) => key(one) === key(type))
  if (isWithdrawn || named) throw refused(config().registry.disallowedStatus, type)
}

/**
 * Refuses what is not offered where it is to be: in the location that a new resource names, or in that of its namespace.
 *
 * @throws ArmError `LocationNotAvailableForResourceType`; `DisallowedResourceOperation` where only the model is served that
 * followed the one asked for
 */
export function checkRegion(
  kernel: Kernel,
  { method, url, body }: Pick<Call, 'method' | 'url' | 'body'>,
  type: string,
  offerOf: OfferOf
): void {
  if (method === 'GET' || method === 'HEAD') return
  const offered = offerOf(type)?.locations ?? []
  if (offered.length === 0) return
  const parent = /^.*\/namespaces\/[^/]+(?=\/)/i.exec(url.pathname)?.[0]
  const { location: ofParent } = kernel.world.resources.get(key(parent ?? ''))?.body ?? {}
  // What is there stays where it is, and may be changed and deleted.
  const isThere = kernel.world.resources.has(key(url.pathname))
  const named =
    method === 'PUT' && !isThere ? (body as { location?: unknown })?.location : undefined
  const location = parent === undefined ? named : ofParent
  const isIn = (locations: readonly string[]) =>
    locations.some((one) => sameLocation(one, String(location)))
  if (typeof location !== 'string' || isIn(offered)) return
  const isFirstModel = key(type).startsWith(WITHDRAWN)
  if (isFirstModel && isIn(offerOf(AUTHORITIES)?.locations ?? []))
    throw refused(kernel.config().registry.disallowedStatus, type)
  if (method !== 'PUT' || isThere) return
  throw new ArmError(
    400,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${offered.map((one) => one.replaceAll(' ', '').toLowerCase()).join(',')}'.`
  )
}

/** Whether a region still serves the first model: hubs and DPSs join no namespace there otherwise (contract B, 1.2). */
export function servesFirstModel({ config }: Kernel, location: string): boolean {
  const { versions, locations } = {
    versions: config().apiVersions[CREDENTIALS] ?? OFFERS[CREDENTIALS]?.versions ?? [],
    locations: config().locations[CREDENTIALS] ?? OFFERS[CREDENTIALS]?.locations ?? []
  }
  return versions.length > 0 && locations.some((one) => sameLocation(one, location))
}

function refused(status: number, type: string): ArmError {
  const [, ...names] = type.split('/')
  return new ArmError(
    status,
    'DisallowedResourceOperation',
    `The operation on the resource type '${names.join('/')}' is disallowed.`
  )
}
