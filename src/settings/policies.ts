import { brokenNameRule } from './nameRules.ts'
import { integer, linesOf, type Parse } from './parsers.ts'
import type { Report } from './problems.ts'
import type { PolicySpec } from './settings.ts'

/** 1 to 90 days (contract B 6.5); the tutorial's model begins at 7, and its newer text speaks of 30 at most (contract section 3). */
export const leafValidityDays = integer(1, 90)
const DOUBTFUL_DAYS = 30
const DEFAULT_DAYS = 30
const DEFAULT_NAME = 'default'

/** One `name=days` a line. */
export const policyList: Parse<readonly PolicySpec[]> = (text, complain) => {
  const policies: PolicySpec[] = []
  const seen = new Set<string>()
  for (const entry of linesOf(text)) {
    const [name = '', days, ...rest] = entry.split('=').map((part) => part.trim())
    if (days === undefined || rest.length > 0) {
      complain(entry, 'must be name=days, one per line')
      continue
    }
    const rule = brokenNameRule('policy', name)
    if (rule !== undefined) complain(name, rule)
    const validity = leafValidityDays(days, (_, dayRule) => complain(entry, `days ${dayRule}`))
    if (seen.has(name.toLowerCase())) complain(name, 'is given twice; names ignore case')
    seen.add(name.toLowerCase())
    if (rule === undefined && validity !== undefined) {
      policies.push({ name, leafValidityDays: validity })
    }
  }
  return policies
}

export interface PolicyInputs {
  readonly certificates: boolean
  readonly policy: string | undefined
  readonly 'leaf-validity-days': number | undefined
  readonly policies: readonly PolicySpec[] | undefined
}

export interface PolicyChoice {
  readonly policies: readonly PolicySpec[]
  /** The policy that the enrollment group binds to. */
  readonly bound: string | undefined
  /** What the tutorial's model may refuse, one sentence each. */
  readonly doubts: readonly string[]
}

const CERTIFICATE_INPUTS = ['policy', 'leaf-validity-days', 'policies'] as const

/** An input that nothing would use is a contradiction, and is said. */
export function choosePolicies(
  inputs: PolicyInputs,
  given: (input: (typeof CERTIFICATE_INPUTS)[number]) => boolean,
  report: Report,
  fromFile?: readonly {
    readonly name?: string | undefined
    readonly 'leaf-validity-days'?: number | undefined
  }[]
): PolicyChoice {
  if (!inputs.certificates) {
    for (const name of CERTIFICATE_INPUTS.filter(given)) {
      report(name, undefined, 'has no meaning with certificates: false; remove one of the two')
    }
    return { policies: [], bound: undefined, doubts: [] }
  }
  if (given('policies') && given('leaf-validity-days')) {
    report('leaf-validity-days', undefined, 'is replaced by policies; remove one of the two')
  }
  // The file is one way to name policies, and any of these inputs is another.
  const written = given('policies') || given('leaf-validity-days') ? undefined : fromFile
  const policies = inputs.policies ??
    written?.map(wishOf) ?? [
      {
        name: inputs.policy ?? DEFAULT_NAME,
        leafValidityDays: inputs['leaf-validity-days'] ?? DEFAULT_DAYS
      }
    ]
  const wanted = inputs.policy?.toLowerCase()
  const bound = policies.find(({ name }) => wanted === undefined || name.toLowerCase() === wanted)
  if (bound === undefined && policies.length > 0) {
    report('policy', inputs.policy, `must be one of policies: ${policies.map(nameOf).join(', ')}`)
  }
  return { policies, bound: bound?.name, doubts: policies.flatMap(doubt) }
}

function wishOf(entry: {
  readonly name?: string | undefined
  readonly 'leaf-validity-days'?: number | undefined
}): PolicySpec {
  return { name: entry.name ?? '', leafValidityDays: entry['leaf-validity-days'] ?? DEFAULT_DAYS }
}

const nameOf = ({ name }: PolicySpec) => name

function doubt({ name, leafValidityDays: days }: PolicySpec): string[] {
  if (days <= DOUBTFUL_DAYS) return []
  return [
    `Policy ${name} asks for certificates of ${days} days. The service's specification allows 90, its tutorial ${DOUBTFUL_DAYS}, so Azure may refuse.`
  ]
}
