import type { CloudName } from '../settings/settings.ts'

/** Where one Azure cloud answers (contract section 13). */
export interface Cloud {
  readonly arm: string
  readonly authority: string
  readonly graph: string
  /** Where the sign-in library may ask: it prefers another name in China, and regional ones where the job asks for them. */
  readonly entraHosts: readonly string[]
  /** Token scope of the DPS service data plane. */
  readonly dpsScope: string
  /** Hosts of the DPS service data plane. */
  readonly dpsHosts: string
  /** What follows a hub's name in its host name. */
  readonly hubSuffix: string
  /** Where people look at what there is. */
  readonly portal: string
}

export const CLOUD: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    arm: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    entraHosts: [
      'login.microsoftonline.com',
      '*.login.microsoftonline.com',
      '*.login.microsoft.com'
    ],
    dpsScope: 'https://azure-devices-provisioning.net/.default',
    dpsHosts: '*.azure-devices-provisioning.net',
    hubSuffix: 'azure-devices.net',
    portal: 'https://portal.azure.com'
  },
  AzureUSGovernment: {
    arm: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
    graph: 'https://graph.microsoft.us',
    entraHosts: ['login.microsoftonline.us', '*.login.microsoftonline.us'],
    dpsScope: 'https://azure-devices-provisioning.us/.default',
    dpsHosts: '*.azure-devices-provisioning.us',
    hubSuffix: 'azure-devices.us',
    portal: 'https://portal.azure.us'
  },
  AzureChinaCloud: {
    arm: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    entraHosts: [
      'login.chinacloudapi.cn',
      '*.login.chinacloudapi.cn',
      'login.partner.microsoftonline.cn',
      '*.login.partner.microsoftonline.cn'
    ],
    dpsScope: 'https://azure-devices-provisioning.cn/.default',
    dpsHosts: '*.azure-devices-provisioning.cn',
    hubSuffix: 'azure-devices.cn',
    portal: 'https://portal.azure.cn'
  }
}

/** Token scope of a service by its endpoint. */
export function scopeOf(endpoint: string): string {
  return `${endpoint}/.default`
}
