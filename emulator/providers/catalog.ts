import { ArmError } from '../armError.ts'
import type { Config, RegistrationState } from '../config.ts'
import { invalidType } from '../errors.ts'
import { key, parseId } from '../ids.ts'
import type { Call, Kernel, Routes } from '../kernel.ts'
import { listed } from '../lists.ts'
import { HOST } from './addresses.ts'
import { OFFERS, type Offer } from './offers.ts'
import { checkRegion, disallowed } from './regions.ts'

/** What follows a provider in a path and is no type. */
const OF_PROVIDER = /^(locations|operationResults|check\w+)$/i

/** Versions of what belongs to no provider: subscriptions and resource groups (contract 1.2). */
const CORE = ['2021-04-01', '2022-12-01', '2025-04-01', '2024-11-01', '2022-09-01']

export interface Catalog {
  /** Throws unless the request names an api-version that its resource type offers, where it offers it, and the provider is registered. */
  check(call: Pick<Call, 'method' | 'url' | 'body'>): void
  stateOf(provider: string): RegistrationState
  states(): Readonly<Record<string, RegistrationState>>
  reset(): void
}

const REGISTRABLE = ['Microsoft.DeviceRegistry', 'Microsoft.Devices', 'Microsoft.ManagedIdentity']

export function createCatalog(kernel: Kernel): Catalog {
  const changed = new Map<string, RegistrationState>()
  const config = (): Config => kernel.config()
  const stateOf = (provider: string): RegistrationState =>
    changed.get(key(provider)) ??
    Object.entries(config().providers).find(([name]) => key(name) === key(provider))?.[1] ??
    'Registered'
  const offerOf = (type: string): Offer | undefined => {
    const name = Object.keys(OFFERS).find((one) => key(one) === key(type))
    const offer = name === undefined ? undefined : OFFERS[name]
    if (name === undefined || offer === undefined) return undefined
    return {
      versions: config().apiVersions[name] ?? offer.versions,
      locations: config().locations[name] ?? offer.locations
    }
  }
  catalogs.set(kernel, { stateOf, offerOf, changed })

  return {
    stateOf,
    states: () => Object.fromEntries(REGISTRABLE.map((name) => [name, stateOf(name)])),
    reset: () => changed.clear(),
    check(call) {
      const { method, url } = call
      const subscription = /^\/subscriptions\/([^/]+)/i.exec(url.pathname)?.[1]
      if (subscription !== undefined && key(subscription) !== key(kernel.subscriptionId)) {
        throw new ArmError(
          404,
          'SubscriptionNotFound',
          `The subscription '${subscription}' could not be found.`
        )
      }
      const version = url.searchParams.get('api-version')
      if (version === null) {
        throw new ArmError(
          400,
          'MissingApiVersionParameter',
          'The api-version query parameter (?api-version=) is required for all requests.'
        )
      }
      const [, provider, type] = /^.*\/providers\/([^/]+)\/([^/]+)/i.exec(url.pathname) ?? []
      if (provider === undefined || type === undefined || type === 'register') {
        if (CORE.includes(version)) return
        throw new ArmError(
          400,
          'InvalidApiVersionParameter',
          `The api-version '${version}' is invalid. The supported versions are '${CORE.join(',')}'.`
        )
      }
      const asked = offeredType(url)
      const offers = asked === undefined ? undefined : offerOf(asked)
      const all = [
        ...new Set(
          Object.keys(OFFERS)
            .filter((name) => key(name).startsWith(`${key(provider)}/`))
            .flatMap((name) => offerOf(name)?.versions ?? [])
        )
      ]
      if (all.length === 0) {
        throw new ArmError(
          404,
          'InvalidResourceNamespace', // [INF] as clients of ARM report it
          `The resource namespace '${provider}' is invalid.`
        )
      }
      // Name checks and operation status belong to the provider, in the versions of its types.
      if (!offers && !OF_PROVIDER.test(type)) throw invalidType(url, all)
      const versions = offers?.versions ?? all
      if (asked !== undefined && method !== 'GET') disallowed(kernel, asked, offerOf)
      // [INF] types in types and types that are gone are not found, others lack the version (contract B, 1.3).
      const isChild = asked?.split('/').length !== 2
      if (asked !== undefined && !versions.includes(version) && (isChild || versions.length === 0))
        throw invalidType(url, versions)
      if (!versions.includes(version)) {
        throw new ArmError(
          400,
          'NoRegisteredProviderFound',
          `No registered resource provider found for API version '${version}' and type '${type}'. The supported api-versions are '${versions.join(', ')}'.`
        )
      }
      if (
        method !== 'GET' &&
        REGISTRABLE.some((name) => key(name) === key(provider)) &&
        stateOf(provider) !== 'Registered'
      ) {
        throw new ArmError(
          409,
          'MissingSubscriptionRegistration',
          `The subscription is not registered to use namespace '${provider}'. See https://aka.ms/rps-not-found for how to register subscriptions.`
        )
      }
      if (asked !== undefined) checkRegion(kernel, call, asked, offerOf)
    }
  }
}

