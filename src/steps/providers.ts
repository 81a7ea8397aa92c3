import type { Azure } from '../azure/azure.ts'
import { isRegistered, type Provider } from '../azure/clients/providers.ts'
import { poll } from '../azure/http/wait.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Step } from '../engine/step.ts'
import { cannot, type Verdict } from '../engine/verdict.ts'
import { POLLS } from '../resources/budgets.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { TrackedResource } from '../resources/model.ts'
import { type Offer, shortcoming } from '../resources/offer.ts'
import type { Environment } from '../settings/settings.ts'

export interface ProviderFacts {
  /** Providers that could be read; a caller scoped to one group may read none. */
  readonly readable: readonly Provider[]
  /** Everything is there that would be made of them. */
  readonly notAsked?: boolean
}

/**
 * Resource providers of the subscription: registered, and offering what we are about to ask for.
 *
 * @param resources steps of what is made of them
 */
export function providersStep(
  { arm, providers, time }: Pick<Azure, 'arm' | 'providers' | 'time'>,
  { subscriptionId, location, hubs }: Pick<Environment, 'subscriptionId' | 'location' | 'hubs'>,
  offers: readonly Offer[],
  resources: () => readonly Step<ArmFacts<TrackedResource>>[]
): Step<ProviderFacts> {
  const regions = { location: [location], 'hub-location': hubs.map((hub) => hub.location) }
  const scope = `/subscriptions/${subscriptionId}/providers`
  const namespaces = [...new Set(offers.map((offer) => offer.namespace))]
  const unregistered = ({ readable }: ProviderFacts) =>
    readable.filter((provider) => !isRegistered(provider))
  const observe = async (signal: AbortSignal): Promise<ProviderFacts> => {
    const found = await Promise.all(
      namespaces.map((namespace) => providers.read(subscriptionId, namespace, signal))
    )
    return { readable: found.filter((provider) => provider !== undefined) }
  }

  return {
    id: 'providers',
    kind: 'Resource providers',
    resource: `/subscriptions/${subscriptionId}`,
    phase: 'identity',
    needs: [],
    // Resources need their providers to be made, and are observed before anybody asks what providers offer.
    get reads() {
      return resources()
    },
    observe: async (see, signal) =>
      resources().every((step) => see(step).resource !== undefined)
        ? { readable: [], notAsked: true }
        : observe(signal),
    unmetRequirement: (facts) => {
      const names = unregistered(facts).map(({ namespace }) => namespace)
      return names.length === 0 ? undefined : `not registered: ${names.join(', ')}`
    },
    judge: (facts): Verdict => {
      if (facts.notAsked) return { action: 'keep' }
      for (const offer of offers.filter(({ hint }) => !hint)) {
        const problem = shortcoming(offer, facts.readable, regions)
        if (problem !== undefined) return cannot(problem)
      }
      const missing = unregistered(facts).map(({ namespace }) => namespace)
      return missing.length === 0
        ? {
            action: 'keep',
            ...(facts.readable.length < namespaces.length && { reason: 'not all could be read' })
          }
        : { action: 'act', reason: `register ${missing.join(', ')}` }
    },
    apply: async ({ facts, signal, progress }) => {
      for (const { namespace } of unregistered(facts)) {
        await arm.post(`${scope}/${namespace}/register`, {
          apiVersion: VERSIONS.resources,
          operation: `register resource provider ${namespace}`,
          signal
        })
      }
      return poll({
        look: () => observe(signal),
        missing: (now) => {
          const pending = unregistered(now).map(({ namespace }) => namespace)
          return pending.length === 0 ? undefined : `registration of ${pending.join(', ')}`
        },
        everyMs: POLLS.registrationMs,
        progress,
        time,
        signal
      })
    }
  }
}
