import type { Namespace, TrackedResource } from '../../resources/model.ts'

/** What of one namespace is linked to it: an entry of its map of endpoints (contract B 3.2). */
export interface Endpoint {
  readonly endpointType?: string
  /** ARM id of the hub or DPS. */
  readonly resourceId?: string
  readonly inboundCallerIdentity?: {
    readonly type?: string
    readonly userAssignedIdentity?: string
  }
  readonly provisioning?: { readonly availability?: string; readonly allocationWeight?: number }
  readonly linkingState?: string
  readonly linkingError?: { readonly code?: string; readonly message?: string }
  /** Of a hub that is linked, as devices reach it. */
  readonly deviceAddress?: string
}

/** Endpoints by their name, which is any. */
export type Endpoints = Readonly<Record<string, Endpoint>>

/** A section of the namespace's properties: hubs are linked in the one, the DPS in the other. */
export type Section = 'messaging' | 'provisioning'

/** A namespace that knows what is linked to it. */
export interface LinkingNamespace extends Namespace {
  readonly properties?: {
    readonly provisioningState?: string
    readonly state?: string
    /** Never changes, and is never used again. */
    readonly uuid?: string
    /** Absent when the system-assigned identity acts outwards. */
    readonly outboundIdentity?: { readonly type?: string; readonly userAssignedIdentity?: string }
  } & { readonly [S in Section]?: { readonly endpoints?: Endpoints } }
}

/** A certificate authority of a namespace: its root, or one that issues. */
export interface CertificateAuthority extends TrackedResource {
  readonly properties?: {
    readonly provisioningState?: string
    readonly certificateAuthorityType?: string
    readonly keyType?: string
    readonly issuer?: {
      readonly issuerType?: string
      readonly certificateAuthorityResourceId?: string
      /** Of one that somebody else's CA signs. */
      readonly status?: string
    }
    readonly subject?: string
    readonly validityNotAfter?: string
  }
}

/** How long the certificates of an issuing CA live. It carries no tags (contract B 6.5). */
export interface CertificatePolicy {
  readonly id: string
  readonly name: string
  readonly properties?: {
    readonly provisioningState?: string
    readonly certificate?: { readonly validityPeriodInDays?: number }
  }
}

/** A device that registered; Azure makes it, and it keeps its namespace from going (contract B 9.2 and 10). */
export interface RegistryDevice extends TrackedResource {
  readonly properties?: { readonly provisioningState?: string; readonly externalDeviceId?: string }
}
