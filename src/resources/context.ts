import type { Azure } from '../azure/azure.ts'
import type { Environment } from '../settings/settings.ts'
import type { Claim } from './claim.ts'
import { Family } from './family.ts'
import type { Offer } from './offer.ts'
import type { SubscriptionInventory } from './subscriptionInventory.ts'

/** What the steps of one environment are made from. */
export interface Context {
  readonly environment: Environment
  readonly azure: Azure
  readonly purpose: Purpose
  /** What resource providers have to offer. */
  readonly offers: readonly Offer[]
}

/** What the run is for. When an environment is taken down, what else there is counts: it may use what would go. */
export type Purpose =
  | { readonly does: 'build' }
  | { readonly does: 'take down'; readonly inventory: SubscriptionInventory }

/** What the life of every resource is followed with. */
export interface Tools {
  readonly azure: Pick<Azure, 'arm' | 'tag' | 'time'>
  readonly claim: Claim
  readonly purpose: Purpose
  readonly family: Family
}

/** New for each look at an environment: what was seen of the family once may have changed since. */
export function toolsOf({ environment, azure, purpose }: Context): Tools {
  return { azure, claim: environment, purpose, family: new Family() }
}
