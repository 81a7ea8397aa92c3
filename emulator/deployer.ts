import { readCondition } from './condition.ts'
import type { Kernel } from './kernel.ts'
import { allRoles, findRole } from './roles.ts'

/** Gives those who sign in the roles that the settings name; they are old and in effect. */
export function setConfiguredGrants({ world, config, subscriptionId }: Kernel): void {
  const { deployer, identities, roles } = config()
  for (const [name, { secret }] of [...world.roleAssignments]) {
    if (secret.fromConfig) world.roleAssignments.delete(name)
  }
  const given = [deployer, ...identities].flatMap(({ objectId, grants }) =>
    grants.map((grant) => ({ objectId, ...grant }))
  )
  given.forEach(({ objectId, role, scope, condition }, index) => {
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
          principalId: objectId,
          principalType: 'ServicePrincipal',
          scope,
          ...(condition && { condition, conditionVersion: '2.0' })
        }
      },
      secret: { effectiveAt: 0, fromConfig: true }
    })
  })
}
