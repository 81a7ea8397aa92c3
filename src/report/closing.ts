import { headlineText } from './headline.ts'
import type { Report } from './report.ts'

/** The last lines of the log, outside any group: what came of the run, and what a developer needs next. */
export function closing(report: Report): readonly string[] {
  const { ids, checks, origin, error } = report
  const facts = [
    ['Hub', ids['hub-hostname']],
    ['ID scope', ids['dps-id-scope']],
    ['Devices connect to', ids['dps-device-hostname']],
    ['Portal', origin.portal],
    ['Troubleshooting', error && origin.help]
  ] as const
  const holding = checks.filter(({ holds }) => holds).length
  return [
    headlineText(report),
    ...(checks.length > 0 ? [`${holding} of ${checks.length} checks hold`] : []),
    ...facts.flatMap(([title, value]) => (value ? [`${title}: ${value}`] : []))
  ]
}
