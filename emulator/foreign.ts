import type { Reply, Routes } from './kernel.ts'

/** A host that is nobody's: whoever follows an address of it has handed over what it sent. */
export const FOREIGN_HOST = 'attacker.example'

/** A true answer in which one kind of address leads to the foreign host. */
export interface Foreign {
  readonly kind: 'foreign'
  /** The next page of a list, the headers of an operation, a redirect in the answer's place, or the host name of a DPS. */
  readonly address: 'nextLink' | 'operation' | 'redirect' | 'serviceHost'
  /** Of a redirect; 307 when absent. */
  readonly status?: 307 | 308
}

export function misled(reply: Reply, url: URL, { address, status = 307 }: Foreign): Reply {
  const elsewhere = `https://${FOREIGN_HOST}${url.pathname}${url.search}`
  const { headers = {}, body } = reply
  switch (address) {
    case 'redirect':
      return { status, headers: { location: elsewhere } }
    case 'nextLink':
      // GitHub's lists are bare, and the next page stands in a header.
      if (Array.isArray(body)) return { ...reply, headers: { link: `<${elsewhere}>; rel="next"` } }
      return { ...reply, body: { ...(body as object), nextLink: elsewhere } }
    case 'operation':
      return {
        ...reply,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [
            name,
            value.replace(/^https:\/\/[^/]+/, `https://${FOREIGN_HOST}`)
          ])
        )
      }
    case 'serviceHost':
      return { ...reply, body: withServiceHost(body) }
  }
}

function withServiceHost(body: unknown): unknown {
  const text = JSON.stringify(body ?? null)
  return JSON.parse(
    text.replace(
      /"serviceOperationsHostName":"[^"]*"/g,
      `"serviceOperationsHostName":"${FOREIGN_HOST}"`
    )
  )
}

/** It takes everything and says what a client would like to hear. */
export function registerForeign(routes: Routes): void {
  for (const method of ['GET', 'PUT', 'PATCH', 'POST', 'DELETE']) {
    routes.on(FOREIGN_HOST, method, '/*', () => ({
      status: 200,
      body: { status: 'Succeeded', value: [] }
    }))
  }
}
