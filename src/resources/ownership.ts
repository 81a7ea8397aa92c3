import { type Change, cannot, type Removal, type Verdict } from '../engine/verdict.ts'
import {
  type Owner,
  ownerOf,
  ownershipTags,
  serviceVersionOf,
  serviceVersionTag,
  type Tags
} from '../settings/ownerTags.ts'
import type { Claim } from './claim.ts'
import type { TrackedResource } from './model.ts'
import {
  foreign,
  lostTags,
  madeByOtherModel,
  misfit,
  ownerText,
  seeming,
  sharedMisfit,
  unproven
} from './ownershipText.ts'

export type { Tags } from '../settings/ownerTags.ts'

/** Tags of a resource that this run creates, or adopts. */
export function creationTags(claim: Claim, id: string): Tags {
  const { tags, ownership, serviceVersion } = claim
  return { ...tags, ...ownershipTags(ownership, id), ...serviceVersionTag(serviceVersion) }
}

/** Whether this environment may change the resource. What is proven to be somebody else's is never adopted. */
export function isOurs(claim: Claim, resource: TrackedResource): boolean {
  const owner = ownerOf(resource, claim.ownership)
  return owner === 'ours' || (claim.adopt && (owner === 'shared' || owner === 'unproven'))
}

/** How a resource differs from what is wanted. */
export interface Differences {
  /** What cannot be changed in place. */
  readonly fixed: readonly Change[]
  /** What can, on a resource of ours. */
  readonly mutable?: readonly Change[]
}

/** What there is to know of a resource besides itself, to tell whose it is. */
export interface Standing {
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  /** The input that names it, for advice. */
  readonly input: string
  /** It, or what it lies in, was given by its full id: another environment of this repository may have made it. */
  readonly byId: boolean
  /** It carries no tags while others of the environment carry theirs. */
  readonly lost: boolean
}

/**
 * Judges an existing tracked resource: what is ours is repaired where Azure allows it, what is shared must fit as it is,
 * what is somebody else's is an error, and so is what only seems to be ours.
 */
export function judgeExisting(
  claim: Claim,
  resource: TrackedResource,
  standing: Standing,
  differences: Differences
): Verdict {
  const { kind, input, byId, lost } = standing
  const mutable = differences.mutable ?? []
  const owner = ownerOf(resource, claim.ownership)
  if (owner === 'foreign' || (owner === 'sibling' && !byId)) {
    return cannot(foreign(claim, kind, input, resource, owner))
  }
  const ours = isOurs(claim, resource)
  if (owner === 'unproven' && !ours) return cannot(unproven(kind, input, resource))
  const model = otherModel(claim, resource, owner)
  if (model !== undefined) return cannot(madeByOtherModel(kind, resource, model))
  if (differences.fixed.length > 0) {
    return cannot(misfit(kind, input, resource, differences.fixed, ours))
  }
  if (!ours) {
    if (mutable.length > 0) return cannot(sharedMisfit(kind, input, resource, mutable))
    if (owner !== 'shared' || !lost) return { action: 'keep', reason: 'shared' }
    const { what, advice } = lostTags(kind, resource)
    return { action: 'keep', reason: 'its tags are gone', warning: `${what}. ${advice}` }
  }
  const wanted = owner === 'ours' ? claim.tags : creationTags(claim, resource.id)
  const changes = [...tagChanges(resource.tags ?? {}, wanted), ...mutable]
  return changes.length === 0 ? { action: 'keep' } : { action: 'change', changes }
}

/**
 * What was made for this environment goes; what is shared or somebody else's stays, and so does what only seems to be ours.
 *
 * @param lost it carries no tags while others of the environment carry theirs
 */
export function judgeRemoval(claim: Claim, resource: TrackedResource, lost = false): Removal {
  const owner = ownerOf(resource, claim.ownership)
  if (owner !== 'ours') return { action: 'leave', reason: WHY_IT_STAYS[owner](resource, lost) }
  const model = otherModel(claim, resource, owner)
  return model === undefined
    ? { action: 'remove' }
    : { action: 'leave', reason: `it was made with the service version ${model}`, own: true }
}

/**
 * The model of the service that a resource of this environment was made by, when it is not the one that the environment is
 * built by: marking it again would not make it another.
 */
function otherModel(
  { serviceVersion }: Claim,
  resource: TrackedResource,
  owner: Owner
): string | undefined {
  const { text } = serviceVersionOf(resource)
  const made = owner === 'ours' || owner === 'unproven'
  return made && text !== serviceVersion ? text : undefined
}

const WHY_IT_STAYS: Readonly<
  Record<Exclude<Owner, 'ours'>, (resource: TrackedResource, lost: boolean) => string>
> = {
  shared: (_resource, lost) =>
    lost
      ? 'it carries no tags of this environment any more, while others of it do; `operation: apply` with `adopt: true` makes it this environment’s again'
      : 'shared: it does not carry the tags of this environment',
  unproven: (resource) => seeming(resource),
  sibling: (resource) => `it belongs to ${ownerText(resource)}`,
  foreign: (resource) => `it belongs to ${ownerText(resource)}`
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
