/** Roles by the names under which a CLI lists them. */
export const ROLES = {
  contributor: 'Contributor',
  registryContributor: 'Azure Device Registry Contributor',
  registryAdministrator: 'Azure Device Registry Administrator',
  onboarding: 'Azure Device Registry Onboarding',
  hubContributor: 'IoT Hub Registry Contributor',
  hubData: 'IoT Hub Data Contributor'
} as const
