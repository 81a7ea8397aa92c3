import { valueText } from '../engine/changes.ts'
import type { Change, Problem, Removal, Verdict } from '../engine/step.ts'
import type { Environment } from '../settings/settings.ts'
import { ownerOf, ownershipTags } from '../settings/tags.ts'

/** What every tracked ARM resource answers, as far as ownership and drift need it. */
export interface Tracked {
  readonly id: string
  readonly name: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: { readonly provisioningState?: string; readonly state?: string }
  /** Of hubs and DPSs only. */
  readonly etag?: string
}

export type Tags = Readonly<Record<string, string>>

/** Compares regions as ARM does: `East US` is `eastus` (contract 2.1). */
export function sameLocation(a: string | undefined, b: string | undefined): boolean {
  return normalLocation(a) === normalLocation(b)
}

export function normalLocation(location: string | undefined): string | undefined {
  return location?.replaceAll(' ', '').toLowerCase()
}

/** ARM ids compare without regard to case (contract 2.1). */
export function sameId(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase()
}

/** Tags of a resource that this run creates. */
export function creationTags(environment: Environment): Tags {
  return { ...environment.tags, ...ownershipTags(environment.ownership) }
}

/** Whether this environment may change the resource. */
export function isOurs(environment: Environment, resource: Tracked): boolean {
  const owner = ownerOf(resource.tags ?? {}, environment.ownership)
  return owner === 'ours' || (owner === 'shared' && environment.adopt)
}

/** How a resource differs from what is wanted. */
export interface Differences {
  /** What cannot be changed in place. */
  readonly fixed: readonly Change[]
  /** What can, on a resource of ours. */
  readonly mutable?: readonly Change[]
}

/**
 * Judges an existing tracked resource: what is ours is repaired where Azure allows it, what is shared must fit as it is,
 * what is somebody else's is an error.
 *
 * @param input the input that names this resource, for the advice
 */
export function judgeTracked(
  environment: Environment,
  resource: Tracked,
  kind: string,
  input: string,
  differences: Differences
): Verdict {
  const mutable = differences.mutable ?? []
  const owner = ownerOf(resource.tags ?? {}, environment.ownership)
  if (owner === 'foreign') return cannot(foreign(kind, input, resource))
  if (differences.fixed.length > 0) {
    const ours = isOurs(environment, resource)
    return cannot(misfit(kind, input, resource, differences.fixed, ours))
  }
  if (!isOurs(environment, resource)) {
    if (mutable.length === 0) return { action: 'keep', reason: 'shared' }
    return cannot(sharedMisfit(kind, input, resource, mutable))
  }
  const wanted = owner === 'ours' ? environment.tags : creationTags(environment)
  const changes = [...tagChanges(resource.tags ?? {}, wanted), ...mutable]
  return changes.length === 0 ? { action: 'keep' } : { action: 'change', changes }
}

/** What was made for this environment goes; what is shared or somebody else's stays. */
export function judgeRemoval(environment: Environment, resource: Tracked): Removal {
  switch (ownerOf(resource.tags ?? {}, environment.ownership)) {
    case 'ours':
      return { action: 'remove' }
    case 'shared':
      return { action: 'leave', reason: 'shared: it does not carry the tags of this environment' }
    case 'foreign':
      return { action: 'leave', reason: `it belongs to ${ownerText(resource)}` }
  }
}

/** Tags that are missing or differ; others on the resource are somebody's own and stay. */
export function tagChanges(present: Tags, wanted: Tags): readonly Change[] {
  const byName = new Map(
    Object.entries(present).map(([name, value]) => [name.toLowerCase(), value])
  )
  return Object.entries(wanted)
    .filter(([name, value]) => byName.get(name.toLowerCase()) !== value)
    .map(([name, value]) => ({
      property: `tags.${name}`,
      before: byName.get(name.toLowerCase()),
      after: value
    }))
}

/** The tags among a verdict's changes, ready to be merged. */
export function changedTags(changes: readonly Change[]): Tags {
  return Object.fromEntries(
    changes
      .filter(({ property }) => property.startsWith('tags.'))
      .map(({ property, after }) => [property.slice('tags.'.length), String(after)])
  )
}

/** The list of one difference, or none when both sides agree. */
export function differs(
  property: string,
  before: unknown,
  after: unknown,
  same = before === after
): readonly Change[] {
  return same ? [] : [{ property, before, after }]
}

export function cannot(...problems: readonly Problem[]): Verdict {
  return { action: 'cannot', problems }
}

/** A region can only be chosen at creation; without an input there is nothing to compare. */
export function locationDiffers(resource: Tracked, wanted: string | undefined): readonly Change[] {
  const same = wanted === undefined || sameLocation(resource.location, wanted)
  return differs('location', resource.location, wanted, same)
}

/** The obstacle to creating a resource while no input says where. */
export function missingLocation(
  kind: string,
  id: string,
  input: string,
  location: string | undefined
): Verdict | undefined {
  if (location !== undefined) return undefined
  return cannot({
    what: `${kind} ${id} does not exist and input \`${input}\` is empty`,
    advice: `Set \`${input}\` to the Azure region it shall be created in, for example \`westeurope\`.`
  })
}

function describe(changes: readonly Change[]): string {
  return changes
    .map(
      ({ property, before, after }) =>
        `${property} is ${valueText(before)}, wanted is ${valueText(after)}`
    )
    .join('; ')
}

function foreign(kind: string, input: string, resource: Tracked): Problem {
  return {
    what: `${kind} ${resource.id} belongs to ${ownerText(resource)}`,
    advice: `Give this environment another name with the input \`${input}\`. To share the resource instead, remove its tag \`managed-by\`.`
  }
}

function ownerText({ tags = {} }: Tracked): string {
  const tag = (name: string) =>
    Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1] ?? 'unknown'
  return `environment '${tag('iot-environment')}' of repository ${tag('iot-repository')}`
}

function misfit(
  kind: string,
  input: string,
  { id }: Tracked,
  changes: readonly Change[],
  ours: boolean
): Problem {
  const remove = `, or delete the resource with \`az resource delete --ids ${id}\` and run again`
  return {
    what: `${kind} ${id} cannot be changed in place: ${describe(changes)}`,
    advice: `Give another name with the input \`${input}\`, or set the inputs to what exists${ours ? remove : ''}.`
  }
}

function sharedMisfit(
  kind: string,
  input: string,
  { id }: Tracked,
  changes: readonly Change[]
): Problem {
  return {
    what: `${kind} ${id} exists without this environment's tags, so it is shared and never changed, but does not fit: ${describe(changes)}`,
    advice: `Set \`adopt: true\` if it shall belong to this environment, give another name with the input \`${input}\`, or let its owner change it.`
  }
}
