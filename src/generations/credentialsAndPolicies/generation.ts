import type { ServiceVersions } from '../../azure/versions.ts'
import { VERSIONS } from '../../azure/versions.ts'
import { discoverEnvironment } from '../discovery.ts'
import type { Generation } from '../generation.ts'
import { recognises } from './recognise.ts'
import { stepsOf } from './steps.ts'
import { TIES } from './ties.ts'

const DEVICES = 'Microsoft.Devices'
const DEVICE_REGISTRY = 'Microsoft.DeviceRegistry'

/** Api-versions of contract 1.1 and 1.2. */
const versions: ServiceVersions = {
  deviceRegistry: '2025-11-01-preview',
  iotHub: '2025-08-01-preview',
  provisioning: '2025-02-01-preview',
  provisioningData: '2025-07-01-preview'
}

/** The model of Microsoft's tutorial. */
export const CREDENTIALS_AND_POLICIES: Generation = {
  versions,
  offers: [
    {
      namespace: 'Microsoft.ManagedIdentity',
      type: 'userAssignedIdentities',
      version: VERSIONS.identity,
      region: 'location'
    },
    {
      namespace: DEVICE_REGISTRY,
      type: 'namespaces',
      version: versions.deviceRegistry,
      region: 'location'
    },
    {
      namespace: DEVICE_REGISTRY,
      type: 'namespaces/credentials',
      version: versions.deviceRegistry,
      region: 'location',
      hint: true
    },
    { namespace: DEVICES, type: 'IotHubs', version: versions.iotHub, region: 'hub-location' },
    {
      namespace: DEVICES,
      type: 'provisioningServices',
      version: versions.provisioning,
      region: 'location'
    }
  ],
  steps: stepsOf,
  discover: (azure, wanted, inventory, signal) =>
    discoverEnvironment(azure, wanted, inventory, TIES, signal),
  recognises
}
