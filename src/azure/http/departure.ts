import { subscribe } from 'node:diagnostics_channel'

/** Done when the first request of this process has been handed to the network whole. */
const first = new Promise<void>((resolve) => {
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: { once(event: 'finish', done: () => void): void } }
    request.once('finish', resolve)
  })
})

/** Longer than a tunnel and a TLS session take nearby; what cannot leave must not hold up anything else. */
const LONGEST_MS = 250

/**
 * When the time has come for what takes the processor for a while, such as reading a library: the service that was asked
 * first thinks meanwhile, and before that, every millisecond would hold the request up.
 *
 * @param orElse ends the waiting as well, however it ends, where nothing is asked
 */
export async function departure(orElse: Promise<unknown>): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_MS))
  await Promise.race([first, orElse.catch(() => undefined), late])
}
