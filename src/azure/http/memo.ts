/** Answers that are asked for once: whoever asks while one is on its way gets the same. A failure is never remembered. */
export class Memo<T> {
  readonly #answers = new Map<string, Promise<T>>()

  /** @returns the answer under this key, asked for when there is none */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const asked = ask()
    this.#answers.set(key, asked)
    asked.catch(() => {
      if (this.#answers.get(key) === asked) this.#answers.delete(key)
    })
    return asked
  }

  /** What was told may be old: the next question is asked anew. */
  forget(): void {
    this.#answers.clear()
  }
}
