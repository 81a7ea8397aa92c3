/** ARM resource ids: `/subscriptions/{s}[/resourceGroups/{g}]/providers/{namespace}/{type}/{name}[/{type}/{name}…]`. */

export interface ResourceId {
  readonly subscriptionId: string
  /** Undefined for what belongs to the subscription itself, such as a role definition. */
  readonly resourceGroup: string | undefined
  /** Provider and types, as in `Microsoft.Devices/IotHubs`; a child's has one part more for each level. */
  readonly type: string
  /** One name a type, outermost first. */
  readonly names: readonly [string, ...string[]]
}

const HEAD = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/providers\/([^/]+)\/(.+)$/i
/** Characters that no segment of an id has but a URL or a pasted line does. */
const FOREIGN = /[\s?#%&<>\\]/

/** Undefined when the text is not an id of a resource below a subscription. */
export function parseResourceId(text: string): ResourceId | undefined {
  if (FOREIGN.test(text)) return undefined
  const [, subscriptionId, resourceGroup, provider, rest] = HEAD.exec(text) ?? []
  if (subscriptionId === undefined || provider === undefined || rest === undefined) return undefined
  const segments = rest.split('/')
  if (segments.length % 2 === 1 || segments.includes('')) return undefined
  const types = segments.filter((_, index) => index % 2 === 0)
  const [first, ...more] = segments.filter((_, index) => index % 2 === 1)
  if (first === undefined) return undefined
  return {
    subscriptionId,
    resourceGroup,
    type: [provider, ...types].join('/'),
    names: [first, ...more]
  }
}

export function formatResourceId({ subscriptionId, resourceGroup, type, names }: ResourceId) {
  const [provider, ...types] = type.split('/')
  const group = resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`
  const path = types.map((part, index) => `/${part}/${names[index]}`).join('')
  return `/subscriptions/${subscriptionId}${group}/providers/${provider}${path}`
}

export function groupId(subscriptionId: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${name}`
}

/** Id of the resource group that a resource lies in. */
export function groupIdOf(id: string): string {
  return /^.*?\/resourceGroups\/[^/]+/i.exec(id)?.[0] ?? id
}

/** True for the same resource, and for what lies below it; a link of a DPS is written `DPS#HUB`. */
export function liesIn(inner: string, outer: string): boolean {
  const [a, b] = [inner.toLowerCase(), outer.toLowerCase()]
  return a === b || a.startsWith(`${b}/`) || a.startsWith(`${b}#`)
}

/** ARM keeps the case that it was given in one answer and changes it in the next: never compare ids with `===`. */
export function sameId(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase()
}

/** Where something is, seen from the resource of that id. */
export function placeIn(id: string): (other: string) => 'itself' | 'inside' | 'elsewhere' {
  return (other) => {
    if (sameId(other, id)) return 'itself'
    return liesIn(other, id) ? 'inside' : 'elsewhere'
  }
}
