import { createHmac } from 'node:crypto'
import type { Az } from '../az.ts'
import { SERVICE_DATA } from './versions.ts'

/** Seconds that a signature is good for. */
const GOOD_FOR = 3_600
/** The policy that may write enrollments, made with each DPS. */
const POLICY = 'provisioningserviceowner'

/** A DPS as a person reaches its enrollment groups: core `az` has no command for them, so `az rest` with a signature. */
export async function enrollments(az: Az, dps: string, group: string) {
  const { primaryKey } = await az.ask(
    ...['iot', 'dps', 'policy', 'show', '--dps-name', dps, '--resource-group', group],
    ...['--policy-name', POLICY]
  )
  const host = `${dps}.azure-devices-provisioning.net`
  const authorization = signature(host, primaryKey)
  const rest = (method: string, path: string, ...more: readonly string[]) =>
    az.ask(
      ...['rest', '--method', method, '--skip-authorization-header'],
      ...['--headers', `Authorization=${authorization}`, 'Content-Type=application/json'],
      ...['--url', `https://${host}${path}?api-version=${SERVICE_DATA}`, ...more]
    )
  return {
    show: (name: string) => rest('get', `/enrollmentGroups/${name}`),
    /** As the tutorial's last command makes it: by symmetric key, with a policy and without hubs. */
    make: (name: string, policy: string) =>
      rest(
        'put',
        `/enrollmentGroups/${name}`,
        '--body',
        JSON.stringify({
          enrollmentGroupId: name,
          attestation: { type: 'symmetricKey' },
          credentialPolicyName: policy
        })
      )
  }
}

/** https://learn.microsoft.com/azure/iot-dps/how-to-control-access */
function signature(host: string, key: string): string {
  const expiry = Math.floor(Date.now() / 1000) + GOOD_FOR * 24
  const scope = encodeURIComponent(host)
  const sign = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${scope}\n${expiry}`)
    .digest('base64')
  return `SharedAccessSignature sr=${scope}&sig=${encodeURIComponent(sign)}&se=${expiry}&skn=${POLICY}`
}
