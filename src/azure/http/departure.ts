import { subscribe } from 'node:diagnostics_channel'

interface Sent {
  readonly method: string
  once(event: 'finish', done: () => void): void
}

/** Requests of this process that have been handed to the network whole. */
let gone = 0
const watchers = new Set<() => void>()

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: Sent }
  // Of a tunnel, the session and the request itself are still to come.
  if (request.method === 'CONNECT') return
  request.once('finish', () => {
    gone++
    for (const watcher of watchers) watcher()
  })
})

/** Longer than a tunnel and a TLS session take nearby; what cannot leave must not hold up anything else. */
const LONGEST_MS = 250

/**
 * When the time has come for what takes the processor for a while, such as reading a library: the service that was asked
 * thinks meanwhile, and before that, every millisecond would hold the request up.
 *
 * @param nth which request of this process has to be on its way, from 1
 * @param orElse ends the waiting as well, however it ends, where nothing is asked
 */
export async function departure(nth: number, orElse?: Promise<unknown>): Promise<void> {
  let watcher = () => {}
  const left = new Promise<void>((resolve) => {
    watcher = () => {
      if (gone >= nth) resolve()
    }
    watchers.add(watcher)
    watcher()
  })
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_MS))
  await Promise.race([left, late, ...(orElse ? [orElse.catch(() => undefined)] : [])])
  watchers.delete(watcher)
}
