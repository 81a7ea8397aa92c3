/** The api-versions of service generation A, the one that the tutorial describes (contract 1.1 and 1.2). */
export const VERSIONS = {
  resources: '2021-04-01',
  identity: '2024-11-30',
  authorization: '2022-04-01',
  locks: '2020-05-01',
  deviceRegistry: '2025-11-01-preview',
  iotHub: '2025-08-01-preview',
  provisioning: '2025-02-01-preview',
  provisioningData: '2025-07-01-preview'
} as const
