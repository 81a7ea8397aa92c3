import { readCondition } from './condition.ts'
import type { Kernel } from './kernel.ts'
import { findRole, rolesIn } from './roles.ts'

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
    const found = findRole(rolesIn(world, roles), role)
    if (!found) throw new Error(`there is no role '${role}'`)
    if (condition !== undefined) readCondition(condition)
    const name = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    const id = `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`
    world.roleAssignments.set(id.toLowerCase(), {
      id,
      body: {
        id,
        name,
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
