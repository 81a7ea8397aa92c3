import { setTimeout } from 'node:timers/promises'
import { parsed, textOf } from '../../emulator/body.ts'
import { startEmulator } from '../../emulator/index.ts'
import { type Exchange, keptHeaders } from '../../emulator/record.ts'
import type { Recording } from '../record/scrub.ts'
import { createUpstream, type Upstream } from '../record/upstream.ts'
import { Bindings } from './bindings.ts'
import { type Answer, type Difference, differences, isUnderWay } from './difference.ts'
import { SignedIn } from './signIn.ts'

/** What came of playing a recording. */
export interface Comparison {
  readonly played: number
  /** Requests that tell nothing of what the emulator should answer: throttled, unanswered, or asked again later. */
  readonly passedOver: number
  /** Each way in which an operation differs, with how often it did. */
  readonly differences: ReadonlyMap<string, { readonly difference: Difference; times: number }>
}

/** The emulator may take so many more tries to be where Azure was, with so many milliseconds between two. */
const TRIES = 100
const PAUSE_MS = 20

/** What the deploying identity of a canary may do, as the README gives it. */
const ROLES = ['Contributor', 'Role Based Access Control Administrator']

/** Plays each recorded request to an emulator of its own, which begins as empty as the recorded subscription did. */
export async function compare(recording: Recording): Promise<Comparison> {
  const azure = await startEmulator({ profile: 'instant' })
  const scope = `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}`
  azure.configure({ deployer: { grants: ROLES.map((role) => ({ role, scope })) } })
  const upstream = createUpstream(azure.env)
  try {
    const bindings = new Bindings()
    const { AZURE_SUBSCRIPTION_ID, AZURE_TENANT_ID, AZURE_CLIENT_ID } = azure.env
    const [principal] = azure.world.principals.keys()
    bindings.bind(recording.subscriptionId, AZURE_SUBSCRIPTION_ID ?? '')
    bindings.bind(recording.tenantId, AZURE_TENANT_ID ?? '')
    bindings.bind(recording.clientId, AZURE_CLIENT_ID ?? '')
    bindings.bind(recording.objectId, principal ?? '')
    const found = new Map<string, { difference: Difference; times: number }>()
    const player = { upstream, bindings, signedIn: new SignedIn(azure, upstream) }
    let played = 0
    for (const [index, exchange] of recording.exchanges.entries()) {
      if (isPassedOver(exchange, recording.exchanges.slice(index + 1), bindings)) continue
      played++
      for (const difference of await play(exchange, player)) {
        const name = Object.values(difference).join(' ')
        const known = found.get(name) ?? { difference, times: 0 }
        known.times++
        found.set(name, known)
      }
    }
    return { played, passedOver: recording.exchanges.length - played, differences: found }
  } finally {
    upstream.stop()
    await azure.stop()
  }
}

function isPassedOver(
  { method, url, status, responseBody }: Exchange,
  later: readonly Exchange[],
  bindings: Bindings
): boolean {
  if (status === 0 || status === 429 || status >= 500) return true
  const { status: word } = (responseBody ?? {}) as { readonly status?: unknown }
  if (bindings.isOperation(url) && (status === 202 || isUnderWay(word))) return true
  const again = later.some((one) => one.method === method && one.url === url)
  return method !== 'GET' && status >= 400 && again
}

interface Player {
  readonly upstream: Upstream
  readonly bindings: Bindings
  readonly signedIn: SignedIn
}

async function play(recorded: Exchange, player: Player): Promise<readonly Difference[]> {
  const { bindings, signedIn } = player
  const send = async () => ask(recorded, player)
  let answer = await send()
  for (let left = TRIES; left > 0 && isBehind(recorded, answer); left--) {
    await setTimeout(PAUSE_MS)
    answer = await send()
  }
  for (const name of ['location', 'azure-asyncoperation']) {
    const [azure, emulator] = [recorded.responseHeaders[name], answer.headers[name]]
    if (azure !== undefined && emulator !== undefined) bindings.learnAddress(azure, emulator)
  }
  bindings.learn(recorded.responseHeaders.etag, answer.headers.etag)
  bindings.learn(recorded.responseBody, answer.body)
  signedIn.learn(answer.body)
  return differences(recorded, answer, bindings)
}

/** Whether a read shows less than Azure showed, which the emulator may still come to. */
function isBehind({ method, status, responseBody }: Exchange, answer: Answer): boolean {
  if (method !== 'GET' || status >= 400) return false
  if (answer.status === 404 || answer.status === 202) return true
  const state = (body: unknown) => {
    const { status: word, properties } = (body ?? {}) as {
      readonly status?: unknown
      readonly properties?: { readonly provisioningState?: unknown }
    }
    return word ?? properties?.provisioningState
  }
  return isUnderWay(state(answer.body)) && !isUnderWay(state(responseBody))
}

async function ask(recorded: Exchange, { upstream, bindings, signedIn }: Player): Promise<Answer> {
  const url = new URL(bindings.address(recorded.url))
  const isForm = recorded.requestHeaders['content-type']?.includes('urlencoded') ?? false
  const authorization = await signedIn.authorization(
    recorded.requestHeaders.authorization,
    url.host
  )
  const conditions = Object.entries(recorded.requestHeaders)
    .filter(([name]) => /^if-(none-)?match$/.test(name))
    .map(([name, value]) => [name, bindings.applied(value)] as const)
  const answer = await upstream.send({
    method: recorded.method,
    url,
    headers: {
      ...(recorded.requestBody !== undefined && {
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json'
      }),
      ...(authorization !== undefined && { authorization }),
      ...Object.fromEntries(conditions)
    },
    body: isForm
      ? await form(recorded.requestBody, bindings, signedIn)
      : (JSON.stringify(bindings.appliedTo(recorded.requestBody)) ?? '')
  })
  return {
    status: answer.statusCode ?? 0,
    headers: keptHeaders(answer.headers),
    body: parsed(await textOf(answer), answer.headers['content-type'])
  }
}

/** A request for a token, with an assertion that is good here; what the library tells of itself and asks for stays out. */
async function form(body: unknown, bindings: Bindings, signedIn: SignedIn): Promise<string> {
  const { claims: _claims, ...fields } = bindings.appliedTo(body) as Record<string, string>
  const assertion = fields.client_assertion && { client_assertion: await signedIn.assertion() }
  return String(new URLSearchParams({ ...fields, ...assertion }))
}
