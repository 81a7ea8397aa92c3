/** ARM resources as Azure answers them, as far as they are read here: everything may be missing that is not there yet. */

/** What every tracked ARM resource answers, as far as ownership and drift need it. */
export interface TrackedResource {
  readonly id: string
  readonly name: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: { readonly provisioningState?: string; readonly state?: string }
  /** Of hubs and DPSs only. */
  readonly etag?: string
}

/** The identities of a resource: its own, and those that are attached to it by their ids. */
export interface Identity {
  readonly type?: string
  /** Object id of the system-assigned one. */
  readonly principalId?: string
  readonly userAssignedIdentities?: Readonly<Record<string, { readonly principalId?: string }>>
}

/** An IoT hub. */
export interface Hub extends TrackedResource {
  readonly sku?: { readonly name?: string; readonly capacity?: number }
  readonly identity?: Identity
  readonly properties?: {
    readonly provisioningState?: string
    readonly state?: string
    readonly hostName?: string
    readonly deviceRegistry?: {
      readonly namespaceResourceId?: string
      readonly identityResourceId?: string
    }
  }
}
/** A hub as the DPS lists it; the key in its connection string is masked by Azure. */
export interface LinkedHub {
  /** Host name of the hub. */
  readonly name?: string
  readonly connectionString?: string
  readonly location?: string
  readonly allocationWeight?: number
  readonly applyAllocationPolicy?: boolean
}

/** A Device Provisioning Service. */
export interface Dps extends TrackedResource {
  readonly sku?: { readonly name?: string; readonly capacity?: number }
  readonly identity?: Identity
  readonly properties?: {
    readonly provisioningState?: string
    readonly state?: string
    readonly idScope?: string
    readonly serviceOperationsHostName?: string
    readonly deviceProvisioningHostName?: string
    readonly iotHubs?: readonly LinkedHub[]
    readonly deviceRegistryNamespace?: {
      readonly resourceId?: string
      readonly selectedUserAssignedIdentityResourceId?: string
    }
    /** In the newer model, which has one at most. */
    readonly deviceRegistryNamespaces?: readonly { readonly resourceId?: string }[]
  }
}
/** A namespace of Azure Device Registry. */
export interface Namespace extends TrackedResource {
  readonly identity?: Identity
}
/** An issuing CA below the credential. */
export interface Policy extends TrackedResource {
  readonly properties?: {
    readonly provisioningState?: string
    readonly certificate?: {
      readonly certificateAuthorityConfiguration?: {
        /** `CN=<32 hex>`, chosen by Azure: another one means another issuing CA under the same name. */
        readonly subject?: string
        readonly validityNotAfter?: string
      }
      readonly leafCertificateConfiguration?: { readonly validityPeriodInDays?: number }
    }
  }
}
/** Ids of what a hub is joined by. */
export function usedByHub({ identity, properties }: Hub): readonly string[] {
  const { namespaceResourceId, identityResourceId } = properties?.deviceRegistry ?? {}
  return present(
    namespaceResourceId,
    identityResourceId,
    ...Object.keys(identity?.userAssignedIdentities ?? {})
  )
}

/** Ids of what a DPS is joined by. */
export function usedByDps({ identity, properties }: Dps): readonly string[] {
  return present(
    properties?.deviceRegistryNamespace?.resourceId,
    ...(properties?.deviceRegistryNamespaces ?? []).map(({ resourceId }) => resourceId),
    ...Object.keys(identity?.userAssignedIdentities ?? {})
  )
}

function present(...ids: readonly (string | undefined)[]): readonly string[] {
  return ids.filter((id) => id !== undefined)
}
