/**
 * Reads that are sent before it is known who needs their answers: what is observed one after the other is asked for at
 * once. Only while a reading lasts; after it, and for whoever asks a second time, everything is asked for anew.
 */
export class ReadAhead {
  #answers: Map<string, Promise<unknown>> | undefined

  /** @returns what `look` returns; reads are sent ahead while it looks */
  async during<T>(look: () => Promise<T>): Promise<T> {
    this.#answers = new Map()
    try {
      return await look()
    } finally {
      this.#answers = undefined
    }
  }

  /** Asks now for what will be taken later, once under each key. A failure is told to whoever takes it, and to nobody else. */
  ask(key: string, read: () => Promise<unknown>): void {
    if (this.#answers === undefined || this.#answers.has(key)) return
    const answer = read()
    answer.catch(() => {})
    this.#answers.set(key, answer)
  }

  /** @returns the answer that was asked for ahead, given out once; the one to `read` when there is none @throws what the read throws */
  take<T>(key: string, read: () => Promise<T>): Promise<T> {
    const ahead = this.#answers?.get(key) as Promise<T> | undefined
    this.#answers?.delete(key)
    return ahead ?? read()
  }

  /** @returns an answer that serves several; undefined when it was not asked for ahead, or failed */
  async peek<T>(key: string): Promise<T | undefined> {
    return (this.#answers?.get(key) as Promise<T> | undefined)?.catch(() => undefined)
  }
}
