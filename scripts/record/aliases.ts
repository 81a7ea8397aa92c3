import { isPublicGuid, isPublicName } from './vocabulary.ts'

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/** What stands for ids and names: the same for the same one, whatever its case, and of one length, so that none begins another. */
export class Aliases {
  readonly #guids = new Map<string, string>()
  readonly #names = new Map<string, string>()
  /** Names that stood where a name stands. */
  readonly #given = new Set<string>()
  /** What stood under a word of the service, and was kept. */
  readonly #words = new Set<string>()

  /** A GUID that is nobody's, in the place of each that is not everybody's; the rest of the text stays. */
  guids(text: string): string {
    return text.replace(GUID, (guid) =>
      isPublicGuid(guid)
        ? guid
        : (this.#guids.get(guid.toLowerCase()) ??
          remember(this.#guids, guid, `00000000-0000-4000-8000-${numbered(this.#guids, 12)}`))
    )
  }

  /** A name that tells nothing, in the place of one that is not everybody's. */
  name(text: string): string {
    this.#given.add(text.toLowerCase())
    return this.text(text)
  }

  /** The same for what stands where nobody knows what stands there: a name, or a word of the service. */
  text(text: string): string {
    if (text === '' || isPublicName(text)) return text
    if (isGuid(text)) return this.guids(text)
    return (
      this.#names.get(text.toLowerCase()) ??
      remember(this.#names, text, `alias-${numbered(this.#names, 5)}`)
    )
  }

  /** A word of the service, which stays; ids in it do not. */
  word(text: string): string {
    this.#words.add(text.toLowerCase())
    return this.guids(text)
  }

  /** True for what an alias stands for. */
  knows(text: string): boolean {
    return this.#names.has(text.toLowerCase()) || this.#guids.has(text.toLowerCase())
  }

  /** Everything that an alias stands for and nobody may be told, in lower case: a word may have stood in an unknown place too. */
  get secrets(): readonly string[] {
    const names = [...this.#names.keys()]
    return [
      ...this.#guids.keys(),
      ...names.filter((name) => this.#given.has(name) || !this.#words.has(name))
    ]
  }
}

export function isGuid(text: string): boolean {
  return text.length === 36 && text.replace(GUID, '') === ''
}

/** Whether a text is an alias, and so nothing that a service said. */
export function isAlias(text: string): boolean {
  return /^(00000000-0000-4000-8000-\d{12}|alias-\d{5})$/.test(text)
}

function numbered(map: ReadonlyMap<string, string>, digits: number): string {
  return String(map.size + 1).padStart(digits, '0')
}

function remember(map: Map<string, string>, text: string, alias: string): string {
  map.set(text.toLowerCase(), alias)
  return alias
}
