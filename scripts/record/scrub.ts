import type { Exchange } from '../../emulator/record.ts'
import { scrubbedAddress, scrubbedText, scrubbedUrl } from './addresses.ts'
import { Aliases, isAlias } from './aliases.ts'
import { hasOwnKeys, isWord } from './vocabulary.ts'

/** What Azure was asked and said, with aliases for everything that is somebody's. */
export interface Recording {
  readonly version: 1
  readonly subscriptionId: string
  readonly tenantId: string
  /** The identity that signed in: as an application, and as a principal. */
  readonly clientId: string
  readonly objectId: string
  readonly exchanges: readonly Exchange[]
}

const ISO_DATE = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?$/
const ISO_DURATION = /^P(T?\d+[YMDHS])+$/
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ GMT$/
/** A word of a service, or a list of them; anything else under the same property is somebody's. */
const WORD = /^[\w .,:/*$-]{1,120}$/

/** Headers whose values say how a service behaves. */
const TELLING = /^(content-type|retry-after|x-ms-error-code|x-ms-failure-cause)$/

/** @throws Error when something of what the aliases stand for is still in it */
export function scrubbed(
  exchanges: readonly Exchange[],
  principals: ReadonlySet<string>
): Recording {
  const aliases = new Aliases()
  const found = (pattern: RegExp) =>
    aliases.guids(exchanges.map(({ url }) => pattern.exec(url)?.[1]).find(Boolean) ?? '')
  const clientId = exchanges
    .map(({ requestBody }) => (requestBody as { client_id?: string } | undefined)?.client_id)
    .find(Boolean)
  const recording: Recording = {
    version: 1,
    subscriptionId: found(/\/subscriptions\/([0-9a-f-]{36})/i),
    tenantId: found(/\/([0-9a-f-]{36})\/oauth2\//i),
    clientId: aliases.guids(clientId ?? ''),
    objectId: aliases.guids([...principals][0] ?? ''),
    // Twice: a message is only readable to who knows every name, also those that came later.
    exchanges: [0, 1].map(() => exchanges.map((one) => scrubbedExchange(one, aliases)))[1] ?? []
  }
  const left = leaks(JSON.stringify(recording.exchanges), aliases)
  if (left.length > 0)
    throw new Error(`${left.length} ids or names were left in the recording: it is not kept`)
  return recording
}

function scrubbedExchange(exchange: Exchange, aliases: Aliases): Exchange {
  const { requestBody, responseBody } = exchange
  return {
    ...exchange,
    url: scrubbedUrl(exchange.url, aliases),
    host: new URL(scrubbedUrl(`https://${exchange.host}`, aliases)).host,
    requestHeaders: scrubbedHeaders(exchange.requestHeaders, aliases),
    ...(requestBody !== undefined && { requestBody: scrubbedValue(requestBody, TOP, aliases) }),
    responseHeaders: scrubbedHeaders(exchange.responseHeaders, aliases),
    ...(responseBody !== undefined && {
      responseBody: scrubbedValue(responseBody, TOP, aliases)
    })
  }
}

function scrubbedHeaders(
  headers: Readonly<Record<string, string>>,
  aliases: Aliases
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, scrubbedHeader(name, value, aliases)])
  )
}

function scrubbedHeader(name: string, value: string, aliases: Aliases): string {
  if (TELLING.test(name)) return value
  if (/^(location|azure-asyncoperation)$/.test(name)) return scrubbedText(value, aliases)
  if (/^(etag|if-match|if-none-match)$/.test(name))
    return value === '*' ? value : `"${aliases.name(value.replaceAll('"', ''))}"`
  if (/authenticat|authorization/.test(name)) return `${value.split(' ')[0]} …`
  return '…'
}

/** Where a value stands in a body: under which property, in which property, and whether that is one which somebody named. */
interface Place {
  readonly property: string
  readonly parent: string
  readonly isNamed: boolean
}

const TOP: Place = { property: '', parent: '', isNamed: false }

function scrubbedValue(value: unknown, place: Place, aliases: Aliases): unknown {
  if (typeof value === 'string') return scrubbedString(value, place, aliases)
  if (Array.isArray(value)) return value.map((item) => scrubbedValue(item, place, aliases))
  if (typeof value !== 'object' || value === null) return value
  const isNamed = hasOwnKeys(place.property, place.parent)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      isNamed || !/^[@$.\w-]{1,60}$/.test(key) ? scrubbedText(key, aliases) : key,
      scrubbedValue(inner, { property: key, parent: place.property, isNamed }, aliases)
    ])
  )
}

function scrubbedString(text: string, place: Place, aliases: Aliases): string {
  const { property, parent, isNamed } = place
  if (text === '' || [ISO_DATE, HTTP_DATE, ISO_DURATION].some((one) => one.test(text))) return text
  const isGiven = isNamed || (/^name$/i.test(property) && !isWord(property, parent))
  if (isGiven) return scrubbedText(text, aliases)
  if (isWord(property, parent) && WORD.test(text)) return aliases.word(text)
  if (/^(message|error_description)$/i.test(property)) return readable(text, aliases)
  return scrubbedAddress(text, aliases) ?? aliases.text(text)
}

/** A message without anything that is not a word of plain English or the name of a type. */
function readable(text: string, aliases: Aliases): string {
  return text
    .split(/(\s+|["'(),;:[\]{}])/)
    .map((token) =>
      /^(\s*|[A-Za-z]+[.!?]?|["'(),;:[\]{}]|microsoft\.[a-z/.]+)$/i.test(token) &&
      !token.split(/[/.!?]/).some((part) => aliases.knows(part))
        ? token
        : '…'
    )
    .join('')
}

/** What is still told: an id that is no alias, a key, or a name that an alias stands for. */
function leaks(text: string, aliases: Aliases): readonly string[] {
  const guids = text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? []
  const keys = text.match(/[A-Za-z0-9+/_-]{43,}={0,2}/g) ?? []
  const lower = text.toLowerCase()
  return [
    ...guids.filter((guid) => !isAlias(guid) && aliases.guids(guid) !== guid),
    ...keys.filter((key) => /\d/.test(key) && /[A-Z]/.test(key) && !key.includes('/')),
    // Words that are as short as this stand in anything.
    ...aliases.secrets.filter((secret) => secret.length > 7 && lower.includes(secret))
  ]
}
