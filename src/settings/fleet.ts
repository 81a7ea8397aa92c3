import type { Config, EnrollmentGroupEntry, HubEntry } from './config/shape.ts'
import type { Form } from './form.ts'
import { deriveKeyed, type NameSource, type Names } from './names.ts'
import type { Report } from './problems.ts'
import type { EnrollmentGroupSpec, HubSpec, PolicySpec } from './settings.ts'
import { type Home, locate } from './targets.ts'

/** What derived names are made of. */
export interface Origin {
  readonly environment: string
  readonly source: NameSource
  readonly home: Home
  readonly derived: Names
}

/** The hubs: the one of the inputs, or those of the config file. */
export function chooseHubs(
  { values, given, report }: Form,
  config: Config,
  origin: Origin
): { readonly hubs: readonly HubSpec[]; readonly byKey: ReadonlyMap<string, HubSpec> } {
  const entries: readonly Partial<HubEntry>[] = config.hubs ?? [{}]
  const location =
    values['hub-location'] ?? config['hub-location'] ?? values.location ?? config.location
  if (given('hub') && entries.length > 1) {
    report('hub', undefined, 'has no meaning with several hubs in config; name them there')
  }
  const byKey = new Map<string, HubSpec>()
  const hubs = entries.map((entry): HubSpec => {
    const pointer = (entries.length === 1 ? values.hub : undefined) ?? entry.name
    const name = derivedName('hub', entry.key, origin)
    const weight = entry['allocation-weight']
    const spec = {
      ...locate('hub', pointer, name, origin.home, report),
      location: entry.location ?? location,
      ...(weight !== undefined && { allocationWeight: weight }),
      ...((entry.sku ?? entry.capacity) !== undefined && {
        sku: { name: entry.sku ?? 'S1', capacity: entry.capacity ?? 1 }
      })
    }
    if (entry.key !== undefined) byKey.set(entry.key, spec)
    return spec
  })
  requireDistinct(hubs, 'hubs', report)
  return { hubs, byKey }
}

/** The enrollment groups: the one of the inputs, or those of the config file. */
export function chooseEnrollmentGroups(
  { values, given, report }: Form,
  config: Config,
  origin: Origin,
  choice: {
    readonly policies: readonly PolicySpec[]
    readonly bound: string | undefined
    readonly byKey: ReadonlyMap<string, HubSpec>
  }
): readonly EnrollmentGroupSpec[] {
  const entries: readonly Partial<EnrollmentGroupEntry>[] = config['enrollment-groups'] ?? [{}]
  if (given('enrollment-group') && entries.length > 1) {
    report(
      'enrollment-group',
      undefined,
      'has no meaning with several groups in config; name them there'
    )
  }
  const groups = entries.map((entry): EnrollmentGroupSpec => {
    const given = entries.length === 1 ? values['enrollment-group'] : undefined
    return {
      name: given ?? entry.name ?? derivedName('enrollment-group', entry.key, origin),
      policy: boundPolicy(entry, choice, report),
      ...(entry.hubs && { hubs: hubsOf(entry.hubs, choice.byKey, report) }),
      ...(entry['allocation-policy'] && { allocationPolicy: entry['allocation-policy'] }),
      ...(entry['initial-twin'] && { initialTwin: entry['initial-twin'] }),
      ...(entry['iot-edge'] !== undefined && { iotEdge: entry['iot-edge'] })
    }
  })
  requireDistinct(groups, 'enrollment-groups', report)
  return groups
}

function boundPolicy(
  { policy }: Partial<EnrollmentGroupEntry>,
  { policies, bound }: { policies: readonly PolicySpec[]; bound: string | undefined },
  report: Report
): string | undefined {
  if (policy === undefined) return bound
  const found = policies.find(({ name }) => name.toLowerCase() === policy.toLowerCase())
  if (found === undefined) {
    const known = policies.map(({ name }) => name).join(', ')
    report(
      'config',
      policy,
      known ? `must be one of policies: ${known}` : 'has no meaning with certificates: false'
    )
  }
  return found?.name
}

function hubsOf(
  keys: readonly string[],
  byKey: ReadonlyMap<string, HubSpec>,
  report: Report
): readonly string[] {
  return keys.flatMap((key) => {
    const hub = byKey.get(key)
    if (hub === undefined) {
      report(
        'config',
        key,
        `must be the key of a hub: ${[...byKey.keys()].join(', ') || 'none has one'}`
      )
    }
    return hub?.id ?? []
  })
}

function derivedName(
  kind: 'hub' | 'enrollment-group',
  key: string | undefined,
  { environment, source, derived }: Origin
): string {
  return key === undefined ? derived[kind] : deriveKeyed(kind, key, environment, source)
}

function requireDistinct(
  items: readonly { readonly name: string }[],
  what: string,
  report: Report
): void {
  const seen = new Set<string>()
  for (const { name } of items) {
    const folded = name.toLowerCase()
    if (seen.has(folded))
      report('config', name, `two ${what} have this name; give each a key or a name of its own`)
    seen.add(folded)
  }
}
