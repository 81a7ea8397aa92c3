/** Regions of the preview (contract 3), spelled as a provider lists them. */
const PREVIEW = ['East US', 'East US 2', 'West US', 'West US 2', 'West Europe', 'North Europe']

/** In which versions and where a resource type is offered. */
export interface Offer {
  readonly versions: readonly string[]
  readonly locations: readonly string[]
}

/** What each resource type offers: both models of the service, and older versions as in Azure. */
export const OFFERS: Readonly<Record<string, Offer>> = {
  'Microsoft.DeviceRegistry/namespaces': {
    versions: [
      '2026-11-01',
      '2026-04-01',
      '2026-03-01-preview',
      '2025-11-01-preview',
      '2025-10-01'
    ],
    locations: PREVIEW
  },
  'Microsoft.DeviceRegistry/namespaces/credentials': {
    versions: ['2026-03-01-preview', '2025-11-01-preview'],
    locations: PREVIEW
  },
  'Microsoft.DeviceRegistry/namespaces/credentials/policies': {
    versions: ['2026-03-01-preview', '2025-11-01-preview'],
    locations: PREVIEW
  },
  'Microsoft.DeviceRegistry/namespaces/certificateAuthorities': {
    versions: ['2026-11-01'],
    locations: PREVIEW
  },
  'Microsoft.DeviceRegistry/namespaces/certificateAuthorities/certificatePolicies': {
    versions: ['2026-11-01'],
    locations: PREVIEW
  },
  'Microsoft.DeviceRegistry/namespaces/registryDevices': {
    versions: ['2026-11-01'],
    locations: PREVIEW
  },
  'Microsoft.Devices/IotHubs': {
    versions: [
      '2026-11-01',
      '2026-03-01-preview',
      '2025-08-01-preview',
      '2023-06-30-preview',
      '2023-06-30',
      '2022-04-30-preview'
    ],
    locations: PREVIEW
  },
  'Microsoft.Devices/provisioningServices': {
    versions: [
      '2026-11-01',
      '2026-03-01-preview',
      '2025-02-01-preview',
      '2022-12-12',
      '2021-10-15'
    ],
    locations: PREVIEW
  },
  'Microsoft.ManagedIdentity/userAssignedIdentities': {
    versions: ['2025-05-31-preview', '2025-01-31-preview', '2024-11-30', '2023-01-31'],
    locations: [...PREVIEW, 'Germany West Central']
  },
  'Microsoft.Authorization/roleAssignments': { versions: ['2022-04-01'], locations: [] },
  'Microsoft.Authorization/roleDefinitions': {
    versions: ['2022-05-01-preview', '2022-04-01'],
    locations: []
  },
  'Microsoft.Authorization/locks': { versions: ['2020-05-01', '2016-09-01'], locations: [] },
  'Microsoft.Authorization/permissions': { versions: ['2022-04-01'], locations: [] },
  'Microsoft.Storage/storageAccounts': {
    versions: ['2024-01-01', '2023-05-01'],
    locations: PREVIEW
  },
  'Microsoft.EventHub/namespaces': { versions: ['2024-01-01', '2021-11-01'], locations: PREVIEW },
  'Microsoft.ServiceBus/namespaces': { versions: ['2024-01-01', '2021-11-01'], locations: PREVIEW },
  'Microsoft.Resources/tags': { versions: ['2024-11-01', '2021-04-01'], locations: [] }
}
