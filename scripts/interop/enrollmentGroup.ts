import { createHmac } from 'node:crypto'
import type { Az } from './az.ts'

/** Seconds that a signature is good for. */
const GOOD_FOR = 3_600
/** The policy that may write enrollments, made with each DPS. */
const POLICY = 'provisioningserviceowner'

/**
 * A DPS as a person reaches its enrollment groups: core `az` has no command for them, so `az rest` with a signature.
 *
 * @param version of the service's data plane
 */
export async function enrollments(az: Az, dps: string, group: string, version: string) {
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
      ...['--url', `https://${host}${path}?api-version=${version}`, ...more]
    )
  return {
    show: (name: string) => rest('get', `/enrollmentGroups/${name}`),
    /** With devices that have a symmetric key, without hubs. @param issuing names what issues their certificates */
    make: (name: string, issuing: Readonly<Record<string, string>>) =>
      rest(
        'put',
        `/enrollmentGroups/${name}`,
        '--body',
        JSON.stringify({
          enrollmentGroupId: name,
          attestation: { type: 'symmetricKey' },
          ...issuing
        })
      ),
    remove: (name: string) => rest('delete', `/enrollmentGroups/${name}`)
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
