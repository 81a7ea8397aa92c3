import type { CustomRole } from './config.ts'
import type { World } from './kernel.ts'

/** A role definition as RBAC evaluates it. */
export interface Role {
  readonly id: string
  readonly name: string
  readonly custom: boolean
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

function role(
  id: string,
  name: string,
  actions: readonly string[],
  dataActions: readonly string[] = [],
  notActions: readonly string[] = []
): Role {
  return { id, name, custom: false, actions, notActions, dataActions, notDataActions: [] }
}

const registry = 'Microsoft.DeviceRegistry/namespaces'
const devices = 'Microsoft.Devices'

/** The built-in roles of contract 6.2 and 6.5, and those a deployer is commonly given. */
export const builtIn: readonly Role[] = [
  role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', ['*']),
  role(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    ['*'],
    [],
    [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action'
    ]
  ),
  role('acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', ['*/read']),
  role('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator', [
    '*/read',
    'Microsoft.Authorization/*',
    'Microsoft.Support/*'
  ]),
  role('f58310d9-a9f6-439a-9e8d-f62e7b41a168', 'Role Based Access Control Administrator', [
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/roleAssignments/delete',
    '*/read',
    'Microsoft.Support/*'
  ]),
  role('f1a07417-d97a-45cb-824c-7a7467783830', 'Managed Identity Operator', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    'Microsoft.Resources/subscriptions/resourceGroups/read'
  ]),
  role(
    'a5c3590a-3a1a-4cd4-9648-ea0a32b15137',
    'Azure Device Registry Contributor',
    [
      `${registry}/read`,
      `${registry}/devices/*`,
      `${registry}/discovereddevices/*`,
      `${registry}/credentials/read`,
      `${registry}/credentials/policies/read`,
      `${devices}/iothubs/certificates/*`,
      `${devices}/iothubs/read`
    ],
    [
      `${registry}/credentials/policies/issueCertificate/action`,
      // [INF] its name; that there is one, contract B, 5.1, b7
      `${registry}/certificateAuthorities/certificatePolicies/issueCertificate/action`,
      `${devices}/iothubs/devices/*`
    ]
  ),
  role(
    '547f7f0a-69c0-4807-bd9e-0321dfb66a84',
    'Azure Device Registry Onboarding',
    [
      `${registry}/read`,
      `${registry}/write`,
      `${registry}/delete`,
      `${registry}/credentials/*`,
      `${registry}/credentials/policies/*`,
      `${devices}/iothubs/*`,
      `${devices}/provisioningServices/*`
    ],
    [
      `${devices}/provisioningServices/enrollments/*`,
      `${devices}/provisioningServices/enrollmentGroups/*`
    ]
  ),
  // Contract B, 5.1: whatever there is to administer.
  role('12675fd7-7f59-493f-9201-f7944860a2f1', 'Azure Device Registry Administrator', [
    'Microsoft.DeviceRegistry/*'
  ]),
  role('09267e11-2e06-40b5-8fe4-68cea20794c9', 'Azure Device Registry Credentials Contributor', [
    `${registry}/credentials/*`,
    `${registry}/credentials/policies/*`
  ]),
  role(
    '4ea46cd5-c1b2-4a8e-910b-273211f9ce47',
    'IoT Hub Registry Contributor',
    [],
    [`${devices}/IotHubs/devices/*`]
  ),
  role(
    '4fc6c259-987e-4a07-842e-c321cc9d413f',
    'IoT Hub Data Contributor',
    [],
    [`${devices}/IotHubs/*`]
  ),
  role(
    'dfce44e4-17b7-4bd1-a6d1-04996ec95633',
    'Device Provisioning Service Data Contributor',
    [],
    [`${devices}/provisioningServices/*`]
  ),
  role(
    '10745317-c249-44a1-a5ce-3a4353c0bbd8',
    'Device Provisioning Service Data Reader',
    [],
    [`${devices}/provisioningServices/*/read`]
  )
]

/** All roles of the tenant: the built-in ones, the configured ones, and those that somebody has made. */
export function rolesIn(world: World, configured: readonly CustomRole[]): readonly Role[] {
  const made = [...world.roleDefinitions.values()].map(({ body }): CustomRole => {
    const { roleName, permissions } = body.properties as {
      roleName: string
      permissions: readonly Omit<CustomRole, 'id' | 'name'>[]
    }
    const all = (kind: keyof Omit<CustomRole, 'id' | 'name'>) =>
      permissions.flatMap((one) => one[kind] ?? [])
    return {
      id: String(body.name),
      name: roleName,
      actions: all('actions'),
      notActions: all('notActions'),
      dataActions: all('dataActions'),
      notDataActions: all('notDataActions')
    }
  })
  return [
    ...builtIn,
    ...[...configured, ...made].map((one) => ({
      id: one.id.toLowerCase(),
      name: one.name,
      custom: true,
      actions: one.actions ?? [],
      notActions: one.notActions ?? [],
      dataActions: one.dataActions ?? [],
      notDataActions: one.notDataActions ?? []
    }))
  ]
}

/** Finds a role by GUID, by name, or by a role definition id that ends in its GUID. */
export function findRole(roles: readonly Role[], which: string): Role | undefined {
  const wanted = which.toLowerCase()
  const guid = wanted.split('/').at(-1)
  return roles.find((one) => one.id === guid || one.name.toLowerCase() === wanted)
}
