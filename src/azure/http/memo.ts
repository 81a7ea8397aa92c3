/** Answers that are asked for once: whoever asks while one is on its way gets the same. A failure is never remembered. */
export class Memo<T> {
  readonly #answers = new Map<string, Promise<T>>()

  /**
   * @param keep whether an answer is worth remembering; every one is when absent
   * @returns the answer under this key, asked for when there is none
   */
  get(key: string, ask: () => Promise<T>, keep: (answer: T) => boolean = () => true): Promise<T> {
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const asked = ask()
    this.#answers.set(key, asked)
    const drop = () => {
      if (this.#answers.get(key) === asked) this.#answers.delete(key)
    }
    asked.then((answer) => {
      if (!keep(answer)) drop()
    }, drop)
    return asked
  }

  /** What was told may be old: the next question is asked anew. @param key of one answer; all when absent */
  forget(key?: string): void {
    if (key === undefined) this.#answers.clear()
    else this.#answers.delete(key)
  }
}
