import type { Azure } from '../../../src/azure/azure.ts'
import type { SubscriptionInventory } from '../../../src/resources/subscriptionInventory.ts'
import type { Environment } from '../../../src/settings/settings.ts'
import { CLAIM, DPS, GROUP, HUB, IDENTITY, NAMESPACE, target } from '../resources/sample.ts'

/** An environment of one hub, as the inputs want it. */
export const ENVIRONMENT: Environment = {
  ...CLAIM,
  name: 'prod',
  subscriptionId: 's',
  group: target(GROUP, { name: 'rg', resourceGroup: 'rg' }),
  location: 'westeurope',
  identity: target(IDENTITY),
  namespace: target(NAMESPACE),
  certificates: true,
  policies: [{ name: 'p', leafValidityDays: 30 }],
  hubs: [{ ...target(HUB), location: 'westeurope' }],
  dps: target(DPS),
  enrollmentGroups: [{ name: 'g', policy: 'p' }],
  grants: {
    manage: true,
    hubApp: 'optional',
    hubAppObjectId: undefined,
    onboarding: true,
    hubRoleDefinitionId: undefined,
    issueCertificates: true,
    registerDevices: true
  },
  enrollmentAuth: 'auto',
  linkExisting: false,
  destroyDevices: false,
  expiresAfter: undefined
}

/** What a subscription lists. */
export interface Listed {
  readonly tagged?: readonly object[]
  readonly hubs?: readonly object[]
  readonly dpss?: readonly object[]
  readonly namespaces?: readonly object[]
}

export function inventoryOf({
  tagged = [],
  hubs = [],
  dpss = [],
  namespaces = []
}: Listed): SubscriptionInventory {
  return {
    tagged: async () => tagged,
    hubs: async () => hubs,
    dpss: async () => dpss,
    namespaces: async () => namespaces
  } as unknown as SubscriptionInventory
}

/** Azure whose DPSs have these enrollment groups. */
export function withGroups(azure: Azure, groups: readonly object[]): Azure {
  return { ...azure, data: { list: async () => groups } } as unknown as Azure
}
