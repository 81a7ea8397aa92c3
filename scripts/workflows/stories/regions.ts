import type { ConfigPatch } from '../../../emulator/config.ts'

/** Where Microsoft's articles of September 2026 have the newer model (contract B, 1.1): the examples name one of these. */
const REGIONS = ['Australia East', 'Japan East', 'Central US', 'UK South']

const namespaces = 'Microsoft.DeviceRegistry/namespaces'
const authorities = `${namespaces}/certificateAuthorities`
const TYPES = [
  ...[namespaces, authorities, `${authorities}/certificatePolicies`],
  ...['Microsoft.Devices/IotHubs', 'Microsoft.Devices/provisioningServices']
]

const offeredIn = (regions: readonly string[]): ConfigPatch => ({
  locations: Object.fromEntries(TYPES.map((type) => [type, regions]))
})

/** An Azure that offers the newer model there, and nothing anywhere else. */
export const offering = offeredIn(REGIONS)

/** An Azure that offers the newer model in those of the preview as well. */
export const everywhere = offeredIn([
  ...REGIONS,
  ...['East US', 'East US 2', 'West US', 'West US 2', 'West Europe', 'North Europe']
])
