import { humane } from '../text/sanitize.ts'
import type { Report } from './report.ts'

/** Ids that later steps need as they are, and what only the engine knows. */
const KEPT: ReadonlySet<string> = new Set(['ids', 'step'])

/**
 * The report as it may be told outside the log: secrets redacted, in which Azure's texts may repeat what they were sent,
 * and then every text of humane length.
 *
 * @param redact takes out what was masked
 */
export function told(report: Report, redact: (text: string) => string): Report {
  const tell = (value: unknown): unknown => {
    if (typeof value === 'string') return humane(redact(value))
    if (Array.isArray(value)) return value.map(tell)
    if (value instanceof Error) {
      const error = new Error(humane(redact(value.message)))
      error.name = value.name
      return error
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, KEPT.has(name) ? one : tell(one)])
    )
  }
  return tell(report) as Report
}
