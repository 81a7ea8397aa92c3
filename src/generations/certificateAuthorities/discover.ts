import type { Azure } from '../../azure/azure.ts'
import type { SubscriptionInventory } from '../../resources/subscriptionInventory.ts'
import { ownerOf } from '../../settings/ownerTags.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { Environment, PolicySpec } from '../../settings/settings.ts'
import { discoverEnvironment, type Ties } from '../discovery.ts'
import { listAuthorities } from './authorities.ts'
import { endpointTo } from './endpoints.ts'
import { mirrored } from './linkStep.ts'
import type { LinkingNamespace } from './model.ts'
import { issuingName } from './names.ts'

/**
 * The environment with what is found of it. The namespaces say what is linked to them; what hub and DPS say of it comes
 * later, or not at all (contract B 4.1).
 */
export async function discover(
  azure: Azure,
  wanted: Environment,
  inventory: SubscriptionInventory,
  signal: AbortSignal
): Promise<Environment> {
  const namespaces = await inventory.namespaces<LinkingNamespace>(signal)
  const linkedTo = (id: string) => namespaces.find((one) => endpointTo(one, id))?.id
  const ties: Ties = {
    namespaceOf: (hubs, dpss) => {
      const made = [...hubs, ...dpss]
      const ids = [...made, ...wanted.hubs].map(({ id }) => id)
      return ids.map(linkedTo).find(Boolean) ?? made.map(mirrored).find(Boolean)
    },
    serves: (dps, _hubs, namespaceId) =>
      namespaceId !== undefined && sameId(linkedTo(dps.id) ?? mirrored(dps), namespaceId)
  }
  const environment = await discoverEnvironment(azure, wanted, inventory, ties, signal)
  return { ...environment, policies: await policiesOf(azure, environment, signal) }
}

/** Those that are wanted, and those whose issuing CA the environment made. */
async function policiesOf(
  azure: Azure,
  { namespace, ownership, policies }: Environment,
  signal: AbortSignal
): Promise<readonly PolicySpec[]> {
  const authorities = await listAuthorities(azure, namespace.id, signal)
  const prefix = issuingName('')
  const made = authorities
    .filter((authority) => ownerOf(authority, ownership) === 'ours')
    .flatMap(({ name }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    .filter((name) => !policies.some((spec) => sameId(spec.name, name)))
  return [...policies, ...made.map((name) => ({ name, leafValidityDays: 0 }))]
}
