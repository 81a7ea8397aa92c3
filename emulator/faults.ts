import { readFileSync } from 'node:fs'
import { problems } from './strict.ts'

/** What goes wrong with a request. */
export type Effect =
  /** Answered without having any effect. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The connection breaks, before the request took effect or after: then its answer is lost. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** Half of the answer arrives. */
  | { readonly kind: 'truncate' }
  /** A proxy answers in Azure's place, with status 200 and a page for people. */
  | { readonly kind: 'html' }
  /** Emulated milliseconds until the request is looked at. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never answered; what waits for it can be killed. */
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }

export interface Fault {
  readonly method?: string
  /** Exact host name. */
  readonly host?: string
  /** Regular expression on path and query, case ignored. */
  readonly path?: string
  /** Which of the matching requests is the first to meet it, counting from 1. */
  readonly nth?: number
  /** How many matching requests meet it; one when absent. */
  readonly times?: number
  readonly effect: Effect
}

const schema = JSON.parse(
  readFileSync(new URL('./schemas/faults.json', import.meta.url), 'utf8')
) as object

/** The faults to come, each with what it has met so far. */
export class Faults {
  #list: { readonly fault: Fault; met: number }[] = []
  #held: (() => void)[] = []

  /** Replaces all faults; throws with everything that is wrong with them. */
  set(faults: unknown): void {
    const found = problems(schema, faults)
    if (found.length > 0) throw new Error(`not a valid list of faults: ${found.join(' ')}`)
    this.#list = (faults as readonly Fault[]).map((fault) => ({ fault, met: 0 }))
  }

  /** Resolves once a request hangs. */
  held(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve))
  }

  /** To be called when a request begins to hang. */
  hold(): void {
    for (const resolve of this.#held.splice(0)) resolve()
  }

  /** The fault that this request meets. */
  meet(method: string, url: URL): Effect | undefined {
    let effect: Effect | undefined
    for (const entry of this.#list) {
      const { fault } = entry
      const { nth = 1, times = 1 } = fault
      const matches =
        (fault.method === undefined || fault.method === method) &&
        (fault.host === undefined || fault.host === url.hostname) &&
        (fault.path === undefined || new RegExp(fault.path, 'i').test(url.pathname + url.search))
      if (!matches) continue
      entry.met++
      if (entry.met >= nth && entry.met < nth + times) effect ??= fault.effect
    }
    return effect
  }
}
