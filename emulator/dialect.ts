import { createHash } from 'node:crypto'
import type { Call, Reply } from './kernel.ts'

/** How properties that nobody has heard of begin; what is written back has to hold them. */
export const UNHEARD = 'unheardOf'

/** What a user wrote: neither Azure's words nor lists of Azure's. */
const DATA = ['tags', 'initialTwin']
/** Properties that an answer may have, and then says with `null` that it has not. */
const OPTIONAL = [
  'allocationWeight',
  'capabilities',
  'certificateAuthorityName',
  'certificateAuthorityResourceId',
  'certificatePolicyName',
  'credentialPolicyName',
  'deviceRegistry',
  'deviceRegistryNamespaces',
  'error',
  'etag',
  'hostName',
  'idScope',
  'identity',
  'initialTwin',
  'iotHubs',
  'issuer',
  'linkingError',
  'linkingProperties',
  'linkingState',
  'location',
  'messaging',
  'namespaceName',
  'nextLink',
  'outboundIdentity',
  'properties',
  'provisioning',
  'rights',
  'scope',
  'sku',
  'state',
  'status',
  'tags'
]
/** Properties whose texts are Azure's words or names, which have no case (contract 2.1). */
const WORDS = [
  'allocationPolicy',
  'authenticationType',
  'availability',
  'certificateAuthorityName',
  'certificateAuthorityType',
  'certificatePolicyName',
  'clientId',
  'credentialPolicyName',
  'deviceAddress',
  'deviceProvisioningHostName',
  'endpointType',
  'enrollmentGroupId',
  'externalDeviceId',
  'hostName',
  'iotHubs',
  'issuerType',
  'keyType',
  'level',
  'linkingState',
  'name',
  'namespace',
  'namespaceName',
  'principalId',
  'provisioningState',
  'provisioningStatus',
  'registrationState',
  'resourceType',
  'rights',
  'serviceOperationsHostName',
  'state',
  'status',
  'tier',
  'type'
]
/** Regions as people read them. */
const DISPLAYED: Readonly<Record<string, string>> = {
  eastus: 'East US',
  eastus2: 'East US 2',
  northeurope: 'North Europe',
  westeurope: 'West Europe'
}

type Draw = () => number

/**
 * Says what Azure says in the other ways in which Azure might: `null` for what is absent and among the items of lists, words
 * and ids in any case, regions by their display names, everything in any order, with properties that are new. It understands
 * its own words when they come back. The same seed says the same to the same question.
 */
export class Dialect {
  readonly #seed: () => string | null
  readonly #asked = new Map<string, number>()
  /** What was said, with what it means. */
  readonly #meaning = new Map<string, string>()

  /** @param seed null: the dialect of the contract */
  constructor(seed: () => string | null) {
    this.#seed = seed
  }

  reset(): void {
    this.#asked.clear()
    this.#meaning.clear()
  }

  /** A request as the service takes it. */
  heard(call: Call): Call {
    return this.#seed() === null ? call : { ...call, body: this.#understand(call.body) }
  }

  said({ method, url }: Pick<Call, 'method' | 'url'>, reply: Reply): Reply {
    const seed = this.#seed()
    if (seed === null || typeof reply.body !== 'object' || reply.body === null) return reply
    const question = `${method} ${url.hostname}${url.pathname}`.toLowerCase()
    const times = (this.#asked.get(question) ?? 0) + 1
    this.#asked.set(question, times)
    const draw = draws(`${seed}/${question}/${times}`)
    return { ...reply, body: this.#say(structuredClone(reply.body), '', draw) }
  }

  #say(value: unknown, name: string, draw: Draw): unknown {
    if (DATA.includes(name)) return isEmpty(value) && draw() < 0.5 ? null : value
    if (typeof value === 'string') return this.#word(value, name, draw)
    if (typeof value !== 'object' || value === null) return value
    if (isEmpty(value) && name !== '' && draw() < 0.5) return null
    if (Array.isArray(value)) {
      const items = value.map((one) => this.#say(one, name, draw))
      return shuffled(draw() < 0.5 ? [...items, null] : items, draw)
    }
    const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
      key.startsWith('/') ? String(this.#word(key, key, draw)) : key,
      this.#say(inner, key, draw)
    ])
    // Their names are those of what they hold, and so would be any other.
    if (name === 'userAssignedIdentities' || name === 'endpoints')
      return Object.fromEntries(entries)
    const absent = OPTIONAL.filter((key) => !(key in value) && draw() < 0.3)
    const unheard = { since: draw(), of: ['what', 'comes', 'next'] }
    return Object.fromEntries(
      shuffled(
        [
          ...entries,
          ...absent.map((key): [string, unknown] => [key, null]),
          ...(draw() < 0.5
            ? [[`${UNHEARD}${Math.trunc(draw() * 9)}`, unheard] as [string, unknown]]
            : [])
        ],
        draw
      )
    )
  }

  #word(text: string, name: string, draw: Draw): string | null {
    // The id of a role assignment tells its scope as well.
    if (name === 'scope' && draw() < 0.5) return null

    const said =
      name === 'location' || name === 'locations'
        ? draw() < 0.7
          ? (DISPLAYED[text] ?? text)
          : text
        : isId(text, name) || WORDS.includes(name)
          ? inAnyCase(text, draw)
          : text
    if (said !== text) this.#meaning.set(said, text)
    return said
  }

  #understand(value: unknown, name = ''): unknown {
    if (DATA.includes(name)) return value
    if (typeof value === 'string') return this.#meaning.get(value) ?? value
    if (Array.isArray(value)) return value.map((one) => this.#understand(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.startsWith(UNHEARD))
        .map(([key, inner]) => [this.#meaning.get(key) ?? key, this.#understand(inner, key)])
    )
  }
}

function isId(text: string, name: string): boolean {
  return text.startsWith('/subscriptions/') || (name === 'id' && /^[0-9a-f-]{36}$/i.test(text))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function inAnyCase(text: string, draw: Draw): string {
  const way = draw()
  if (way < 0.3) return text.toLowerCase()
  if (way < 0.6) return text.toUpperCase()
  if (way < 0.8) return text
  return [...text].map((one) => (draw() < 0.5 ? one.toUpperCase() : one.toLowerCase())).join('')
}

function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  return items
    .map((item) => [draw(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

/** Repeatable numbers from 0 to 1. */
function draws(seed: string): Draw {
  let block = createHash('sha256').update(seed).digest()
  let at = 0
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest()
      at = 0
    }
    const drawn = block.readUInt32BE(at) / 2 ** 32
    at += 4
    return drawn
  }
}
