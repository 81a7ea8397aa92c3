import type { Azure } from '../azure/azure.ts'
import { ifAnswered } from '../azure/ifAnswered.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Unmanaged } from '../engine/step.ts'
import type { Environment, Target } from '../settings/settings.ts'
import type { Dps } from './dps.ts'
import type { Hub } from './hub.ts'
import { sameId, type Tracked } from './ownership.ts'

/**
 * What else lives in the subscription, as far as the caller may see it: hubs and DPS instances that use a resource of ours
 * keep it alive.
 */
export class Neighbours {
  readonly #azure: Azure
  readonly #group: Target
  readonly #subscription: string
  #hubs: Promise<readonly Hub[]> | undefined
  #dpss: Promise<readonly Dps[]> | undefined

  constructor(
    azure: Azure,
    { subscriptionId, group }: Pick<Environment, 'subscriptionId' | 'group'>
  ) {
    this.#azure = azure
    this.#group = group
    this.#subscription = `/subscriptions/${subscriptionId}`
  }

  hubs(signal: AbortSignal): Promise<readonly Hub[]> {
    this.#hubs ??= this.#list<Hub>('Microsoft.Devices/IotHubs', VERSIONS.iotHub, signal)
    return this.#hubs
  }

  dpss(signal: AbortSignal): Promise<readonly Dps[]> {
    this.#dpss ??= this.#list<Dps>(
      'Microsoft.Devices/provisioningServices',
      VERSIONS.provisioning,
      signal
    )
    return this.#dpss
  }

  /** Every resource of the subscription with this tag; lists lag behind by seconds to minutes (contract 20.2). */
  async tagged(name: string, value: string, signal: AbortSignal): Promise<readonly Tracked[]> {
    const query = { $filter: `tagName eq '${name}' and tagValue eq '${value}'` }
    const [resources, groups] = await Promise.all([
      this.#wide<Tracked>('/resources', VERSIONS.resources, signal, query),
      ifAnswered(() =>
        this.#azure.arm.list<Tracked>(`${this.#subscription}/resourcegroups`, VERSIONS.resources, {
          operation: 'list resource groups',
          query,
          signal
        })
      )
    ])
    return [...(groups ?? []), ...resources]
  }

  /** What lies in the group. */
  async inGroup(group: Target, signal: AbortSignal): Promise<readonly Unmanaged[]> {
    const found = await this.#azure.arm.list<Tracked & { readonly type: string }>(
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

  #list<T>(type: string, apiVersion: string, signal: AbortSignal): Promise<readonly T[]> {
    return this.#wide<T>(`/providers/${type}`, apiVersion, signal)
  }

  /** Asks the subscription, or only the group when the caller's rights end there. */
  async #wide<T>(
    below: string,
    apiVersion: string,
    signal: AbortSignal,
    query: Readonly<Record<string, string>> = {}
  ): Promise<readonly T[]> {
    const options = { operation: 'list resources', query, signal }
    return (
      (await ifAnswered(() =>
        this.#azure.arm.list<T>(`${this.#subscription}${below}`, apiVersion, options)
      )) ?? this.#azure.arm.list<T>(`${this.#group.id}${below}`, apiVersion, options)
    )
  }
}

/** Ids of what a hub is joined by. */
export function usedByHub({ identity, properties }: Hub): readonly string[] {
  const { namespaceResourceId, identityResourceId } = properties?.deviceRegistry ?? {}
  return present(
    namespaceResourceId,
    identityResourceId,
    ...Object.keys(identity?.userAssignedIdentities ?? {})
  )
}

/** Ids of what a DPS is joined by. */
export function usedByDps({ identity, properties }: Dps): readonly string[] {
  return present(
    properties?.deviceRegistryNamespace?.resourceId,
    ...Object.keys(identity?.userAssignedIdentities ?? {})
  )
}

function present(...ids: readonly (string | undefined)[]): readonly string[] {
  return ids.filter((id) => id !== undefined)
}
