import type { Generation } from '../generation.ts'
import { asFound } from './found.ts'
import { stepsOf } from './steps.ts'

/** The model of Microsoft's tutorial. Api-versions of contract 1.1 and 1.2. */
export const CREDENTIALS_AND_POLICIES: Generation = {
  versions: {
    deviceRegistry: '2025-11-01-preview',
    iotHub: '2025-08-01-preview',
    provisioning: '2025-02-01-preview',
    provisioningData: '2025-07-01-preview'
  },
  steps: stepsOf,
  discover: asFound
}
