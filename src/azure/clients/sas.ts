import { createHmac } from 'node:crypto'

/**
 * A shared access signature for a DPS (contract section 10).
 *
 * @param host service host name of the DPS
 * @param expiry Unix time in seconds
 */
export function sharedAccessSignature(
  host: string,
  policy: { readonly name: string; readonly key: string },
  expiry: number
): string {
  const resource = encodeURIComponent(host)
  const signature = createHmac('sha256', Buffer.from(policy.key, 'base64'))
    .update(`${resource}\n${expiry}`)
    .digest('base64')
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${encodeURIComponent(policy.name)}`
}
