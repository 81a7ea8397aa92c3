import { sameText } from '../answer.ts'
import { undefinedIfForbidden } from '../errors/undefinedIfForbidden.ts'
import { Memo } from '../http/memo.ts'
import { VERSIONS } from '../versions.ts'
import type { Arm } from './arm.ts'

/** A resource provider as a subscription sees it. */
export interface Provider {
  /** `Microsoft.Devices`. */
  readonly namespace: string
  readonly registrationState?: string
  readonly resourceTypes?: readonly ResourceType[]
}

/** What a provider says of one of its types. */
export interface ResourceType {
  /** Without the provider: `namespaces/credentials`. */
  readonly resourceType: string
  /** Regions, as people write them; empty where it has none. */
  readonly locations?: readonly string[]
  readonly apiVersions?: readonly string[]
}

export function isRegistered({ registrationState }: Provider): boolean {
  return sameText(registrationState, 'Registered')
}

/** What resource providers offer a subscription. */
export class Providers {
  readonly #arm: Arm
  readonly #known = new Memo<Provider | undefined>()

  constructor(arm: Arm) {
    this.#arm = arm
  }

  /**
   * Nothing takes a registration back while a run is at work, so that a provider that is registered is asked for once.
   *
   * @returns undefined for a caller whose rights do not reach the subscription: not known is not the same as not registered
   */
  read(
    subscriptionId: string,
    namespace: string,
    signal: AbortSignal
  ): Promise<Provider | undefined> {
    const id = `/subscriptions/${subscriptionId}/providers/${namespace}`
    const ask = () =>
      undefinedIfForbidden(() =>
        this.#arm.get<Provider>(id, VERSIONS.resources, {
          operation: `read resource provider ${namespace}`,
          signal
        })
      )
    return this.#known.get(
      id.toLowerCase(),
      ask,
      (provider) => provider !== undefined && isRegistered(provider)
    )
  }
}
