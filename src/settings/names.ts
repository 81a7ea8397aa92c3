import { createHash } from 'node:crypto'
import { RESERVED_WORDS } from './nameRules.ts'

/**
 * Names of an environment's resources. They find the environment again on the next run, so within a major version they
 * never change; the golden test holds them.
 */

export interface Names {
  readonly 'resource-group': string
  readonly identity: string
  readonly namespace: string
  readonly hub: string
  readonly dps: string
  readonly 'enrollment-group': string
}

/**
 * 50 bits in five-bit letters. Hub and DPS names are one name space for all of Azure and most stems are `main` or
 * `pr-1`: with a million environments of one stem the odds that any two of them collide are n²/2^51, 1 in 2,000; eight
 * letters would make it 1 in 3.
 */
const HASH_LENGTH = 10
/** Crockford's base 32: no letter that looks like a digit and too few vowels to spell a reserved word. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'
/** One cut for every kind, so that an environment's resources look alike; a hub's 50 characters are the narrowest. */
const STEM_LENGTH = 32

/** What names derive from, besides the environment. */
export interface NameSource {
  readonly subscriptionId: string
  /** The repository's name is left out on purpose: it may be renamed or transferred, its id stays. */
  readonly repositoryId: string
  /** Host of the GitHub server, where it is not GitHub's own. */
  readonly host: string
}

export function deriveNames(environment: string, source: NameSource): Names {
  const hash = hashOf(identifying(environment, source))
  const tail = `${stem(environment)}-${hash}`
  return {
    'resource-group': `rg-iot-${tail}`,
    identity: `id-iot-${tail}`,
    namespace: `adr-${tail}`,
    hub: `hub-${tail}`,
    dps: `dps-${tail}`,
    'enrollment-group': `enroll-${tail}`
  }
}

/** Host of GitHub's own server. */
export const GITHUB_HOST = 'github.com'

const PREFIXES = { hub: 'hub', 'enrollment-group': 'enroll' } as const

/** Name of one of several hubs or enrollment groups of an environment, told apart by a short key. */
export function deriveKeyed(
  kind: keyof typeof PREFIXES,
  key: string,
  environment: string,
  source: NameSource
): string {
  const hash = hashOf([...identifying(environment, source), key])
  const readable = stem(environment)
    .slice(0, STEM_LENGTH - key.length - 1)
    .replace(/-+$/, '')
  return `${PREFIXES[kind]}-${readable}-${key}-${hash}`
}

/** True for a name that derives from the environment by some key, or by none. */
export function couldDerive(
  kind: keyof typeof PREFIXES,
  name: string,
  environment: string,
  source: NameSource
): boolean {
  if (name === deriveNames(environment, source)[kind]) return true
  const [prefix = '', ...parts] = name.split('-')
  if (prefix !== PREFIXES[kind]) return false
  const body = parts.slice(0, -1)
  return body.some((_part, index) => {
    const key = body.slice(index).join('-')
    return name === deriveKeyed(kind, key, environment, source)
  })
}

/** github.com contributes nothing, so that names derived before there were other servers stay. */
function identifying(
  environment: string,
  { subscriptionId, repositoryId, host }: NameSource
): readonly string[] {
  const server = host === GITHUB_HOST ? [] : [`@${host}`]
  return [subscriptionId.toLowerCase(), repositoryId, ...server, foldEnvironment(environment)]
}

function hashOf(identifying: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(identifying)).digest()
  return Array.from(digest.subarray(0, HASH_LENGTH), (byte) => LETTERS[byte % 32]).join('')
}

/** GitHub and Azure ignore case, and one accented letter has two spellings in Unicode: neither makes another environment. */
export function foldEnvironment(environment: string): string {
  return environment.normalize('NFC').toLowerCase().normalize('NFC')
}

/** Latin letters that Unicode does not take apart into a base letter and a mark. */
const SPELT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i'
}

/** The readable part; two environments may share it, the hash tells them apart. */
function stem(environment: string): string {
  const plain = foldEnvironment(environment)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => SPELT[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
  return withoutReserved(plain).replace(/^-+/, '').slice(0, STEM_LENGTH).replace(/-+$/, '') || 'env'
}

/** A branch `fix/windows-build` must not fail with `ReservedResourceName`: keep the word's first letter. */
function withoutReserved(text: string): string {
  const shorter = RESERVED_WORDS.reduce((name, word) => name.replaceAll(word, word[0] ?? ''), text)
  return shorter === text ? text : withoutReserved(shorter)
}
