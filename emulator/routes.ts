import findMyWay, { type HTTPMethod } from 'find-my-way'
import { canonicalHost } from './clouds.ts'
import type { Handler, Routes } from './kernel.ts'

export interface Match {
  readonly handler: Handler
  readonly params: Readonly<Record<string, string>>
}

interface Host {
  readonly plain: ReturnType<typeof findMyWay>
  /** Routes on whatever scope: `/*scope/providers/…`, kept by what follows the last `/providers/`. */
  readonly extensions: ReturnType<typeof findMyWay>
}

export interface RouteTable extends Routes {
  find(host: string, method: string, path: string): Match | undefined
  /** The host patterns that have handlers. */
  hosts(): string[]
  knows(host: string): boolean
}

const anyScope = '/*scope/providers/'

/** Where every handler is found: by host, then by method and path. */
export function createRoutes(): RouteTable {
  const hosts = new Map<string, Host>()
  const router = (): ReturnType<typeof findMyWay> =>
    findMyWay({ caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 1000 })

  const hostOf = (name: string): Host | undefined => {
    const host = canonicalHost(name.toLowerCase())
    return hosts.get(host) ?? hosts.get(host.replace(/^[^.]+/, '*'))
  }

  return {
    on(host, method, pattern, handler) {
      const name = host.toLowerCase()
      const entry = hosts.get(name) ?? { plain: router(), extensions: router() }
      hosts.set(name, entry)
      // The router wants a function of its own kind; the handler travels in the store.
      const store = { handler }
      if (pattern.startsWith(anyScope)) {
        const tail = `/${pattern.slice(anyScope.length)}`
        entry.extensions.on(method as HTTPMethod, tail, () => undefined, store)
      } else entry.plain.on(method as HTTPMethod, pattern, () => undefined, store)
    },

    find(name, method, path) {
      const host = hostOf(name)
      if (!host) return undefined
      const mark = path.toLowerCase().lastIndexOf('/providers/')
      if (mark >= 0) {
        const tail = path.slice(mark + '/providers'.length)
        const match = host.extensions.find(method as HTTPMethod, tail)
        if (match) {
          return {
            handler: (match.store as { handler: Handler }).handler,
            params: {
              ...(match.params as Record<string, string>),
              scope: decodeURIComponent(path.slice(0, mark)) || '/'
            }
          }
        }
      }
      const match = host.plain.find(method as HTTPMethod, path)
      if (!match) return undefined
      return {
        handler: (match.store as { handler: Handler }).handler,
        params: match.params as Record<string, string>
      }
    },

    hosts: () => [...hosts.keys()],
    knows: (name) => hostOf(name) !== undefined
  }
}
