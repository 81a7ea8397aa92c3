/** Reading ARM resource ids. They compare without regard to case, hence `key`. */

export interface ArmId {
  readonly subscription: string | undefined
  readonly group: string | undefined
  /** `Microsoft.Devices`, in the spelling of the id; undefined for a group or subscription. */
  readonly provider: string | undefined
  /** `IotHubs` or `namespaces/credentials`. */
  readonly type: string | undefined
  readonly name: string | undefined
}

/** The form in which an id is a key: lower-case and without a trailing slash. */
export function key(id: string): string {
  return id.toLowerCase().replace(/\/+$/, '')
}

/** Blanks and case carry no meaning in a region's name ("East US" is eastus). */
export function sameLocation(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll(' ', '').toLowerCase()
  return plain(a) === plain(b)
}

/** True when `id` is `scope` or lies below it. The root scope `/` holds everything. */
export function within(id: string, scope: string): boolean {
  const [inner, outer] = [key(id), key(scope)]
  return inner === outer || inner.startsWith(`${outer}/`)
}

/** Takes a resource id or a request path apart; an extension resource wins over what it hangs on. */
export function parseId(id: string): ArmId {
  const match = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?/i.exec(id)
  const mark = id.toLowerCase().lastIndexOf('/providers/')
  const tail =
    mark < 0
      ? []
      : id
          .slice(mark + '/providers/'.length)
          .split('/')
          .filter(Boolean)
  const [provider, ...rest] = tail
  const types = rest.filter((_, index) => index % 2 === 0)
  const names = rest.filter((_, index) => index % 2 === 1)
  return {
    subscription: match?.[1],
    group: match?.[2],
    provider,
    type: types.length > 0 ? types.join('/') : undefined,
    name: names.at(-1) ?? (provider ? undefined : (match?.[2] ?? match?.[1]))
  }
}

/** True for the id of a resource group itself. */
export function isGroup(id: string): boolean {
  return groupId(id) === id
}

/** The id of the resource group that holds an id. */
export function groupId(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0]
}
