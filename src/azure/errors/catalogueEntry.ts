/** A refusal that is known, and what to do about it. docs/troubleshooting.md is made of these. */
export interface CatalogueEntry {
  /** Azure's code, or a code inside its message: `IH400913`, `AADSTS700213`. */
  readonly code: string
  /** Narrows a code that means several things. */
  readonly pattern?: RegExp
  readonly meaning: string
  /** The next command or setting. */
  readonly advice: string
}
