import type { ServiceVersions } from '../../azure/versions.ts'
import type { Generation } from '../generation.ts'
import { discover } from './discover.ts'
import { recognises } from './recognise.ts'
import { stepsOf } from './steps.ts'

const VERSION = '2026-11-01'
const DEVICES = 'Microsoft.Devices'
const DEVICE_REGISTRY = 'Microsoft.DeviceRegistry'

/** Contract B 1.4. One version of Device Registry in a run: each may show another principal of the namespace (1.3). */
const versions: ServiceVersions = {
  deviceRegistry: VERSION,
  iotHub: VERSION,
  provisioning: VERSION,
  provisioningData: VERSION
}

/** The model of November 2026: certificate authorities, and a namespace that links hubs and DPS. */
export const CERTIFICATE_AUTHORITIES: Generation = {
  versions,
  // Never the newest stable version: some of them have neither links nor certificate authorities (contract B 1.3).
  offers: [
    { namespace: DEVICE_REGISTRY, type: 'namespaces', version: VERSION, region: 'location' },
    {
      namespace: DEVICE_REGISTRY,
      type: 'namespaces/certificateAuthorities',
      version: VERSION,
      region: 'location',
      hint: true
    },
    { namespace: DEVICES, type: 'IotHubs', version: VERSION, region: 'hub-location' },
    { namespace: DEVICES, type: 'provisioningServices', version: VERSION, region: 'location' }
  ],
  steps: stepsOf,
  discover,
  recognises
}
