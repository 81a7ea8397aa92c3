/** The api-versions of what every model of the service shares (contract 1.1). */
export const VERSIONS = {
  resources: '2021-04-01',
  identity: '2024-11-30',
  authorization: '2022-04-01',
  locks: '2020-05-01'
} as const

/** The api-versions that one model of the service is spoken to with. */
export interface ServiceVersions {
  /** Microsoft.DeviceRegistry; it names the model. */
  readonly deviceRegistry: string
  /** IotHubs of Microsoft.Devices. */
  readonly iotHub: string
  /** provisioningServices of Microsoft.Devices. */
  readonly provisioning: string
  /** Enrollment groups, in the data plane of a Device Provisioning Service. */
  readonly provisioningData: string
}
