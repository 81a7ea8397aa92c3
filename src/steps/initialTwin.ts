import { isDeepStrictEqual } from 'node:util'

type Twin = Readonly<Record<string, unknown>>

/** What the service keeps beside a user's own properties in a collection (`TwinCollection` of its specification). */
const BOOKKEEPING = ['version', 'count', 'metadata', '$version', '$metadata']

/**
 * Whether a group has the twin that was asked for. Beside what was asked for, the service may add parts of the twin, and
 * its bookkeeping to tags and desired properties; in a twin, null is absent.
 */
export function hasTwin(found: Twin | undefined, wanted: Twin): boolean {
  return (
    sameCollection(found?.tags, wanted.tags) &&
    sameCollection(desiredOf(found), desiredOf(wanted)) &&
    rest(wanted).every(([name, value]) => isDeepStrictEqual(plain(found?.[name]), value))
  )
}

/** Parts that no specification names. */
function rest(wanted: Twin): readonly [string, unknown][] {
  return Object.entries(wanted)
    .filter(([name]) => name !== 'tags' && name !== 'properties')
    .map(([name, value]) => [name, plain(value)])
}

function desiredOf(twin: Twin | undefined): unknown {
  return isObject(twin?.properties) ? twin.properties.desired : undefined
}

/** Exact, so that what is not asked for any more goes; a collection that was never asked for may hold anything. */
function sameCollection(found: unknown, wanted: unknown): boolean {
  if (!isObject(wanted)) return wanted === undefined || wanted === null
  const asked = Object.keys(wanted)
  const own = Object.entries(isObject(found) ? found : {}).filter(
    ([name]) => asked.includes(name) || !BOOKKEEPING.includes(name)
  )
  return isDeepStrictEqual(plain(Object.fromEntries(own)), plain(wanted))
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== null).map(plain)
  if (!isObject(value)) return value ?? undefined
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, plain(inner)])
  )
}

function isObject(value: unknown): value is Twin {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
