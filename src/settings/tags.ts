import { foldEnvironment } from './names.ts'
import { linesOf } from './parsers.ts'
import type { Complain } from './problems.ts'
import type { Ownership } from './settings.ts'

/** Tags that say whose a resource is. Never rename one: resources that carry the old name would become shared. */
const MANAGED_BY = 'managed-by'
const MANAGER = 'provision-azure-iot'
const REPOSITORY_ID = 'iot-repository-id'
const REPOSITORY = 'iot-repository'
const ENVIRONMENT = 'iot-environment'
const BRANCH = 'iot-branch'
/** On one resource of an environment: when a sweep may remove it, in ISO 8601. */
const EXPIRES = 'iot-expires'
const OURS = [MANAGED_BY, REPOSITORY_ID, REPOSITORY, ENVIRONMENT, BRANCH, EXPIRES]

const MOST_TAGS = 50
const LONGEST_NAME = 512
export const LONGEST_TAG_VALUE = 256
const FORBIDDEN = /[<>%&\\?/]/

/** Written only in the request that creates a resource. */
export function ownershipTags(ownership: Ownership): Record<string, string> {
  const { branch } = ownership
  return {
    [MANAGED_BY]: MANAGER,
    [REPOSITORY_ID]: ownership.repositoryId,
    [REPOSITORY]: cut(ownership.repository),
    [ENVIRONMENT]: cut(ownership.environment),
    ...(branch !== undefined && { [BRANCH]: cut(branch) })
  }
}

/** The tag by which every resource of a repository is found. */
export function repositoryTag({ repositoryId }: Ownership): readonly [string, string] {
  return [REPOSITORY_ID, repositoryId]
}

export function expiryTag(at: number): Record<string, string> {
  return { [EXPIRES]: new Date(at).toISOString() }
}

/** What a resource says of the environment that it was made for; undefined when this action did not make it. */
export interface Mark {
  readonly environment: string
  readonly branch: string | undefined
  /** Milliseconds since 1970; undefined without an expiry, or with one that cannot be read. */
  readonly expires: number | undefined
}

export function markOf(
  tags: Readonly<Record<string, string>> | undefined,
  { repositoryId }: Ownership
): Mark | undefined {
  const found = foldedNames(tags)
  const environment = found.get(ENVIRONMENT)
  const ours = found.get(MANAGED_BY) === MANAGER && found.get(REPOSITORY_ID) === repositoryId
  if (!ours || environment === undefined) return undefined
  const expires = Date.parse(found.get(EXPIRES) ?? '')
  return {
    environment,
    branch: found.get(BRANCH),
    expires: Number.isNaN(expires) ? undefined : expires
  }
}

export type Owner = 'ours' | 'shared' | 'foreign'

/** `shared` is what this action did not make; `foreign` what it made for another environment or repository. */
export function ownerOf(
  tags: Readonly<Record<string, string>> | undefined,
  ownership: Ownership
): Owner {
  const found = foldedNames(tags)
  if (found.get(MANAGED_BY) !== MANAGER) return 'shared'
  const sameRepository = found.get(REPOSITORY_ID) === ownership.repositoryId
  const environment = foldEnvironment(found.get(ENVIRONMENT) ?? '')
  const wanted = foldEnvironment(cut(ownership.environment))
  return sameRepository && environment === wanted ? 'ours' : 'foreign'
}

/** One `name=value` a line; the value may be empty and may itself contain `=`. */
export function parseTags(text: string, complain: Complain): Readonly<Record<string, string>> {
  const tags = new Map<string, string>()
  const seen = new Set<string>()
  // Values are left out of the messages: they are free text and may be anything.
  for (const line of linesOf(text)) {
    const at = line.indexOf('=')
    const name = (at < 0 ? line : line.slice(0, at)).trim()
    const value = line.slice(at + 1).trim()
    const rule = at < 1 || name === '' ? 'must be name=value, one a line' : brokenRule(name, value)
    if (rule !== undefined) complain(name, rule)
    else if (seen.has(fold(name))) complain(name, 'is given twice; tag names ignore case')
    else tags.set(name, value)
    seen.add(fold(name))
  }
  const room = MOST_TAGS - OURS.length
  if (tags.size > room) {
    complain(
      `${tags.size} tags`,
      `at most ${room}: Azure allows ${MOST_TAGS}, ${OURS.length} are ours`
    )
  }
  return Object.fromEntries(tags)
}

function brokenRule(name: string, value: string): string | undefined {
  if (OURS.includes(fold(name))) return 'is reserved: the action tells by it whose a resource is'
  if (name.length > LONGEST_NAME) return `a tag name has at most ${LONGEST_NAME} characters`
  if (FORBIDDEN.test(name)) return 'a tag name must not contain any of < > % & \\ ? /'
  if (value.length > LONGEST_TAG_VALUE) {
    return `a tag value has at most ${LONGEST_TAG_VALUE} characters, not ${value.length}`
  }
  return undefined
}

const foldedNames = (tags: Readonly<Record<string, string>> | undefined) =>
  new Map(Object.entries(tags ?? {}).map(([name, value]) => [fold(name), value]))

const fold = (name: string) => name.toLowerCase()

/** Never through the middle of a character that takes two code units. */
const cut = (value: string) => value.slice(0, LONGEST_TAG_VALUE).replace(/[\uD800-\uDBFF]$/, '')
