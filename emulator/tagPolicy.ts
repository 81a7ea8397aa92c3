import { groupId, key } from './ids.ts'
import type { Call, Kernel } from './kernel.ts'
import type { Tags } from './providers/tags.ts'

type Body = { readonly location?: string; readonly tags?: Tags }

/**
 * Azure Policy "Inherit a tag from the resource group if missing". As Microsoft's documentation of the effect Modify has it,
 * it changes the request before the provider sees it, whether that creates or updates; what knows neither tags nor a
 * location is left alone.
 */
export function withInheritedTags({ world, config }: Kernel, call: Call): Call {
  const names = config().inheritTags
  const { location, tags = {} } = (call.body ?? {}) as Body
  const tagged = call.method === 'PUT' ? location !== undefined : 'tags' in Object(call.body)
  const path = decodeURIComponent(call.url.pathname)
  const group = world.resources.get(key(groupId(path) ?? ''))
  const inIt = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\//i.test(path)
  if (names.length === 0 || !tagged || !inIt || !['PUT', 'PATCH'].includes(call.method)) return call
  const inherited = Object.entries((group?.body.tags ?? {}) as Tags).filter(
    ([name]) => has(names, name) && !has(Object.keys(tags), name)
  )
  if (inherited.length === 0) return call
  const body = { ...(call.body as Body), tags: { ...tags, ...Object.fromEntries(inherited) } }
  return { ...call, body }
}

function has(names: readonly string[], name: string): boolean {
  return names.some((one) => key(one) === key(name))
}
