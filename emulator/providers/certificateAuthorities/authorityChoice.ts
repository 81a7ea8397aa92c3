/** What the maker of a certificate authority chooses, once and for all. */
export interface Chosen {
  readonly certificateAuthorityType: 'Root' | 'ICA'
  readonly keyType: 'ECC'
  readonly issuer?: {
    readonly issuerType: 'Microsoft' | 'External'
    readonly certificateAuthorityResourceId?: string
  }
}

/** The same without what only the service sets. */
export function chosenOf({ certificateAuthorityType, keyType, issuer }: Chosen): Chosen {
  if (issuer === undefined) return { certificateAuthorityType, keyType }
  const { issuerType, certificateAuthorityResourceId } = issuer
  return {
    certificateAuthorityType,
    keyType,
    issuer: {
      issuerType,
      ...(certificateAuthorityResourceId !== undefined && { certificateAuthorityResourceId })
    }
  }
}
