import type { Call, Clock, Reply } from './kernel.ts'

interface Memory {
  readonly reply: Reply
  readonly until: number
}

/** Replicas that lag behind: for a while after each write, reads of that one resource answer what was there before it. */
export class Replicas {
  readonly #clock: Clock
  readonly #lag: () => number
  readonly #memories = new Map<string, Memory[]>()

  /** @param lag emulated milliseconds that a read lags behind a write */
  constructor(clock: Clock, lag: () => number) {
    this.#clock = clock
    this.#lag = lag
  }

  /** To be called before a write. @param read answers as a read of the resource would now */
  async remember(call: Call, read: () => Promise<Reply>): Promise<void> {
    const lag = this.#lag()
    if (lag === 0) return
    const reply = structuredClone(await read())
    // What the caller may not see, it does not get to see later either.
    if (reply.status !== 200 && reply.status !== 404) return
    const until = this.#clock.now() + lag
    this.#memories.set(place(call), [...this.#alive(call), { reply, until }])
  }

  /** What a read gets to see instead of the truth. */
  recall(call: Call): Reply | undefined {
    return this.#alive(call)[0]?.reply
  }

  reset(): void {
    this.#memories.clear()
  }

  #alive(call: Call): readonly Memory[] {
    const now = this.#clock.now()
    return (this.#memories.get(place(call)) ?? []).filter(({ until }) => until > now)
  }
}

function place({ host, url }: Call): string {
  return `${host}${url.pathname}`.toLowerCase()
}
