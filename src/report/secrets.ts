/** A mask of three letters would turn the whole log into asterisks. */
const LEAST_MASKED = 4
/** No key, token or signature is shorter, and a short one would fall out of names that later steps read. */
const LEAST_REDACTED = 8

/** What must not be told: the runner masks it in the log, and nobody but us in comment, summary and outputs. */
export class Secrets {
  readonly #mask: (secret: string) => void
  readonly #known = new Set<string>()

  /** @param mask has the runner mask a text in the log */
  constructor(mask: (secret: string) => void) {
    this.#mask = mask
  }

  add(secret: string): void {
    if (secret.length < LEAST_MASKED) return
    this.#mask(secret)
    if (secret.length < LEAST_REDACTED) return
    // As it stands, within JSON, and within an address.
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      this.#known.add(form)
  }

  /** The text with asterisks in the place of all that was added; the longest first, for one may hold another. */
  redact(text: string): string {
    let redacted = text
    for (const secret of [...this.#known].sort((a, b) => b.length - a.length))
      redacted = redacted.replaceAll(secret, '***')
    return redacted
  }
}
