import type { Azure } from '../azure/azure.ts'
import type { ServiceVersions } from '../azure/versions.ts'
import type { AnyStep } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import type { Offer } from '../resources/offer.ts'
import type { SubscriptionInventory } from '../resources/subscriptionInventory.ts'
import type { Environment, ServiceVersion } from '../settings/settings.ts'

/** A model of the service: how namespace, hub, DPS and certificates belong together, and how each is spoken to. */
export interface Generation {
  readonly versions: ServiceVersions
  /** What resource providers have to offer for it. */
  readonly offers: readonly Offer[]
  /** Every step of an environment, in the order in which a person would take them. */
  steps(context: Context): readonly AnyStep[]
  /** The environment with what is found of it in Azure. A name among the inputs counts more than what is found. */
  discover(
    azure: Azure,
    wanted: Environment,
    inventory: SubscriptionInventory,
    signal: AbortSignal
  ): Promise<Environment>
  /** Whether what is at this id, if anything is, belongs to this model. */
  recognises(azure: Azure, which: Recognisable, id: string, signal: AbortSignal): Promise<boolean>
}

/** What tells by itself which model it belongs to. */
export type Recognisable = 'namespace' | 'hub' | 'dps'

export type Generations = Readonly<Record<ServiceVersion, Generation>>
