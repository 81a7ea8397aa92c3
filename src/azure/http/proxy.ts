type Env = Readonly<Record<string, string | undefined>>

/** In the order in which the libraries look: any that is set for HTTPS counts, of the others the first. */
const FOR_HTTPS = ['HTTPS_PROXY', 'https_proxy'] as const
const ELSE = ['ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'] as const

/** What the environment gives as the proxy is none that can be used. */
export class ProxyError extends Error {
  constructor(name: string, value: string, why: string) {
    super(
      [
        `${name} is \`${withoutPassword(value)}\`, ${why}.`,
        `What to do: write it as in ${name}=http://proxy:8080, or http://user:password@proxy:8080 (https:// where the proxy itself speaks TLS; an IPv6 address in brackets; in user and password write % as %25), or unset it where the network needs no proxy.`
      ].join('\n')
    )
    this.name = 'ProxyError'
  }
}

/**
 * The libraries read these variables each in its own way, some already while they load, and say of a bad one nothing that
 * helps.
 *
 * @returns whether there is one
 * @throws ProxyError
 */
export function requireUsableProxy(env: Env): boolean {
  const proxies = proxiesOf(env)
  for (const { name, value } of proxies) {
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url === undefined) throw new ProxyError(name, value, 'which is no URL')
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new ProxyError(name, value, `and a proxy of the kind ${url.protocol}// cannot be used`)
    if (url.hostname === '') throw new ProxyError(name, value, 'which names no host')
    if (!isDecodable(`${url.username}:${url.password}`))
      throw new ProxyError(
        name,
        value,
        'and a % in its user or password does not begin an escape such as %40'
      )
  }
  return proxies.length > 0
}

/** The libraries decode user and password. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Which proxy requests go through, for messages of what did not get through. */
export function proxyText(env: Env): string {
  const [proxy] = proxiesOf(env)
  return proxy === undefined
    ? 'No proxy is set (`HTTPS_PROXY`).'
    : `The proxy is ${withoutPassword(proxy.value)} (\`${proxy.name}\`).`
}

function proxiesOf(env: Env): readonly { readonly name: string; readonly value: string }[] {
  const set = (names: readonly string[]) =>
    names.flatMap((name) => (env[name] ? [{ name, value: env[name] }] : []))
  const forHttps = set(FOR_HTTPS)
  return forHttps.length > 0 ? forHttps : set(ELSE).slice(0, 1)
}

/** Greedy: a password may hold an @ of its own. */
function withoutPassword(value: string): string {
  return value.replace(/^([a-z0-9+.-]+:\/\/)?.*@/i, '$1…@')
}
