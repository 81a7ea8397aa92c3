import { createHmac } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

/** Seconds between two polls where Azure names none: `LROBasePolling(timeout=30)` of azure-core 1.x, which az waits by. */
const DEFAULT_POLL_S = 30
/** A command's own start: `az version` of azure-cli 2.91 on a fast machine; those of an extension take longer. */
const START_MS = 360
/** A person repeats what Azure refuses while a role is not in effect: the shortest step of contract 11.2. */
const AGAIN_MS = 15_000
/** Seconds that a signature of the DPS is good for: a day, as Azure's clock is ahead of this process's. */
const SIGNED_S = 86_400
const ARM = 'https://management.azure.com'

// biome-ignore lint/suspicious/noExplicitAny: answers of many services, whose shapes the contract tells.
export type Json = any

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** Azure refused; the message is what it said. */
class Refused extends Error {}

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, EMULATOR_SPEED } = process.env

/** Waits are Azure's; the limits of the HTTP client stay those of this machine. */
const wait = (ms: number) => setTimeout(ms / Number(EMULATOR_SPEED))

const tokens = new Map<string, Promise<string>>()

async function newToken(resource: string): Promise<string> {
  const url = `https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token`
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: AZURE_CLIENT_ID ?? '',
    client_secret: AZURE_CLIENT_SECRET ?? '',
    scope: `${resource}/.default`
  })
  const response = await fetch(url, { method: 'POST', body: form })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

/** az keeps a token for all its commands. */
async function bearer(resource: string): Promise<string> {
  const token = tokens.get(resource) ?? newToken(resource)
  tokens.set(resource, token)
  return `Bearer ${await token}`
}

/** Sends one request of a command. @throws Refused */
export async function send(
  method: string,
  url: string,
  { body, authorization }: { readonly body?: unknown; readonly authorization?: string } = {}
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: authorization ?? (await bearer(new URL(url).origin)),
      'content-type': 'application/json'
    },
    ...(body !== undefined && { body: JSON.stringify(body) })
  })
  const text = await response.text()
  if (!response.ok) throw new Refused(`${method} ${url}: ${response.status} ${text}`)
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text)
  }
}

/** Sends to Azure Resource Manager. @throws Refused */
export function arm(method: string, id: string, version: string, body?: unknown): Promise<Answer> {
  const joint = id.includes('?') ? '&' : '?'
  return send(method, `${ARM}${id}${joint}api-version=${version}`, { body })
}

/**
 * Sends, and waits for the operation as azure-core does: `Retry-After` before each poll, and after a PUT a look at what it
 * made.
 *
 * @throws Refused
 */
export async function finish(
  method: string,
  id: string,
  version: string,
  body?: unknown
): Promise<Json> {
  let answer = await arm(method, id, version, body)
  const status = answer.headers.get('azure-asyncoperation')
  const address = status ?? answer.headers.get('location')
  if (address === null) return answer.body
  const goesOn = () =>
    status === null ? answer.status === 202 : /InProgress|Running/.test(answer.body.status)
  do {
    await wait(1000 * Number(answer.headers.get('retry-after') ?? DEFAULT_POLL_S))
    answer = await send('GET', address)
  } while (goesOn())
  if (status !== null && answer.body.status !== 'Succeeded')
    throw new Refused(JSON.stringify(answer.body))
  return method === 'PUT' ? (await arm('GET', id, version)).body : answer.body
}

/** One command, repeated by its person while a role that it needs is not in effect. @throws Refused */
export async function command<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    await wait(START_MS)
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Refused && error.message.includes('IH400913'))) throw error
      await wait(AGAIN_MS)
    }
  }
}

/** A signature of the DPS at a host (contract 10). */
export function signed(host: string, policy: string, key: string): string {
  const scope = encodeURIComponent(host)
  const expiry = Math.floor(Date.now() / 1000) + SIGNED_S
  const sign = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${scope}\n${expiry}`)
    .digest('base64')
  return `SharedAccessSignature sr=${scope}&sig=${encodeURIComponent(sign)}&se=${expiry}&skn=${policy}`
}
