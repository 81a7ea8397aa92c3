import { key, parseId } from './ids.ts'

/** A property that not every api-version of its resource type has. */
interface Dated {
  /** Lower-case resource type, its provider in front. */
  readonly type: string
  /** Where it stands in the body. */
  readonly at: readonly string[]
  /** Day of the first version that has it. */
  readonly since: string
  /** Later versions without it. */
  readonly not?: readonly string[]
}

/** Contract 1.1 and 1.2, the specifications, and Microsoft's SDKs of the older versions. */
const DATED: readonly Dated[] = [
  { type: 'microsoft.devices/iothubs', at: ['properties', 'deviceRegistry'], since: '2025-08-01' },
  {
    type: 'microsoft.devices/iothubs/certificates',
    at: ['properties', 'PolicyResourceId'],
    since: '2025-08-01'
  },
  { type: 'microsoft.devices/provisioningservices', at: ['identity'], since: '2023-03-01' },
  {
    type: 'microsoft.devices/provisioningservices',
    at: ['properties', 'deviceRegistryNamespace'],
    since: '2025-02-01',
    // Left out of it on purpose (contract 1.1).
    not: ['2026-08-31']
  }
]

type Body = Readonly<Record<string, unknown>>

/** The properties that the api-version of a request does not know; none for most. */
export function unknownIn(url: URL): readonly Dated[] {
  const version = url.searchParams.get('api-version') ?? ''
  const { provider, type } = parseId(url.pathname)
  const asked = key(`${provider}/${type}`)
  return DATED.filter(
    ({ type: its, since, not = [] }) =>
      its === asked && (version.slice(0, since.length) < since || not.includes(version))
  )
}

/** Whether the api-version of a request knows the property at this place. */
export function isKnown(url: URL, at: string): boolean {
  return !unknownIn(url).some((one) => one.at.join('.') === at)
}

/** A body, or a list of them, as the api-version of the request has it: without what it does not know. */
export function asVersioned(url: URL, body: unknown): unknown {
  const unknown = unknownIn(url)
  if (unknown.length === 0 || typeof body !== 'object' || body === null) return body
  if (Array.isArray((body as Body).value))
    return {
      ...body,
      value: ((body as Body).value as unknown[]).map((one) => stripped(one, unknown))
    }
  return stripped(body, unknown)
}

function stripped(body: unknown, unknown: readonly Dated[]): unknown {
  return unknown.reduce((rest, { at }) => without(rest, at), body)
}

function without(body: unknown, [name, ...deeper]: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null || name === undefined || !(name in body))
    return body
  const { [name]: inner, ...rest } = body as Body
  return deeper.length === 0 ? rest : { ...rest, [name]: without(inner, deeper) }
}

/** A request's body with what its api-version does not know as it is stored. */
export function withStored(url: URL, body: unknown, stored: Body | undefined): unknown {
  return unknownIn(url).reduce((result, { at }) => copied(result, stored, at), body)
}

function copied(body: unknown, stored: unknown, [name, ...deeper]: readonly string[]): unknown {
  const has = typeof stored === 'object' && stored !== null && name !== undefined && name in stored
  if (!has || typeof body !== 'object' || body === null) return body
  const inner = (stored as Body)[name]
  const mine = (body as Body)[name]
  return { ...body, [name]: deeper.length === 0 ? inner : copied(mine ?? {}, inner, deeper) }
}
