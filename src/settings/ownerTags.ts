import { createHash } from 'node:crypto'
import { foldEnvironment } from './names.ts'
import {
  type Ownership,
  type RepositoryOwnership,
  SERVICE_VERSIONS,
  type ServiceVersion,
  TUTORIAL_VERSION
} from './settings.ts'

/** Tags that say whose a resource is. Never rename one: resources that carry the old name would become shared. */
const MANAGED_BY = 'managed-by'
const MANAGER = 'provision-azure-iot'
const REPOSITORY_ID = 'iot-repository-id'
const REPOSITORY = 'iot-repository'
const ENVIRONMENT = 'iot-environment'
/** Binds the others to the resource that they were written on: copied to another one, they prove nothing. */
const MARK = 'iot-mark'
/** On one resource of an environment: when a sweep may remove it, in ISO 8601. */
const EXPIRES = 'iot-expires'
/** On the same: the branch that the environment lives with. */
const BRANCH = 'iot-branch'

/** The model of the service that it was made by. */
const SERVICE_VERSION = 'iot-service-version'

export const OWNER_TAGS = [
  MANAGED_BY,
  REPOSITORY_ID,
  REPOSITORY,
  ENVIRONMENT,
  MARK,
  EXPIRES,
  BRANCH,
  SERVICE_VERSION
] as const

/** Azure's limit, in characters. */
export const LONGEST_TAG_VALUE = 256

export type Tags = Readonly<Record<string, string>>

/** What ownership is told by. */
export interface Tagged {
  /** ARM id. */
  readonly id: string
  readonly tags?: Tags | undefined
}

/** Written when a resource is created or adopted, on that resource alone. @param id its ARM id */
export function ownershipTags(ownership: Ownership, id: string): Tags {
  return {
    [MANAGED_BY]: MANAGER,
    [REPOSITORY_ID]: ownership.repositoryId,
    [REPOSITORY]: cut(ownership.repository),
    [ENVIRONMENT]: cut(ownership.environment),
    [MARK]: markTag(ownership, id)
  }
}

/** The tag by which every resource of a repository is found. */
export function repositoryTag({ repositoryId }: RepositoryOwnership): readonly [string, string] {
  return [REPOSITORY_ID, repositoryId]
}

/**
 * `ours`: this environment's, proven by the mark. `unproven`: the tags are this environment's, the mark is missing or does
 * not fit. `sibling`: another environment's of this repository, proven. `foreign`: made by this action for somebody else.
 * `shared`: not made by this action.
 */
export type Owner = 'ours' | 'unproven' | 'sibling' | 'foreign' | 'shared'

export function ownerOf({ id, tags }: Tagged, ownership: Ownership): Owner {
  const found = foldedNames(tags)
  if (found.get(MANAGED_BY) !== MANAGER) return 'shared'
  if (found.get(REPOSITORY_ID) !== ownership.repositoryId) return 'foreign'
  const environment = found.get(ENVIRONMENT) ?? ''
  const [mark] = (found.get(MARK) ?? '').split(' ')
  const fits = mark === markOf(ownership, environment, id)
  const same = foldEnvironment(environment) === foldEnvironment(cut(ownership.environment))
  if (same) return fits ? 'ours' : 'unproven'
  return fits ? 'sibling' : 'foreign'
}

/** Tags of another environment of this repository whose mark is missing or does not fit. */
export function seemsSibling({ tags }: Tagged, { repositoryId }: Ownership): boolean {
  const found = foldedNames(tags)
  return found.get(MANAGED_BY) === MANAGER && found.get(REPOSITORY_ID) === repositoryId
}

/** The environment that a resource says it was made for. */
export function environmentOf({ tags }: Tagged): string | undefined {
  return foldedNames(tags).get(ENVIRONMENT)
}

/** The repository that a resource says it was made for, as OWNER/NAME at that time. */
export function repositoryOf({ tags }: Tagged): string | undefined {
  return foldedNames(tags).get(REPOSITORY)
}

