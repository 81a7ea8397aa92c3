import type { Azure } from '../azure/azure.ts'
import { undefinedIfForbidden } from '../azure/errors/undefinedIfForbidden.ts'
import type { Quota } from '../resources/creationPreflight.ts'
import type { Dps } from '../resources/model.ts'

/** Contract section 3. */
const DPS_IN_SUBSCRIPTION = 10
/** Azure tells nobody how many there may be; a subscription that has more than ten has had its limit raised. */
export async function dpsQuota(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  subscriptionId: string,
  signal: AbortSignal
): Promise<Quota | undefined> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Devices/provisioningServices`
  const operation = 'list the Device Provisioning Services'
  const found = await undefinedIfForbidden(() =>
    arm.list<Dps>(path, versions.provisioning, { operation, signal })
  )
  if (found?.length !== DPS_IN_SUBSCRIPTION) return undefined
  return {
    problem: {
      what: `the subscription has ${found.length} Device Provisioning Services, as many as Azure allows: ${found.map(({ id }) => id.split('/').at(-1)).join(', ')}`,
      advice:
        'Share one between environments: give its ARM id with the input `dps`. Or remove environments that nobody needs: `operation: sweep`. If Azure support has raised the limit, make the next one by hand (`az iot dps create`): with more than ten, this check is skipped.'
    }
  }
}
