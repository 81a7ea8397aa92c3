import type { Call } from '../../kernel.ts'
import { NAMESPACE, namespaceId } from '../addresses.ts'

export const AUTHORITY = `${NAMESPACE}/certificateAuthorities/:authority`
export const AUTHORITY_ACTION = 'Microsoft.DeviceRegistry/namespaces/certificateAuthorities'

/** Names of certificate authorities and of their policies (contract B, 6). */
export const AUTHORITY_NAME = /^[0-9a-zA-Z][a-zA-Z0-9-]{2,62}$/

export function authorityId(call: Call): string {
  return `${namespaceId(call)}/certificateAuthorities/${call.params.authority}`
}
