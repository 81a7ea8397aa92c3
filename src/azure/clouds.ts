import type { CloudName } from '../settings/settings.ts'

/** Where one Azure cloud answers (contract section 13). */
export interface Cloud {
  readonly arm: string
  readonly authority: string
  readonly graph: string
  /** Token scope of the DPS service data plane. */
  readonly dpsScope: string
  /** What follows a hub's name in its host name. */
  readonly hubSuffix: string
}

export const CLOUD: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    arm: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    dpsScope: 'https://azure-devices-provisioning.net/.default',
    hubSuffix: 'azure-devices.net'
  },
  AzureUSGovernment: {
    arm: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
    graph: 'https://graph.microsoft.us',
    dpsScope: 'https://azure-devices-provisioning.us/.default',
    hubSuffix: 'azure-devices.us'
  },
  AzureChinaCloud: {
    arm: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    dpsScope: 'https://azure-devices-provisioning.cn/.default',
    hubSuffix: 'azure-devices.cn'
  }
}
