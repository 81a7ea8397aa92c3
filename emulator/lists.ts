import { ArmError } from './armError.ts'
import { isGroup, key, parseId } from './ids.ts'
import type { Call, Kernel, Reply, Resource } from './kernel.ts'

/** One page of a list, and the token with which the next one is asked for; none after the last. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
}

/**
 * Cuts a page out of a list. The token says after which key the page begins and not how many items went before: what is
 * deleted between two pages makes the next one skip nothing. Hence the order of the keys [INF].
 *
 * @throws ArmError 400 when the token is none of these [INF]
 */
export function pageOf<T>(
  items: ReadonlyMap<string, T>,
  size: number,
  token: string | undefined
): Page<T> {
  const after = token === undefined ? '' : readToken(token)
  const rest = [...items].filter(([name]) => name > after).sort(([a], [b]) => (a < b ? -1 : 1))
  const given = rest.slice(0, size)
  const last = given.at(-1)?.[0] ?? ''
  return {
    items: given.map(([, item]) => item),
    next: rest.length > size ? Buffer.from(last).toString('base64url') : undefined
  }
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('utf8')
  if (token !== '' && Buffer.from(name).toString('base64url') === token) return name
  throw new ArmError(400, 'InvalidSkipToken', `The skip token '${token}' is not valid.`)
}

/** A list of ARM, to be followed by `nextLink` (contract 2.1 and 20.2). @param show what it tells of each */
export function listed(
  { config }: Kernel,
  call: Call,
  resources: readonly Pick<Resource, 'id' | 'body'>[],
  show: (body: Resource['body']) => unknown = (body) => body
): Reply {
  const token = call.url.searchParams.get('$skiptoken') ?? undefined
  const byId = new Map(resources.map(({ id, body }) => [key(id), body]))
  const { items, next } = pageOf(byId, config().pageSize, token)
  const nextLink = next === undefined ? {} : { nextLink: linkTo(call.url, next) }
  return { status: 200, body: { value: items.map(show), ...nextLink } }
}

/**
 * What a list below a scope may tell its caller: all that is asked about, or of that what the caller may read.
 *
 * @param action what the caller must be allowed on the scope, unless lists are trimmed
 * @throws ArmError 403
 */
export function readable(
  { config, rbac }: Kernel,
  { caller }: Call,
  action: string,
  scope: string,
  resources: readonly Resource[]
): readonly Resource[] {
  const { objectId = '' } = caller ?? {}
  // Whoever has no grant there at all is refused either way [INF].
  if (!config().listsTrimmed || !rbac.reaches(objectId, scope)) {
    rbac.require(caller, action, scope)
    return resources
  }
  return resources.filter(({ id }) => rbac.allows(objectId, readOf(id), id))
}

function readOf(id: string): string {
  if (isGroup(id)) return 'Microsoft.Resources/subscriptions/resourceGroups/read'
  const { provider, type } = parseId(id)
  return `${provider}/${type}/read`
}

/** The same question once more, api-version and filter included, from another place on. */
function linkTo({ origin, pathname, search }: URL, token: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => !part.startsWith('$skiptoken='))
  return `${origin}${pathname}?${[...kept, `$skiptoken=${token}`].join('&')}`
}
