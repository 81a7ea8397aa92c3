import type { Aliases } from './aliases.ts'
import { isPublicHost, isPublicParameter } from './vocabulary.ts'

/** Segments of a path that are the interface's own, outside of providers. */
const STRUCTURE =
  /^(subscriptions|tenants|resourceGroups|resources|providers|tagNames|oauth2|token|v1\.0|v2\.0|\.default|servicePrincipals(\(.*\))?|directoryObjects|getByIds|enrollmentGroups|query|attestationmechanism|registrations|register|operations|operationresults|locations)$/i

/** Azure spells these in any case. */
const PROVIDER = /^microsoft\.[a-z.]+$/i

/** A path with aliases for every name in it: types and actions of providers stay, and so do regions. */
export function scrubbedPath(path: string, aliases: Aliases): string {
  let place: 'outside' | 'provider' | 'type' | 'name' = 'outside'
  let before = ''
  return path
    .split('/')
    .map((segment) => {
      const text = decodeURIComponent(segment)
      const kept = scrubbedSegment(text, place, before, aliases)
      if (text.toLowerCase() === 'providers') place = 'provider'
      else if (place === 'provider') place = 'type'
      else if (place === 'type') place = 'name'
      else if (place === 'name') place = 'type'
      before = text.toLowerCase()
      return kept === text ? segment : encodeURIComponent(kept)
    })
    .join('/')
}

function scrubbedSegment(
  text: string,
  place: 'outside' | 'provider' | 'type' | 'name',
  before: string,
  aliases: Aliases
): string {
  if (text === '') return text
  switch (place) {
    case 'provider':
      return PROVIDER.test(text) ? text : aliases.name(text)
    case 'type':
      // Behind a resource an extension of it, or an action.
      return /^[A-Za-z]+$/.test(text) ? text : aliases.name(text)
    case 'name':
      return before === 'locations' ? text : aliases.name(text)
    case 'outside':
      return STRUCTURE.test(text) ? quoted(text, aliases) : aliases.name(text)
  }
}

/** A host with an alias for what is somebody's own in it. */
export function scrubbedHost(host: string, aliases: Aliases): string {
  if (isPublicHost(host)) return host
  const [name = '', ...domain] = host.split('.')
  const known =
    /^((device\.|service\.)?azure-devices(-provisioning)?\.(net|us|cn)|servicebus\.windows\.net)$/i
  return `${aliases.name(name)}.${known.test(domain.join('.')) ? domain.join('.') : 'example'}`
}

/** A whole address, its query included. */
export function scrubbedUrl(address: string, aliases: Aliases): string {
  const url = new URL(address)
  const pairs = [...url.searchParams].map(([name, value]) => {
    const kept = isPublicParameter(name)
      ? value
      : name === '$filter'
        ? quoted(value, aliases)
        : aliases.name(value)
    return `${name}=${encodeURIComponent(kept)}`
  })
  const query = pairs.length > 0 ? `?${pairs.join('&')}` : ''
  const host = scrubbedHost(url.host, aliases)
  return `${url.protocol}//${host}${scrubbedPath(url.pathname, aliases)}${query}`
}

/** A filter: what it compares with gets an alias, its own words stay. */
function quoted(text: string, aliases: Aliases): string {
  return text.replace(/'([^']*)'/g, (_, value: string) => `'${scrubbedText(value, aliases)}'`)
}

/** A text that may be an id, a host, an address or a connection string; any other is a name. */
export function scrubbedText(text: string, aliases: Aliases): string {
  return scrubbedAddress(text, aliases) ?? aliases.name(text)
}

/** An id, a host, an address, a connection string, or a type of a provider's; undefined for any other text. */
export function scrubbedAddress(text: string, aliases: Aliases): string | undefined {
  if (/^\w+:\/\//.test(text)) return scrubbedUrl(text, aliases)
  if (text.startsWith('/')) return scrubbedPath(text, aliases)
  if (PROVIDER.test(text)) return text
  if (/^[\w-]+(\.[\w-]+)+\.(net|us|cn|com)$/i.test(text)) return scrubbedHost(text, aliases)
  if (/^HostName=/i.test(text))
    return text.replace(/=([^;]*)/g, (_, value: string) => `=${scrubbedText(value, aliases)}`)
  return undefined
}
