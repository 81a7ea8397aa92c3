import type { Recording } from './exchange.ts'
import type { Validator } from './validator.ts'

/** What a check of all recordings came to: how often each operation and exception was met, and what is wrong. */
export interface Tally {
  readonly specified: ReadonlyMap<string, number>
  readonly listed: ReadonlyMap<string, number>
  readonly exceptions: ReadonlyMap<string, number>
  readonly findings: readonly string[]
}

/** Kinds of faults whose answers are none of the service's. */
const MADE_UP: ReadonlySet<string> = new Set(['answer', 'foreign'])

export async function tally(
  validator: Validator,
  recordings: readonly Recording[]
): Promise<Tally> {
  const specified = new Map<string, number>()
  const listed = new Map<string, number>()
  const exceptions = new Map<string, number>()
  const findings: string[] = []
  const count = (into: Map<string, number>, name: string) =>
    into.set(name, (into.get(name) ?? 0) + 1)
  for (const { scenario, exchanges } of recordings) {
    // A tunnel that a proxy refuses is no request to a service.
    const answered = exchanges.filter(({ method, status }) => method !== 'CONNECT' && status !== 0)
    for (const exchange of answered) {
      const verdict = await validator.check(exchange)
      count(verdict.specified ? specified : listed, verdict.operation)
      for (const name of verdict.exceptions) count(exceptions, name)
      const where = `${scenario}: ${exchange.method} ${exchange.url.split('?')[0]} → ${exchange.status}`
      // What a fault answers is wrong on purpose; what was asked must be right all the same.
      // A success without a body is one of the things that Azure may tell late (contract 2.3): it is asked again.
      const empty = exchange.status === 200 && exchange.responseBody === undefined
      const meant = (finding: string) =>
        !(empty || MADE_UP.has(exchange.fault ?? '')) || !finding.startsWith('response: ')
      findings.push(...verdict.findings.filter(meant).map((finding) => `${where}: ${finding}`))
    }
  }
  return { specified, listed, exceptions, findings }
}
