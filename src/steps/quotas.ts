import { ifAnswered } from '../azure/errors/ifAnswered.ts'
import type { Problem, See, Step } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import { sameLocation } from '../resources/differences.ts'
import type { Dps, Tracked } from '../resources/model.ts'
import type { NamespaceFacts } from './namespace.ts'

/** What stands against one more of a kind: a limit that is reached, or one that may be. */
export interface Quota {
  readonly problem?: Problem
  readonly warning?: string
}

/** Contract section 3. */
const DPS_IN_SUBSCRIPTION = 10
/** Contract section 3 has it from one user: a word of warning is all that it is good for. */
const CREDENTIALS_IN_REGION = 2

/** Azure tells nobody how many there may be; a subscription that has more than ten has had its limit raised. */
export async function dpsQuota(
  { azure, environment }: Context,
  signal: AbortSignal
): Promise<Quota | undefined> {
  const path = `/subscriptions/${environment.subscriptionId}/providers/Microsoft.Devices/provisioningServices`
  const operation = 'list the Device Provisioning Services'
  const found = await ifAnswered(() =>
    azure.arm.list<Dps>(path, azure.versions.provisioning, { operation, signal })
  )
  if (found?.length !== DPS_IN_SUBSCRIPTION) return undefined
  return {
    problem: {
      what: `the subscription has ${found.length} Device Provisioning Services, as many as Azure allows: ${found.map(({ id }) => id.split('/').at(-1)).join(', ')}`,
      advice:
        'Share one between environments: give its ARM id with the input `dps`. Or remove environments that nobody needs: `operation: sweep`. If Azure support has raised the limit, make the next one by hand (`az iot dps create`): with more than ten this check stands back.'
    }
  }
}

/** The credentials of the region, as far as the caller may see them; other subscriptions of the tenant count as well. */
export async function credentialQuota(
  { azure, environment }: Context,
  namespace: Step<NamespaceFacts>,
  see: See,
  signal: AbortSignal
): Promise<Quota | undefined> {
  const region = see(namespace).resource?.location ?? environment.location
  const apiVersion = azure.versions.deviceRegistry
  const path = `/subscriptions/${environment.subscriptionId}/providers/Microsoft.DeviceRegistry/namespaces`
  const namespaces = await ifAnswered(() =>
    azure.arm.list<Tracked>(path, apiVersion, { operation: 'list the namespaces', signal })
  )
  const full: string[] = []
  for (const { id, location } of namespaces ?? []) {
    if (!sameLocation(location, region)) continue
    const credential = await ifAnswered(() =>
      azure.arm.get(`${id}/credentials/default`, apiVersion, {
        operation: 'read Credential',
        signal
      })
    )
    if (credential !== undefined) full.push(id)
    if (full.length === CREDENTIALS_IN_REGION) {
      return {
        warning: `${full.length} namespaces in ${region} have a credential already (${full.join(', ')}), and the preview may allow a tenant no more in one region. If Azure refuses with CredentialQuotaExceeded, share one of them: give its ARM id with the input \`namespace\`.`
      }
    }
  }
  return undefined
}
