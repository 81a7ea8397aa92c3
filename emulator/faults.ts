import { readFileSync } from 'node:fs'
import type { Foreign } from './foreign.ts'
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
  /** The answer arrives a few bytes at a time, over so many emulated milliseconds. */
  | { readonly kind: 'trickle'; readonly ms: number }
  /** An answer without an end: one blank after the other, for as long as somebody listens. */
  | { readonly kind: 'drip' }
  /** The proxy opens no tunnel to the host: it refuses with the status, or says nothing at all where there is none. */
  | {
      readonly kind: 'tunnel'
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
    }
  /** A proxy answers in Azure's place, with status 200 and a page for people. */
  | { readonly kind: 'html' }
  /** Emulated milliseconds until the request is looked at. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never answered; what waits for it can be killed. */
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  /** The answer lacks the addresses at which the operation that has begun can be followed. */
  | { readonly kind: 'headless' }
  /** An address in the answer leads to a host that is none of Azure's. */
  | Foreign
  /** The operation that begins does not end well; a hanging one does not end at all. */
  | Doom

/** The end of a long-running operation that was not to succeed. */
export interface Doom {
  readonly kind: 'operation'
  readonly end: 'Failed' | 'Canceled' | 'never'
  /** What Azure gives as the reason of a failure. */
  readonly error?: { readonly code: string; readonly message: string }
  /** The status of the operation gives no reason at all (contract B, 6.6). */
  readonly silent?: boolean
  /** It has its effect all the same, and fails `operationEnd` after that, or does not end; otherwise it has none. */
  readonly late?: boolean
}

export interface Fault {
  readonly method?: string
  /** Exact host name. */
  readonly host?: string
  /** Regular expression on path and query, case ignored. */
  readonly path?: string
  /** Resource provider that the request is for: `Microsoft.Devices`. */
  readonly provider?: string
  /** Which of the matching requests is the first to meet it, counting from 1. */
  readonly nth?: number
  /** How many matching requests meet it; one when absent. */
  readonly times?: number
  /** An outage: instead of `times`, all matching requests meet it for so many emulated milliseconds after the first. */
  readonly lasts?: number
  readonly effect: Effect
}

const schema = JSON.parse(
  readFileSync(new URL('./schemas/faults.json', import.meta.url), 'utf8')
) as object

/** The faults to come, each with what it has met so far. */
export class Faults {
  readonly #now: () => number
  #list: { readonly fault: Fault; met: number; since?: number }[] = []
  #held: (() => void)[] = []

  /** @param now the emulated clock */
  constructor(now: () => number) {
    this.#now = now
  }

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

  /** The fault that this request meets; `CONNECT` is one to the proxy, which knows of nothing but the host. */
  meet(method: string, url: URL): Effect | undefined {
    let effect: Effect | undefined
    for (const entry of this.#list) {
      const { fault } = entry
      const tunnels = fault.effect.kind === 'tunnel'
      if (tunnels !== (method === 'CONNECT') || !matches(fault, method, url)) continue
      const { nth = 1, times = 1, lasts } = fault
      entry.met++
      if (entry.met < nth) continue
      entry.since ??= this.#now()
      const over =
        lasts === undefined ? entry.met >= nth + times : this.#now() > entry.since + lasts
      if (!over) effect ??= fault.effect
    }
    return effect
  }
}

function matches({ method, host, path, provider }: Fault, asked: string, url: URL): boolean {
  const provided = /^.*\/providers\/([^/]+)/i.exec(url.pathname)?.[1]
  return (
    (method === undefined || method === asked) &&
    (host === undefined || host === url.hostname) &&
    (path === undefined || new RegExp(path, 'i').test(url.pathname + url.search)) &&
    (provider === undefined || provider.toLowerCase() === provided?.toLowerCase())
  )
}
