import type { Exchange } from '../../emulator/record.ts'
import { hasOwnKeys, isWord } from '../record/vocabulary.ts'
import { type Bindings, isObject } from './bindings.ts'

/** A way in which the emulator answers otherwise than Azure did. */
export interface Difference {
  /** The operation, without names: `GET Microsoft.Devices/IotHubs`. */
  readonly operation: string
  readonly kind: 'status' | 'header' | 'shape' | 'word'
  readonly text: string
}

/** An answer of the emulator's. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Headers that a client of Azure goes by. */
const HEADERS = [
  ...['location', 'azure-asyncoperation', 'retry-after', 'etag', 'www-authenticate'],
  ...['content-type', 'x-ms-error-code']
]

/** Words for what is not done yet: how far a service had got is a matter of time. */
const UNDER_WAY =
  /^(Accepted|Activating|Creating|Created|Updating|Provisioning|Running|InProgress|Deleting|Transitioning|Registering|ActivationInProgress)$/i

export function isUnderWay(word: unknown): boolean {
  return typeof word === 'string' && UNDER_WAY.test(word)
}

/** Whether a resource tells that Azure is still at work on it. */
function isUnfinished(body: unknown): boolean {
  const properties = isObject(body) ? body.properties : undefined
  return (
    isObject(properties) &&
    ['provisioningState', 'state'].some((name) => isUnderWay(properties[name]))
  )
}

/** Everything in which two answers to the same request differ. */
export function differences(
  recorded: Exchange,
  actual: Answer,
  bindings: Bindings
): readonly Difference[] {
  const operation = operationOf(recorded)
  const told = (kind: Difference['kind']) => (text: string) => ({ operation, kind, text })
  if (recorded.status !== actual.status)
    return [told('status')(`Azure ${recorded.status}, the emulator ${actual.status}`)]
  // What is still being made has not all of its properties yet.
  const alike =
    recorded.method !== 'GET' || isUnfinished(recorded.responseBody) === isUnfinished(actual.body)
  return [
    ...headers(recorded.responseHeaders, actual.headers).map(told('header')),
    ...(alike ? shapes(recorded.responseBody, actual.body) : []).map(told('shape')),
    ...words(recorded.responseBody, actual.body, bindings).map(told('word'))
  ]
}

/** What was asked, without names. */
export function operationOf({ method, url }: Pick<Exchange, 'method' | 'url'>): string {
  const { host, pathname } = new URL(url)
  const path = pathname
    .replace(/00000000-0000-4000-8000-\d{12}|alias-\d{5}/g, '*')
    .replace(/\/locations\/\w+/, '/locations/*')
  return `${method} ${host.replace(/^alias-\d{5}/, '*')}${path}`
}

function headers(
  recorded: Readonly<Record<string, string>>,
  actual: Readonly<Record<string, string>>
): readonly string[] {
  const plain = (text: string | undefined) => text?.split(/[; ]/)[0]?.toLowerCase()
  return HEADERS.flatMap((name) => {
    const [azure, emulator] = [recorded[name], actual[name]]
    if (azure === undefined && emulator === undefined) return []
    if (azure === undefined) return [`${name}: only the emulator sends it`]
    if (emulator === undefined) return [`${name}: only Azure sends it`]
    const compared = ['content-type', 'www-authenticate', 'x-ms-error-code'].includes(name)
    return compared && plain(azure) !== plain(emulator)
      ? [`${name}: Azure ${plain(azure)}, the emulator ${plain(emulator)}`]
      : []
  })
}

function shapes(recorded: unknown, actual: unknown): readonly string[] {
  const [azure, emulator] = [shapeOf(recorded), shapeOf(actual)]
  const one = (
    from: ReadonlyMap<string, string>,
    to: ReadonlyMap<string, string>,
    text: string
  ): string[] =>
    [...from]
      .filter(([path]) => !to.has(path) && to.get(parentOf(path)) === from.get(parentOf(path)))
      // Of an empty list nobody knows what would be in it.
      .filter(([path]) => !path.endsWith('[]'))
      .map(([path, type]) => `${path} (${type}): ${text}`)
  return [
    ...one(azure, emulator, 'only Azure has it'),
    ...one(emulator, azure, 'only the emulator has it'),
    ...[...azure]
      .filter(([path, type]) => emulator.has(path) && emulator.get(path) !== type)
      .map(([path, type]) => `${path}: Azure ${type}, the emulator ${emulator.get(path)}`)
  ]
}

function parentOf(path: string): string {
  return path.endsWith('[]') ? path.slice(0, -2) : path.slice(0, Math.max(0, path.lastIndexOf('.')))
}

/** The type of everything in a body, by its path; items of a list share one. */
function shapeOf(body: unknown): ReadonlyMap<string, string> {
  const shape = new Map<string, string>()
  const walk = (value: unknown, path: string, property: string, parent: string): void => {
    shape.set(path, Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)
    if (Array.isArray(value)) for (const item of value) walk(item, `${path}[]`, property, parent)
    else if (isObject(value))
      for (const [name, inner] of Object.entries(value))
        walk(inner, `${path}.${areNames(property, parent) ? '*' : name}`, name, property)
  }
  if (body !== undefined) walk(body, '', '', '')
  return shape
}

/** Whether a comparison has nothing to say of the keys below a property; those of an error's `info` are as free as names. */
function areNames(property: string, parent: string): boolean {
  return hasOwnKeys(property, parent) || /^info$/i.test(property)
}

function words(recorded: unknown, actual: unknown, bindings: Bindings): readonly string[] {
  const found: string[] = []
  const walk = (
    azure: unknown,
    emulator: unknown,
    path: string,
    [property, parent]: readonly [string, string]
  ): void => {
    if (Array.isArray(azure) && Array.isArray(emulator)) {
      for (const [one, other] of bindings.pairs(azure, emulator))
        walk(one, other, `${path}[]`, [property, parent])
      return
    }
    if (!isObject(azure) || !isObject(emulator)) return
    const named = areNames(property, parent)
    for (const [name, word] of Object.entries(azure)) {
      const other = emulator[bindings.applied(name)]
      if (!named && isWord(name, property) && isPlain(word) && isPlain(other)) {
        if (word !== other && !(isUnderWay(word) && !isWrong(other)))
          found.push(`${path}.${name}: Azure ${word}, the emulator ${other}`)
      } else walk(word, other, `${path}.${named ? '*' : name}`, [name, property])
    }
  }
  walk(recorded, actual, '', ['', ''])
  return found
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

/** An end that nothing under way was to come to. */
function isWrong(word: unknown): boolean {
  return /^(Failed|Canceled|Error)/i.test(String(word))
}
