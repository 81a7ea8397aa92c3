import { isPublicGuid, isPublicName } from './vocabulary.ts'

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/** What stands for ids and names: the same for the same one, whatever its case, and of one length, so that none begins another. */
export class Aliases {
  readonly #guids = new Map<string, string>()
  readonly #names = new Map<string, string>()

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
    if (text === '' || isPublicName(text)) return text
    if (isGuid(text)) return this.guids(text)
    return (
      this.#names.get(text.toLowerCase()) ??
      remember(this.#names, text, `alias-${numbered(this.#names, 5)}`)
    )
  }

  /** True for what an alias stands for. */
  knows(text: string): boolean {
    return this.#names.has(text.toLowerCase()) || this.#guids.has(text.toLowerCase())
  }

  /** Everything that an alias stands for, in lower case. */
  get secrets(): readonly string[] {
    return [...this.#guids.keys(), ...this.#names.keys()]
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
