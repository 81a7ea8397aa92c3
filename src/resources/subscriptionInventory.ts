import type { Azure } from '../azure/azure.ts'
import { isDenied } from '../azure/errors/azureError.ts'
import { isUnregistered } from '../azure/errors/undefinedIfForbidden.ts'
import { Memo } from '../azure/http/memo.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Unmanaged } from '../engine/step.ts'
import type { Tagged } from '../settings/ownerTags.ts'
import { sameId } from '../settings/resourceId.ts'
import type { Environment, Target } from '../settings/settings.ts'
import {
  type Dps,
  type Hub,
  type Namespace,
  type TrackedResource,
  usedByDps,
  usedByHub
} from './model.ts'
import { typeOf } from './types.ts'

/**
 * What else lives in the subscription, as far as the caller may see it: hubs and DPS instances that use a resource of ours
 * keep it alive.
 */
export class SubscriptionInventory {
  readonly #azure: Azure
  readonly #group: Target
  readonly #subscription: string
  readonly #hubs = new Memo<readonly Hub[]>()
  readonly #dpss = new Memo<readonly Dps[]>()
  readonly #namespaces = new Memo<readonly Namespace[]>()

  constructor(
    azure: Azure,
    { subscriptionId, group }: Pick<Environment, 'subscriptionId' | 'group'>
  ) {
    this.#azure = azure
    this.#group = group
    this.#subscription = `/subscriptions/${subscriptionId}`
  }

  /** What was listed may be old: the next question is asked anew. */
  forget(): void {
    this.#hubs.forget()
    this.#dpss.forget()
    this.#namespaces.forget()
  }

  hubs(signal: AbortSignal): Promise<readonly Hub[]> {
    const type = 'Microsoft.Devices/IotHubs'
    return this.#hubs.get(type, () => this.#list(type, this.#azure.versions.iotHub, signal))
  }

  dpss(signal: AbortSignal): Promise<readonly Dps[]> {
    const type = 'Microsoft.Devices/provisioningServices'
    return this.#dpss.get(type, () => this.#list(type, this.#azure.versions.provisioning, signal))
  }

  /** Namespaces of Azure Device Registry. */
  namespaces<N extends Namespace>(signal: AbortSignal): Promise<readonly N[]> {
    const type = 'Microsoft.DeviceRegistry/namespaces'
    const { deviceRegistry } = this.#azure.versions
    const ask = () => this.#list<N>(type, deviceRegistry, signal)
    return this.#namespaces.get(type, ask) as Promise<readonly N[]>
  }

  /**
   * Every resource of these types in the subscription with this tag, and groups when asked for. A list that is filtered by
   * tag tells no tags (contract 20.2) and lags behind, so each hit is read by itself.
   */
  async tagged(
    [name, value]: readonly [string, string],
    types: readonly string[],
    signal: AbortSignal
  ): Promise<readonly Tagged[]> {
    const query = { $filter: `tagName eq '${name}' and tagValue eq '${value}'` }
    const [resources, groups] = await Promise.all([
      this.#wide<TrackedResource>('/resources', VERSIONS.resources, signal, query),
      this.#groups(query, signal)
    ])
    const wanted = [...groups, ...resources]
      .map(({ id }) => id)
      .filter((id) => types.some((type) => sameId(typeOf(id), type)))
    const hits = wanted.map(async (id) => ({ id, tags: await this.#azure.tagsOf(id, signal) }))
    return (await Promise.all(hits)).filter(({ tags }) => tags !== undefined)
  }

  /** What lies in the group. */
  async inGroup(group: Target, signal: AbortSignal): Promise<readonly Unmanaged[]> {
    const found = await this.#azure.arm.list<TrackedResource & { readonly type: string }>(
      `${group.id}/resources`,
      VERSIONS.resources,
      { operation: 'list the resources of the group', signal }
    )
    return found.map(({ id, type }) => ({ kind: type, resource: id }))
  }

  /** Hubs and DPS instances that cannot live without the resource. */
  async usersOf(id: string, signal: AbortSignal): Promise<readonly Unmanaged[]> {
    const [hubs, dpss] = await Promise.all([this.hubs(signal), this.dpss(signal)])
    return [
      ...hubs.map((hub) => ({ kind: 'IoT hub', resource: hub.id, uses: usedByHub(hub) })),
      ...dpss.map((dps) => ({
        kind: 'Device Provisioning Service',
        resource: dps.id,
        uses: usedByDps(dps)
      }))
    ].filter(({ uses }) => uses.some((used) => sameId(used, id)))
  }

  /** DPS instances that assign devices to the hub. */
  async linkedBy({ id, properties }: Hub, signal: AbortSignal): Promise<readonly Unmanaged[]> {
    const host = properties?.hostName ?? ''
    return (await this.dpss(signal))
      .filter((dps) => dps.properties?.iotHubs?.some(({ name = '' }) => sameId(name, host)))
      .map((dps) => ({ kind: 'Device Provisioning Service', resource: dps.id, uses: [id] }))
  }

  #list<T>(type: string, apiVersion: string, signal: AbortSignal): Promise<readonly T[]> {
    return this.#wide<T>(`/providers/${type}`, apiVersion, signal)
  }

  /** Groups of the subscription, or the one that was given when the caller's rights end there. */
  async #groups(
    query: Readonly<Record<string, string>>,
    signal: AbortSignal
  ): Promise<readonly { readonly id: string }[]> {
    const path = `${this.#subscription}/resourcegroups`
    const options = { operation: 'list resource groups', query, signal }
    try {
      return await this.#azure.arm.list<TrackedResource>(path, VERSIONS.resources, options)
    } catch (error) {
      if (isDenied(error) && this.#group.given) return [this.#group]
      throw error
    }
  }

  /** Asks the subscription, or only the group that was given when the caller's rights end there. */
  async #wide<T>(
    below: string,
    apiVersion: string,
    signal: AbortSignal,
    query: Readonly<Record<string, string>> = {}
  ): Promise<readonly T[]> {
    const options = { operation: 'list resources', query, signal }
    try {
      return await this.#azure.arm.list<T>(`${this.#subscription}${below}`, apiVersion, options)
    } catch (error) {
      if (isUnregistered(error)) return []
      if (isDenied(error) && this.#group.given)
        return this.#azure.arm.list<T>(`${this.#group.id}${below}`, apiVersion, options)
      throw error
    }
  }
}
