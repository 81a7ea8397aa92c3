import type { Operation } from '../settings/settings.ts'
import { asCode } from '../text/sanitize.ts'
import type { Report } from './report.ts'
import { table } from './table.ts'

/** What a developer needs next of the environment: hub, ID scope, device endpoint and portal, as far as they are known. */
export function nextFacts({ ids, origin, plan }: Report): string | undefined {
  const hubs = (plan?.items ?? []).filter(({ step }) => step.id.startsWith('hub/')).length
  const hub = ids['hub-hostname']
  const more = hubs > 1 ? ` and ${hubs - 1} more` : ''
  const known = [
    ['Hub', hub && asCode(hub) + more],
    ['ID scope', ids['dps-id-scope'] && asCode(ids['dps-id-scope'])],
    ['Devices connect to', ids['dps-device-hostname'] && asCode(ids['dps-device-hostname'])],
    ['Portal', origin.portal && `[resource group](${origin.portal})`]
  ].filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '')
  if (known.length === 0) return undefined
  return table(
    known.map(([title]) => title),
    [known.map(([, value]) => value)]
  )
}

const FROM: Readonly<Record<Operation, string>> = {
  apply: 'applied',
  plan: 'planned',
  verify: 'verified',
  destroy: 'removed',
  sweep: 'swept'
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