/** Two servers both have a repository 42, so the host is a part; ids compare without case (contract 2.1). */
function markOf({ host, repositoryId }: Ownership, environment: string, id: string): string {
  const parts = [host, repositoryId, foldEnvironment(cut(environment)), id.toLowerCase()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** The mark, and for people where it was made: only the mark is believed. */
function markTag(ownership: Ownership, id: string): string {
  return cut(`${markOf(ownership, ownership.environment, id)} ${placeOf(id)}`)
}

/** GROUP/NAME of an ARM id, with every name on the way. */
function placeOf(id: string): string {
  const [, group = '', rest = ''] =
    /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)(?:\/providers\/[^/]+\/(.*))?$/i.exec(id) ?? []
  const names = rest.split('/').filter((_part, index) => index % 2 === 1)
  return [group, ...names].join('/')
}

/** Where the mark of a resource says that it was made, as GROUP/NAME; undefined without a mark. */
export function markedAs({ tags }: Tagged): string | undefined {
  const mark = foldedNames(tags).get(MARK)
  return mark === undefined ? undefined : mark.replace(/^\S*\s*/, '') || 'another resource'
}

/** Remembers the model of the service. Written at creation only: what was made without it is not touched for its sake. */
export function serviceVersionTag(version: ServiceVersion): Tags {
  return { [SERVICE_VERSION]: version }
}

/**
 * The model of the service that a resource of this action was made by. Without the tag, an earlier release made it, which
 * knew the first model alone (contract B 11 has the signs in Azure itself).
 *
 * @returns `known` is undefined for a model that this release does not speak
 */
export function serviceVersionOf({ tags }: Tagged): {
  readonly text: string
  readonly known: ServiceVersion | undefined
} {
  const text = foldedNames(tags).get(SERVICE_VERSION) ?? TUTORIAL_VERSION
  return { text, known: SERVICE_VERSIONS.find((version) => version === text) }
}

/** How long an environment lives, as its carrier says. */
export interface Lifetime {
  /** Undefined when nothing is said. */
  readonly expires: { readonly text: string; readonly at: number | undefined } | undefined
  readonly branch: string | undefined
}

export function lifetimeOf({ tags }: Tagged): Lifetime {
  const found = foldedNames(tags)
  const text = found.get(EXPIRES)
  return {
    expires: text === undefined ? undefined : { text, at: instant(text) },
    branch: found.get(BRANCH)
  }
}

/** Tags that say it; `undefined` leaves one out. @param at milliseconds since 1970 */
export function lifetimeTags(at: number | undefined, branch: string | undefined): Tags {
  return {
    ...(at !== undefined && { [EXPIRES]: new Date(at).toISOString() }),
    ...(branch !== undefined && { [BRANCH]: branch })
  }
}

export const LIFETIME_TAGS = { expires: EXPIRES, branch: BRANCH } as const

/** Date, time and zone: `Date.parse` takes "7", "JIRA-12" and "soon 5" for years, months and days long gone. */
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/

/** @returns milliseconds since 1970; undefined for what is no instant in strict ISO 8601 */
export function instant(text: string): number | undefined {
  if (!ISO_8601.test(text)) return undefined
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  if (Number.isNaN(at)) return undefined
  // JavaScript takes 31 February for 3 March: the date has to come back as it went in.
  const [, date = '', zone = ''] = /^([\d-]{10})T.*?(Z|[+-]\d\d:?\d\d)$/.exec(text) ?? []
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const real = new Date(midnight).toISOString().startsWith(date)
  return real && zone !== '' ? at : undefined
}

const foldedNames = (tags: Tags | undefined) =>
  new Map(Object.entries(tags ?? {}).map(([name, value]) => [name.toLowerCase(), value]))

/** Never through the middle of a character that takes two code units. */
const cut = (value: string) => value.slice(0, LONGEST_TAG_VALUE).replace(/[\uD800-\uDBFF]$/, '')
