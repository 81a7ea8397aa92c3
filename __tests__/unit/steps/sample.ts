import type { Azure } from '../../../src/azure/azure.ts'
import { CLOUD } from '../../../src/azure/clouds.ts'
import { ReadAhead } from '../../../src/azure/http/readAhead.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import type { GroupFacts } from '../../../src/steps/resourceGroup.ts'
import { type Answers, armOf, clockAt, GROUP, standIn, tracked } from '../resources/sample.ts'

/** Azure as the steps see it; what is not given must not be asked. */
export function azureOf(
  answers: Answers = {},
  more: Readonly<Record<string, unknown>> = {}
): Azure {
  const versions = { deviceRegistry: 'r', iotHub: 'h', provisioning: 'p', provisioningData: 'd' }
  const all = {
    arm: armOf(answers),
    ahead: new ReadAhead(),
    cloud: CLOUD.AzureCloud,
    time: clockAt(),
    versions,
    ...more
  }
  return all as unknown as Azure
}

export const group = standIn<GroupFacts>(GROUP)
export const providers = standIn('/subscriptions/s')

/** What is known of the resource group that stands so to the environment; undefined for none. */
export function groupFacts(owner?: Owner): GroupFacts {
  return { resource: owner && tracked(owner, GROUP) }
}
