import { sameText } from '../azure/answer.ts'
import type { Azure } from '../azure/azure.ts'
import { ifAnswered } from '../azure/errors/ifAnswered.ts'
import { poll } from '../azure/http/wait.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Step } from '../engine/step.ts'
import { cannot, type Verdict } from '../engine/verdict.ts'
import { POLLS } from '../resources/budgets.ts'
import { normalLocation } from '../resources/differences.ts'
import type { Environment } from '../settings/settings.ts'

interface Provider {
  readonly namespace: string
  readonly registrationState?: string
  readonly resourceTypes?: readonly {
    readonly resourceType: string
    readonly locations?: readonly string[]
    readonly apiVersions?: readonly string[]
  }[]
}

export interface ProviderFacts {
  /** Providers that could be read; a caller scoped to one group may read none. */
  readonly readable: readonly Provider[]
}

function isRegistered(state: string | undefined): boolean {
  return sameText(state, 'Registered')
}

/** Resource providers of the subscription: registered, and offering what we are about to ask for. */
export function providersStep(
  { arm, time, versions }: Pick<Azure, 'arm' | 'time' | 'versions'>,
  environment: Pick<Environment, 'subscriptionId' | 'location' | 'hubs'>
): Step<ProviderFacts> {
  const scope = `/subscriptions/${environment.subscriptionId}/providers`
  const hubRegions = environment.hubs.map((hub) => hub.location)
  const offers = [
    {
      namespace: 'Microsoft.ManagedIdentity',
      type: 'userAssignedIdentities',
      version: VERSIONS.identity,
      regions: [environment.location]
    },
    {
      namespace: 'Microsoft.DeviceRegistry',
      type: 'namespaces',
      version: versions.deviceRegistry,
      regions: [environment.location]
    },
    {
      namespace: 'Microsoft.Devices',
      type: 'IotHubs',
      version: versions.iotHub,
      regions: hubRegions
    },
    {
      namespace: 'Microsoft.Devices',
      type: 'provisioningServices',
      version: versions.provisioning,
      regions: [environment.location]
    }
  ]
  const namespaces = [...new Set(offers.map((offer) => offer.namespace))]
  const unregistered = ({ readable }: ProviderFacts) =>
    readable.filter(({ registrationState }) => !isRegistered(registrationState))

  // Nothing takes a registration back while a run is at work: the look at its end need not ask again.
  const registered = new Map<string, Provider>()
  const read = async (namespace: string, signal: AbortSignal) => {
    const known = registered.get(namespace)
    if (known !== undefined) return known
    // Rights on a single group do not reach the subscription: not known is not the same as not registered.
    const provider = await ifAnswered(() =>
      arm.get<Provider>(`${scope}/${namespace}`, VERSIONS.resources, {
        operation: `read resource provider ${namespace}`,
        signal
      })
    )
    if (provider !== undefined && isRegistered(provider.registrationState))
      registered.set(namespace, provider)
    return provider
  }
  const observe = async (signal: AbortSignal): Promise<ProviderFacts> => {
    const found = await Promise.all(namespaces.map((namespace) => read(namespace, signal)))
    return { readable: found.filter((provider) => provider !== undefined) }
  }

  return {
    id: 'providers',
    kind: 'Resource providers',
    resource: `/subscriptions/${environment.subscriptionId}`,
    phase: 'identity',
    needs: [],
    observe: (_see, signal) => observe(signal),
    lacks: (facts) => {
      const names = unregistered(facts).map(({ namespace }) => namespace)
      return names.length === 0 ? undefined : `not registered: ${names.join(', ')}`
    },
    judge: (facts): Verdict => {
      for (const { namespace, type, version, regions } of offers) {
        const offered = facts.readable
          .find((provider) => sameText(provider.namespace, namespace))
          ?.resourceTypes?.find(({ resourceType }) => sameText(resourceType, type))
        if (offered === undefined) continue
        const { apiVersions = [], locations = [] } = offered
        if (!apiVersions.includes(version)) {
          return cannot({
            what: `${namespace}/${type} does not offer the api-version ${version} in this subscription`,
            advice: `Offered are: ${apiVersions.join(', ')}. Ask Microsoft for access to the preview of certificate management, or use a release of this action that speaks one of these versions.`
          })
        }
        const here = locations.map(normalLocation)
        const elsewhere = regions.find(
          (region) => region !== undefined && locations.length > 0 && !here.includes(region)
        )
        if (elsewhere !== undefined) {
          return cannot({
            what: `${namespace}/${type} is not offered in the region ${elsewhere}`,
            advice: `Set \`${type === 'IotHubs' ? 'hub-location' : 'location'}\` to one of: ${here.join(', ')}.`
          })
        }
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
