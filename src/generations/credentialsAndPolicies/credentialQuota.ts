import type { Azure } from '../../azure/azure.ts'
import { undefinedIfForbidden } from '../../azure/errors/undefinedIfForbidden.ts'
import type { Quota } from '../../resources/creationPreflight.ts'
import { sameLocation } from '../../resources/differences.ts'
import type { TrackedResource } from '../../resources/model.ts'

/** Contract section 3 has it from one user: a word of warning is all that it is good for. */
const CREDENTIALS_IN_REGION = 2

/** The credentials of the region, as far as the caller may see them; other subscriptions of the tenant count as well. */
export async function credentialQuota(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  subscriptionId: string,
  region: string | undefined,
  signal: AbortSignal
): Promise<Quota | undefined> {
  const apiVersion = versions.deviceRegistry
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.DeviceRegistry/namespaces`
  const namespaces = await undefinedIfForbidden(() =>
    arm.list<TrackedResource>(path, apiVersion, { operation: 'list the namespaces', signal })
  )
  const full: string[] = []
  for (const { id, location } of namespaces ?? []) {
    if (!sameLocation(location, region)) continue
    const credential = await undefinedIfForbidden(() =>
      arm.get(`${id}/credentials/default`, apiVersion, {
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
