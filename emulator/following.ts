import type { Config } from './config.ts'
import { groupId, key, parseId } from './ids.ts'
import type { Kernel } from './kernel.ts'

/** Where an operation is followed: how it goes, and what came of it. */
export interface Addresses {
  readonly status: string
  readonly result: string
}

/** The right to read at an address of these; both are the same right but for Azure Device Registry. */
export function followAction(address: string): string {
  const { provider, type } = parseId(address)
  return `${provider && type ? `${provider}/${type}` : 'Microsoft.Resources/subscriptions/operationresults'}/read`
}

/**
 * Whether a principal may follow an operation. An address below the subscription names no resource group; Microsoft's
 * "Track asynchronous Azure operations" has it that the right on the resource group is enough to read it. The stricter
 * reading, the right at the very address, is an option.
 */
export function mayFollow(
  { allows }: Pick<Kernel['rbac'], 'allows'>,
  { operationsFollowed }: Pick<Config, 'operationsFollowed'>,
  principalId: string,
  address: string,
  resourceId: string
): boolean {
  const action = followAction(address)
  if (allows(principalId, action, address)) return true
  return (
    operationsFollowed === 'group' && allows(principalId, action, groupId(resourceId) ?? address)
  )
}

/**
 * Where Microsoft.Devices has its operations followed. `recorded` is what contract 2.3 and 9.2 saw. Microsoft's list of
 * rights knows three places more, and recordings of its JavaScript SDK (arm-iothub, 2021) one of them: `listed` has hubs at
 * their location and a DPS below itself, `provider` has both below the provider [INF].
 */
export function devicesAddress(
  style: Config['devicesOperations'],
  root: string,
  location: string,
  resourceId: string
): string {
  const isDps = /provisioningservices/i.test(parseId(resourceId).type ?? '')
  const provider = `${root}/providers/Microsoft.Devices`
  const at = `${provider}/locations/${location}`
  if (style === 'provider') return `${provider}/operationResults`
  if (style === 'listed') return `${isDps ? resourceId : at}/operationResults`
  return isDps ? `${at}/provisioningserviceoperationresults` : `${resourceId}/operationResults`
}

/** Everybody who has a role anywhere. */
export function principalsOf({ roleAssignments }: Kernel['world']): ReadonlySet<string> {
  return new Set(
    [...roleAssignments.values()].map(({ body }) =>
      key((body.properties as { principalId: string }).principalId)
    )
  )
}
