import type { Azure } from '../../azure/azure.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { undefinedIfForbidden } from '../../azure/errors/undefinedIfForbidden.ts'
import { VERSIONS } from '../../azure/versions.ts'
import type { GrantSpec } from '../../settings/settings.ts'
import { assignmentName } from '../../steps/roleAssignments.ts'
import { READER } from '../../steps/roles.ts'
import { outboundPrincipal } from './endpoints.ts'
import type { LinkingNamespace } from './model.ts'

/**
 * The right of a namespace to read a resource group, for as long as it has to see that a hub or DPS of that group is gone
 * (contract B 3.7). It is named after whom it is for, so that a later run finds what one left that broke off.
 */
export class GroupReader {
  readonly #azure: Pick<Azure, 'arm'>
  readonly #group: string
  readonly #manage: boolean

  /** @param group ARM id of the group */
  constructor(azure: Pick<Azure, 'arm'>, group: string, { manage }: Pick<GrantSpec, 'manage'>) {
    this.#azure = azure
    this.#group = group
    this.#manage = manage
  }

  /** @returns id of the assignment to take back; undefined when an administrator has to see to it, or has */
  async give(
    namespace: LinkingNamespace | undefined,
    signal: AbortSignal
  ): Promise<string | undefined> {
    const id = this.#idFor(namespace)
    if (namespace === undefined || id === undefined) return undefined
    const [subscription] = this.#group.split('/resourceGroups/')
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${READER.id}`
    const principalId = outboundPrincipal(namespace)
    try {
      await this.#azure.arm.put(id, {
        apiVersion: VERSIONS.authorization,
        operation: `grant ${READER.name} on`,
        body: { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
        signal
      })
      return id
    } catch (error) {
      // The group may be gone already, and somebody may have granted it for good.
      if (!(error instanceof AzureError)) throw error
      if (error.code === 'RoleAssignmentExists' || error.status === 404) return undefined
      throw error
    }
  }

  /** @returns id of the assignment that a run left behind, as far as it may be read */
  async left(
    namespace: LinkingNamespace | undefined,
    signal: AbortSignal
  ): Promise<string | undefined> {
    const id = this.#idFor(namespace)
    if (id === undefined) return undefined
    const options = { operation: `look for ${READER.name} on`, signal }
    const made = await undefinedIfForbidden(() =>
      this.#azure.arm.get(id, VERSIONS.authorization, options)
    )
    return made === undefined ? undefined : id
  }

  async takeBack(id: string | undefined, signal: AbortSignal): Promise<void> {
    if (id === undefined) return
    const operation = `take back ${READER.name} on`
    await this.#azure.arm.delete(id, { apiVersion: VERSIONS.authorization, operation, signal })
  }

  #idFor(namespace: LinkingNamespace | undefined): string | undefined {
    const principalId = namespace && outboundPrincipal(namespace)
    if (!this.#manage || principalId === undefined) return undefined
    const name = assignmentName(this.#group, principalId, READER)
    return `${this.#group}/providers/Microsoft.Authorization/roleAssignments/${name}`
  }
}
