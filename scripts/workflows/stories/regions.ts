import type { ConfigPatch } from '../../../emulator/config.ts'

/** Where Microsoft's articles of September 2026 have the newer model (contract B, 1.1): the examples name one of these. */
const REGIONS = ['Australia East', 'Japan East', 'Central US', 'UK South']

const namespaces = 'Microsoft.DeviceRegistry/namespaces'
const authorities = `${namespaces}/certificateAuthorities`

/** An Azure that offers the newer model there, and nothing anywhere else. */
export const offering: ConfigPatch = {
  locations: Object.fromEntries(
    [
      ...[namespaces, authorities, `${authorities}/certificatePolicies`],
      ...['Microsoft.Devices/IotHubs', 'Microsoft.Devices/provisioningServices']
    ].map((type) => [type, REGIONS])
  )
}
