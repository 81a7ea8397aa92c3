const ALIAS = /00000000-0000-4000-8000-\d{12}|alias-\d{5}/g

/** What the emulator has in the place of each alias of a recording: ids that it made, keys, addresses of operations. */
export class Bindings {
  readonly #known = new Map<string, string>()
  readonly #addresses = new Map<string, string>()

  bind(alias: string, actual: string): void {
    if (!this.#known.has(alias)) this.#known.set(alias, actual)
  }

  /** A text of the recording as the emulator takes it. */
  applied(text: string): string {
    return text.replace(ALIAS, (alias) => this.#known.get(alias) ?? alias)
  }

  /** The same for a whole body. */
  appliedTo(value: unknown): unknown {
    return value === undefined
      ? undefined
      : (JSON.parse(this.applied(JSON.stringify(value))) as unknown)
  }

  /** The address of the emulator that an answer gave in the place of a recorded one, or the one that the names make. */
  address(recorded: string): string {
    return this.#addresses.get(recorded) ?? this.applied(recorded)
  }

  /** Whether an answer gave the address, for its operation to be followed there. */
  isOperation(recorded: string): boolean {
    return this.#addresses.has(recorded)
  }

  learnAddress(recorded: string, actual: string): void {
    this.#addresses.set(recorded, actual)
    this.learn(recorded, actual)
  }

  /** Takes from two answers to the same request what stands in the same place. */
  learn(recorded: unknown, actual: unknown): void {
    if (typeof recorded === 'string' && typeof actual === 'string')
      this.#learnText(recorded, actual)
    else if (Array.isArray(recorded) && Array.isArray(actual)) {
      for (const [one, other] of this.pairs(recorded, actual)) this.learn(one, other)
    } else if (isObject(recorded) && isObject(actual)) {
      const names = new Map(Object.keys(actual).map((name) => [name.toLowerCase(), name]))
      for (const [name, value] of Object.entries(recorded)) {
        const other = names.get(this.applied(name).toLowerCase())
        if (other !== undefined) this.learn(value, actual[other])
      }
    }
  }

  /** Items of two lists that are about the same thing: of the same id or name, or each the only one. */
  pairs(
    recorded: readonly unknown[],
    actual: readonly unknown[]
  ): readonly (readonly [unknown, unknown])[] {
    if (recorded.length === 1 && actual.length === 1) return [[recorded[0], actual[0]]]
    const named = new Map(actual.map((item) => [nameOf(item), item]))
    return recorded.flatMap((item) => {
      const name = nameOf(item)
      const other = name && named.get(this.applied(name).toLowerCase())
      return other ? [[item, other] as const] : []
    })
  }

  #learnText(recorded: string, actual: string): void {
    const aliases = recorded.match(ALIAS)
    if (aliases === null) return
    const between = recorded
      .split(ALIAS)
      .map((text) => text.replace(/[$()*+./?[\\\]^{|}-]/g, '\\$&'))
    const values = new RegExp(`^${between.join('(.+?)')}$`, 'i').exec(actual)?.slice(1) ?? []
    for (const [index, value] of values.entries()) this.bind(aliases[index] as string, value)
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(item: unknown): string {
  if (typeof item === 'string') return item.toLowerCase()
  if (!isObject(item)) return ''
  return String(
    item.id ?? item.name ?? item.resourceType ?? item.enrollmentGroupId ?? ''
  ).toLowerCase()
}
