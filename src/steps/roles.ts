/** Built-in roles of contract section 6.2; their ids are the same in every tenant. */
export interface Role {
  readonly id: string
  readonly name: string
}

export const CONTRIBUTOR: Role = {
  id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  name: 'Contributor'
}
export const DEVICE_REGISTRY_CONTRIBUTOR: Role = {
  id: 'a5c3590a-3a1a-4cd4-9648-ea0a32b15137',
  name: 'Azure Device Registry Contributor'
}
export const DEVICE_REGISTRY_ONBOARDING: Role = {
  id: '547f7f0a-69c0-4807-bd9e-0321dfb66a84',
  name: 'Azure Device Registry Onboarding'
}
export const HUB_REGISTRY_CONTRIBUTOR: Role = {
  id: '4ea46cd5-c1b2-4a8e-910b-273211f9ce47',
  name: 'IoT Hub Registry Contributor'
}

/** The role of a full role definition id that the user gave. */
export function customRole(roleDefinitionId: string): Role {
  const id = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1)
  return { id, name: `role ${id}` }
}
