import { readCondition } from './condition.ts'
import type { Kernel } from './kernel.ts'
import { allRoles, findRole } from './roles.ts'

/** Gives the deploying identity the roles that the settings name; they are old and in effect. */
export function setDeployerGrants({ world, config, subscriptionId }: Kernel): void {
  const { deployer, roles } = config()
  for (const [name, { secret }] of [...world.roleAssignments]) {
    if (secret.fromConfig) world.roleAssignments.delete(name)
  }
  deployer.grants.forEach(({ role, scope, condition }, index) => {
    const found = findRole(allRoles(roles), role)
    if (!found) throw new Error(`there is no role '${role}'`)
    if (condition !== undefined) readCondition(condition)
    const id = `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/emulated/${index}`
    world.roleAssignments.set(id.toLowerCase(), {
      id,
      body: {
        id,
        name: String(index),
        type: 'Microsoft.Authorization/roleAssignments',
        properties: {
          roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${found.id}`,
          principalId: deployer.objectId,
          principalType: 'ServicePrincipal',
          scope,
          ...(condition && { condition, conditionVersion: '2.0' })
        }
      },
      secret: { effectiveAt: 0, fromConfig: true }
    })
  })
}
