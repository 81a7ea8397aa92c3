// Sends one request, described as JSON on standard input, and prints the answer: NODE_USE_ENV_PROXY takes it to the emulator.
let text = ''
for await (const chunk of process.stdin) text += chunk
const { url, ...init } = JSON.parse(text)
const response = await fetch(url, init)
console.log(
  JSON.stringify({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.json().catch(() => null)
  })
)
