import { isDenied } from '../errors/azureError.ts'
import { Memo } from '../http/memo.ts'
import { VERSIONS } from '../versions.ts'
import type { Arm } from './arm.ts'

interface Permission {
  readonly actions?: readonly string[]
  readonly notActions?: readonly string[]
}

/** What the caller may do, as Azure tells it (contract 20.1); asked once for each place. */
export class Permissions {
  readonly #arm: Arm
  readonly #asked = new Memo<readonly Permission[]>()

  constructor(arm: Arm) {
    this.#arm = arm
  }

  /**
   * @returns whether the action is allowed at the scope; undefined when Azure does not tell. A condition on the caller's
   *   role is not told either, so what is allowed here may still be refused.
   */
  async allows(action: string, scope: string, signal: AbortSignal): Promise<boolean | undefined> {
    const permissions = await this.#at(scope, signal)
    if (permissions.length === 0) return undefined
    return permissions.some(
      ({ actions = [], notActions = [] }) => covers(actions, action) && !covers(notActions, action)
    )
  }

  /** @returns whether nothing but reading is allowed at the scope; false as well when Azure does not tell */
  async readsOnly(scope: string, signal: AbortSignal): Promise<boolean> {
    const actions = (await this.#at(scope, signal)).flatMap((one) => one.actions ?? [])
    return actions.length > 0 && actions.every((action) => /\/read$/i.test(action))
  }

  /**
   * @returns whether everything at and below the scope can be read, so that a list that shows nothing means that nothing is
   *   there; false as well when Azure does not tell
   */
  async readsAll(scope: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#at(scope, signal)).some(
      ({ actions = [], notActions = [] }) =>
        actions.some((action) => action === '*' || action.toLowerCase() === '*/read') &&
        notActions.every((action) => /\/(write|delete|action)$/i.test(action))
    )
  }

  #at(scope: string, signal: AbortSignal): Promise<readonly Permission[]> {
    return this.#asked.get(scope, () => this.#ask(scope, signal))
  }

  async #ask(scope: string, signal: AbortSignal): Promise<readonly Permission[]> {
    const path = `${scope}/providers/Microsoft.Authorization/permissions`
    try {
      return await this.#arm.list<Permission>(path, VERSIONS.authorization, {
        operation: 'read the permissions at',
        has: [],
        signal
      })
    } catch (error) {
      if (isDenied(error)) return []
      throw error
    }
  }
}

/** `*` stands for any text; case does not count. */
function covers(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const text = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${text.join('.*')}$`, 'i').test(action)
  })
}
