// Sends the requests that come in, one as JSON on each line, and prints an answer on a line for each, in order.
import { createInterface } from 'node:readline'

for await (const line of createInterface({ input: process.stdin })) {
  const { url, ...init } = JSON.parse(line)
  const response = await fetch(url, init)
  console.log(
    JSON.stringify({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.json().catch(() => null)
    })
  )
}
