import type { Emulator } from '../../emulator/index.ts'

/**
 * Milliseconds of Azure's between the first write of that kind and the last request, by the log of requests.
 *
 * @param named only what bears this text in its address
 * @throws Error when nothing was written
 */
export function spanOf(
  requests: Emulator['requests'],
  { by = 'PUT', named = '' }: { readonly by?: 'PUT' | 'DELETE'; readonly named?: string } = {}
): number {
  const own = requests.filter(({ url }) => url.includes(named))
  const first = own.find(({ method }) => method === by)
  const last = own.at(-1)
  if (first === undefined || last === undefined) throw new Error(`no ${by} of anything ${named}`)
  return Date.parse(last.time) - Date.parse(first.time)
}
