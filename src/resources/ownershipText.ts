import { valueText } from '../engine/changes.ts'
import type { Change, Problem } from '../engine/verdict.ts'
import {
  environmentOf,
  markedAs,
  type Owner,
  repositoryOf,
  seemsSibling
} from '../settings/ownerTags.ts'
import { SERVICE_VERSIONS } from '../settings/settings.ts'
import type { Claim } from './claim.ts'
import type { TrackedResource } from './model.ts'

/** What a person is told of whose a resource is, and what to do about it. */

function describe(changes: readonly Change[]): string {
  return changes
    .map(
      ({ property, before, after }) =>
        `${property} is ${valueText(before)} instead of ${valueText(after)}`
    )
    .join('; ')
}

export function foreign(
  { ownership }: Claim,
  kind: string,
  input: string,
  resource: TrackedResource,
  owner: Owner
): Problem {
  const what = `${kind} ${resource.id} belongs to ${ownerText(resource)}`
  if (owner === 'sibling') {
    return {
      what,
      advice: `To share it, give its full id with the input \`${input}\`. Otherwise give another name.`
    }
  }
  if (seemsSibling(resource, ownership)) {
    return {
      what: `${what}, but without a matching mark`,
      advice: `If that environment made it, let its apply run once with \`adopt: true\`, which marks it; then its full id can be given here with the input \`${input}\`. Otherwise give another name.`
    }
  }
  return {
    what,
    advice: `Give this environment another name with the input \`${input}\`. To share the resource instead, remove its tag \`managed-by\`.`
  }
}

export function ownerText(resource: TrackedResource): string {
  const environment = environmentOf(resource) ?? 'unknown'
  return `environment '${environment}' of repository ${repositoryOf(resource) ?? 'unknown'}`
}

/** Why tags that look like ours prove nothing. */
export function seeming(resource: TrackedResource): string {
  const made = markedAs(resource)
  const mark = made === undefined ? 'without a mark' : `with the mark of ${made}`
  return `it carries the tags of this environment ${mark}, so they were copied or inherited, or it was moved`
}

export function unproven(kind: string, input: string, resource: TrackedResource): Problem {
  return {
    what: `${kind} ${resource.id} is not considered this environment's: ${seeming(resource)}`,
    advice: `If it is this environment's, run once with \`adopt: true\`, which marks it again. If not, remove its tag \`managed-by\`, or give another name with the input \`${input}\`.`
  }
}

export function lostTags(kind: string, { id }: TrackedResource): Problem {
  return {
    what: `${kind} ${id} carries no tags of this environment, while others of it carry theirs`,
    advice:
      'It is treated as shared: neither repaired nor destroyed. If something removed its tags, run once with `adopt: true`, which writes them again.'
  }
}

export function misfit(
  kind: string,
  input: string,
  { id }: TrackedResource,
  changes: readonly Change[],
  ours: boolean
): Problem {
  const remove = `, or delete the resource with \`az resource delete --ids ${id}\` and run again`
  return {
    what: `${kind} ${id} cannot be changed in place: ${describe(changes)}`,
    advice: `Give another name with the input \`${input}\`, or set the inputs to what exists${ours ? remove : ''}.`
  }
}

export function sharedMisfit(
  kind: string,
  input: string,
  { id }: TrackedResource,
  changes: readonly Change[]
): Problem {
  return {
    what: `${kind} ${id} exists without this environment's tags, so it is shared and never changed, but does not fit: ${describe(changes)}`,
    advice: `Set \`adopt: true\` if it is to belong to this environment, give another name with the input \`${input}\`, or let its owner change it.`
  }
}

export function madeByOtherModel(kind: string, { id }: TrackedResource, model: string): Problem {
  return {
    what: `${kind} ${id} was made with the service version ${model}`,
    advice: SERVICE_VERSIONS.some((one) => one === model)
      ? `An environment keeps its service version and is never converted: leave \`service-version\` out, or set it to ${model}, to go on with this one. For the other model make a new environment beside it under another name, let its devices register there, and destroy this one: docs/migration.md describes it step by step.`
      : 'An environment keeps its service version: use a release of this action that knows it.'
  }
}
