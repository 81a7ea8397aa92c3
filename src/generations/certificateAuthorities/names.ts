/** The root of a namespace, which has one. */
export const ROOT_NAME = 'root'

/** Each policy has an issuing CA of its own (contract B 6.6), named after it. */
export function issuingName(policy: string): string {
  return `issuing-${policy}`
}

export function authorityId(namespaceId: string, name: string): string {
  return `${namespaceId}/certificateAuthorities/${name}`
}

export function policyId(authority: string, name: string): string {
  return `${authority}/certificatePolicies/${name}`
}
