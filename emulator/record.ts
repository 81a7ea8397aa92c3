/** One exchange, as GET /requests shows it. */
export interface Exchange {
  /** Emulated time, ISO. */
  readonly time: string
  readonly method: string
  readonly host: string
  readonly url: string
  /** Number of the TLS connection that it came over; -1 when the proxy let it go no further. */
  readonly connection: number
  /** 0 when no response was sent. */
  status: number
  /** Emulated. */
  durationMs: number
  /** The kind of fault that it met: an `answer` is then none of the service's. */
  fault?: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody?: unknown
  responseHeaders: Readonly<Record<string, string>>
  responseBody?: unknown
}

/** Headers worth keeping; credentials are reduced to their scheme. */
export function keptHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        /authorization$/.test(name) ? `${String(value).split(' ')[0]} …` : String(value)
      ])
  )
}
