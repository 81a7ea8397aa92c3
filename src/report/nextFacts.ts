import type { Operation } from '../settings/settings.ts'
import { asCode, asHtmlCode, forHtml } from '../text/sanitize.ts'
import type { Report } from './report.ts'
import { factTable } from './table.ts'

/** What a developer needs next of the environment: hub, ID scope, device endpoint and portal, as far as they are known. */
export function nextFacts({ ids, origin, plan }: Report): string | undefined {
  const hubs = (plan?.items ?? []).filter(({ step }) => step.id.startsWith('hub/')).length
  const more = hubs > 1 ? ` and ${hubs - 1} more` : ''
  const code = (name: string) => ids[name] && asHtmlCode(ids[name])
  const hub = code('hub-hostname')
  const facts = [
    ['Hub', hub && hub + more],
    ['ID scope', code('dps-id-scope')],
    ['Devices connect to', code('dps-device-hostname')],
    ['Portal', origin.portal && `<a href="${forHtml(origin.portal)}">resource group</a>`]
  ] as const
  const known = facts.flatMap(([title, fact]) => (fact ? [[title, fact] as const] : []))
  return known.length === 0 ? undefined : factTable(known)
}

const FROM: Readonly<Record<Operation, string>> = {
  apply: 'applied',
  plan: 'planned',
  verify: 'run',
  destroy: 'run',
  sweep: 'run'
}

/** How far it holds, until when it lives, and from which commit it is, in one line. */
export function standing(report: Report): string | undefined {
  const { checks, operation, dryRun, origin, states, error } = report
  const holding = checks.filter(({ holds }) => holds).length
  const expires = states.expiry?.expires
  const { ref, commit } = origin
  const source = [ref, commit?.slice(0, 7)].filter((part) => part !== undefined).join('@')
  const did = dryRun && operation === 'apply' ? 'planned' : error ? 'run' : FROM[operation]
  const parts = [
    ...(checks.length > 0 ? [`${holding} of ${checks.length} checks hold`] : []),
    ...(typeof expires === 'string' && operation !== 'destroy' ? [`expires ${day(expires)}`] : []),
    ...(source ? [`${did} from ${asCode(source)}`] : [])
  ]
  return parts.length === 0 ? undefined : parts.join(' · ')
}

/** An instant as people write it, to the minute; what is none stays as somebody wrote it. */
function day(text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) return asCode(text)
  const [, date, month, year, time] = /, (\d+) (\w+) (\d+) (\d+:\d+)/.exec(at.toUTCString()) ?? []
  return `${Number(date)} ${month} ${year}, ${time} UTC`
}
