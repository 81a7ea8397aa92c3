import type { Owner } from '../settings/ownerTags.ts'
import type { Target } from '../settings/settings.ts'

/**
 * Whose the environment's resources were when they were looked at last. One that carries no tags is shared as a rule; where
 * others of the environment carry theirs, it has more likely lost them.
 */
export class Family {
  readonly #owners = new Map<string, Owner | undefined>()

  saw(id: string, owner: Owner | undefined): void {
    this.#owners.set(id.toLowerCase(), owner)
  }

  /**
   * True for a resource without tags that would be this environment's by its name, or by lying in a group that is this
   * environment's, while others carry their tags. What is given by its id is shared on purpose.
   */
  hasLost(target: Target, groupId: string): boolean {
    if (target.byId || ![...this.#owners.values()].includes('ours')) return false
    return !target.given || this.isOurs(groupId)
  }

  isOurs(id: string): boolean {
    return this.#owners.get(id.toLowerCase()) === 'ours'
  }
}
