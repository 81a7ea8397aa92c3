import { headlineText } from './headline.ts'
import type { Line } from './line.ts'
import type { Report } from './report.ts'

/** The last lines of the log, outside any group: what came of the run, and what a developer needs next. */
export function closing(report: Report): readonly Line[] {
  const { ids, origin, error } = report
  const facts = [
    ['Hub', ids['hub-hostname']],
    ['ID scope', ids['dps-id-scope']],
    ['Devices connect to', ids['dps-device-hostname']],
    ['Portal', origin.portal],
    ['Troubleshooting', error && origin.help]
  ] as const
  return [
    { text: headlineText(report), tone: error ? 'bad' : 'strong' },
    ...facts.flatMap(([title, value]) => (value ? [{ text: `${title}: ${value}` }] : []))
  ]
}
