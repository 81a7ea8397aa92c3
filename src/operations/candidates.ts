import { groupOf } from '../generations/discovery.ts'
import { GROUP_TYPE, typeOf } from '../resources/types.ts'
import { environmentNamed } from '../settings/environment.ts'
import { foldEnvironment } from '../settings/names.ts'
import { environmentOf, ownerOf, serviceVersionOf, type Tagged } from '../settings/ownerTags.ts'
import { sameId } from '../settings/resourceId.ts'
import {
  type Environment,
  type EnvironmentBase,
  NEWEST_VERSION,
  type Ownership
} from '../settings/settings.ts'
import { TARGET_TYPES } from '../settings/targets.ts'

/** An environment of this repository, and what may say how long it lives. */
export interface Candidate {
  readonly environment: Environment
  /** Model of the service that a later release made it by; undefined when this release speaks it. */
  readonly unspoken: string | undefined
  /** Ids of the resources that are proven to be its own. */
  readonly own: readonly string[]
}

/** Pure: the environments of a repository, by what carries its tag and proves to be theirs. */
export function candidatesAmong(
  found: readonly Tagged[],
  base: EnvironmentBase
): readonly Candidate[] {
  const byName = new Map<
    string,
    { environment: Environment; unspoken: string | undefined; own: string[] }
  >()
  for (const resource of found) {
    const name = environmentOf(resource)
    if (name === undefined) continue
    const { text, known } = serviceVersionOf(resource)
    const environment = environmentNamed(base, name, known ?? NEWEST_VERSION)
    if (ownerOf(resource, environment.ownership) !== 'ours') continue
    const folded = foldEnvironment(name)
    const candidate = byName.get(folded) ?? { environment, unspoken: undefined, own: [] }
    if (known === undefined) candidate.unspoken = text
    byName.set(folded, candidate)
    candidate.own.push(resource.id)
    // Its own group, also where another one is given for this run.
    if (sameId(typeOf(resource.id), GROUP_TYPE)) {
      candidate.environment = { ...candidate.environment, group: groupOf(resource.id) }
    }
  }
  return [...byName.values()]
}

/** Pure: what says how long an environment lives: the resource group where that is its own, else its hubs. */
export function carriersAmong(found: readonly Tagged[], ownership: Ownership): readonly Tagged[] {
  const ours = found.filter((resource) => ownerOf(resource, ownership) === 'ours')
  const groups = ours.filter(({ id }) => sameId(typeOf(id), GROUP_TYPE))
  const hubs = ours.filter(({ id }) => sameId(typeOf(id), TARGET_TYPES.hub))
  return groups.length > 0 ? groups : hubs
}
