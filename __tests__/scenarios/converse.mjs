// Sends the requests that come in, one as JSON on each line with a number of its own, and prints for each a line with that
// number and the answer, or why there was none. NODE_USE_ENV_PROXY takes them to the emulator.
import { createInterface } from 'node:readline'

async function answered({ url, headers, ...init }) {
  // Each on a connection of its own, as if somebody else had asked before.
  const response = await fetch(url, { ...init, headers: { ...headers, connection: 'close' } })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.json().catch(() => null)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...request } = JSON.parse(line)
  answered(request).then(
    (answer) => console.log(JSON.stringify({ id, answer })),
    (error) => console.log(JSON.stringify({ id, error: String(error.cause ?? error) }))
  )
}
