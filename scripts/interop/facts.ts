import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

const LISTS = new URL('./facts/', import.meta.url)

/** A fact on which two do not agree. */
export interface Difference {
  readonly fact: string
  readonly ours: unknown
  readonly theirs: unknown
}

/** What two programs are asked alike: the action, and one that others wrote. Each fact has a name. */
export class Facts {
  readonly differences: Difference[] = []
  readonly #seen = new Set<string>()

  /** The names of all that were compared. */
  get names(): readonly string[] {
    return [...this.#seen]
  }

  /**
   * Compares what the action says or did with what somebody else sees.
   *
   * @throws Error when the name was used before: two facts of one name are one fact too few
   */
  agree(fact: string, ours: unknown, theirs: unknown): void {
    if (this.#seen.has(fact)) throw new Error(`the fact '${fact}' was compared before`)
    this.#seen.add(fact)
    const [left, right] = [ours, theirs].map(plain)
    if (!isDeepStrictEqual(left, right)) this.differences.push({ fact, ours, theirs })
  }

  /** Several fields of one thing. @param ours by their place in what the others show, as in `sku.name` */
  fields(subject: string, ours: Readonly<Record<string, unknown>>, theirs: unknown): void {
    for (const [place, value] of Object.entries(ours))
      this.agree(`${subject} | ${place}`, value, at(theirs, place))
  }
}

/**
 * Compares names of facts with the committed list of a model, so that none is lost unnoticed.
 *
 * @param model name of the file below `facts/`
 * @param write makes the names the list; `add` leaves in it what was not compared this time
 * @returns what is wrong with it
 */
export function listed(
  model: string,
  names: readonly string[],
  write?: 'all' | 'add'
): readonly string[] {
  const list = fileURLToPath(new URL(`${model}.txt`, LISTS))
  const written = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : []
  const wanted = [...new Set(write === 'add' ? [...written, ...names] : names)]
  const known = write === undefined ? written : wanted.sort((a, b) => (a < b ? -1 : 1))
  if (write !== undefined) writeFileSync(list, `${known.join('\n')}\n`)
  return [
    ...known.filter((name) => !names.includes(name)).map((name) => `never compared: ${name}`),
    ...names.filter((name) => !known.includes(name)).map((name) => `not in the list: ${name}`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `compared by two stories: ${name}`)
  ]
}

/** The value at a place such as `properties.eventHubEndpoints.events.partitionCount` or `iotHubs[0].name`. */
export function at(value: unknown, place: string): unknown {
  return place
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value)
}

/** Ids have no case, absent and null are one, and lists of sets come in any order. */
function plain(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('/subscriptions/') ? value.toLowerCase() : value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .map(([name, inner]): [string, unknown] => [String(plain(name)), plain(inner)])
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )
}