/** The longest of the types in a path that is offered: what has no version of its own has its parent's. */
function offeredType(url: URL): string | undefined {
  const { provider, type = '' } = parseId(url.pathname)
  const parts = type.split('/')
  return parts
    .map((_, index) => `${provider}/${parts.slice(0, parts.length - index).join('/')}`)
    .map((wanted) => Object.keys(OFFERS).find((name) => key(name) === key(wanted)))
    .find((name) => name !== undefined)
}

interface Inner {
  readonly stateOf: (provider: string) => RegistrationState
  readonly offerOf: (type: string) => Offer | undefined
  readonly changed: Map<string, RegistrationState>
}
const catalogs = new WeakMap<Kernel, Inner>()

/** Every region in which something is offered, as people read it. */
export function regionsOf(kernel: Kernel): readonly string[] {
  const inner = catalogs.get(kernel)
  return [...new Set(Object.keys(OFFERS).flatMap((type) => inner?.offerOf(type)?.locations ?? []))]
}

/** Resource providers of the subscription (contract 5.1). */
export function registerCatalog(routes: Routes, kernel: Kernel): void {
  const inner = catalogs.get(kernel) as Inner
  const body = (namespace: string) => {
    const name = REGISTRABLE.find((one) => key(one) === key(namespace)) ?? namespace
    const types = Object.keys(OFFERS).filter(
      (one) =>
        key(one).startsWith(`${key(name)}/`) &&
        inner.offerOf(one)?.versions.length !== 0 &&
        !kernel.config().registry.unlisted.includes(one)
    )
    return {
      id: `/subscriptions/${kernel.subscriptionId}/providers/${name}`,
      namespace: name,
      registrationState: inner.stateOf(name),
      registrationPolicy: 'RegistrationRequired',
      resourceTypes: types.map((type) => {
        const offer = inner.offerOf(type)
        return {
          resourceType: type.slice(name.length + 1),
          locations: offer?.locations ?? [],
          apiVersions: offer?.versions ?? []
        }
      })
    }
  }
  const scope = `/subscriptions/${kernel.subscriptionId}`
  const read = 'Microsoft.Resources/subscriptions/providers/read'

  routes.on(HOST, 'GET', '/subscriptions/:subscription/providers', (call) => {
    kernel.rbac.require(call.caller, read, scope)
    const names = new Set(Object.keys(OFFERS).map((type) => type.split('/')[0] ?? ''))
    const providers = [...names].map((name) => body(name))
    return listed(
      kernel,
      call,
      providers.map((one) => ({ id: one.id, body: one }))
    )
  })

  routes.on(HOST, 'GET', '/subscriptions/:subscription/providers/:namespace', (call) => {
    kernel.rbac.require(call.caller, read, scope)
    return { status: 200, body: body(call.params.namespace ?? '') }
  })

  routes.on(HOST, 'POST', '/subscriptions/:subscription/providers/:namespace/register', (call) => {
    const namespace = call.params.namespace ?? ''
    kernel.rbac.require(call.caller, `${namespace}/register/action`, scope)
    if (inner.stateOf(namespace) !== 'Registered') {
      inner.changed.set(key(namespace), 'Registering')
      kernel.clock.after(kernel.latency('registerProvider'), () => {
        inner.changed.set(key(namespace), 'Registered')
      })
    }
    return { status: 200, body: body(namespace) }
  })
}
