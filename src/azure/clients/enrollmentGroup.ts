import type { Target } from '../../settings/settings.ts'

/** An enrollment group as the service tells it, unknown properties included. */
export interface EnrollmentGroup {
  readonly enrollmentGroupId: string
  readonly etag?: string
  readonly attestation?: { readonly type?: string }
  readonly credentialPolicyName?: string
  readonly provisioningStatus?: string
  readonly allocationPolicy?: string
  readonly capabilities?: { readonly iotEdge?: boolean }
  readonly initialTwin?: Readonly<Record<string, unknown>>
  readonly iotHubs?: readonly string[]
}

/** A DPS and where its data plane answers. */
export interface DpsHost extends Target {
  /** Service host name as the DPS tells it. */
  readonly hostName: string
}
