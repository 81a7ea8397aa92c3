/** Built-in roles of contract section 6.2 and contract B 5.1; their ids are the same in every tenant. */
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

export const DEVICE_REGISTRY_ADMINISTRATOR: Role = {
  id: '12675fd7-7f59-493f-9201-f7944860a2f1',
  name: 'Azure Device Registry Administrator'
}
export const HUB_DATA_CONTRIBUTOR: Role = {
  id: '4fc6c259-987e-4a07-842e-c321cc9d413f',
  name: 'IoT Hub Data Contributor'
}
export const READER: Role = {
  id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  name: 'Reader'
}

/** The role of a full role definition id that the user gave. */
export function customRole(roleDefinitionId: string): Role {
  const id = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1)
  return { id, name: `role ${id}` }
}
