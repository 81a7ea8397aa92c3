/**
 * What Azure Device Registry of 2026-11-01 does where sources leave it open, and what may go wrong there although a client
 * did everything right (contract B, 15.3 and 15.4).
 */
export interface RegistryConfig {
  /** So many attempts to link an endpoint fail as if its grants were not there yet. */
  readonly attemptsUnauthorized: number
  /** So many further attempts are rejected as invalid. */
  readonly attemptsRejected: number
  /** Whether hub and DPS tell of their link at all. */
  readonly mirrored: boolean
  /** Whether the data plane of a DPS learns of the link only by a PATCH of its tags. */
  readonly pushNeeded: boolean
  /** Whether a namespace is `Failed` once although all its links succeeded, until a PATCH of its tags. */
  readonly healNeeded: boolean
  /** Whether a PATCH of endpoints is refused, so that only a PUT can link. */
  readonly patchRefused: boolean
  /** Where a PATCH of a namespace is followed. */
  readonly patchFollowed: 'location' | 'async' | 'both'
  /** Whether the system identity of a namespace is another principal in each model. */
  readonly principalPerModel: boolean
  /** Whether issuing needs grant b7. */
  readonly issuingGrantNeeded: boolean
  /** Whether registration needs grant b8. */
  readonly hubGrantNeeded: boolean
  /** Whether the removal of an endpoint needs grant b9, Reader on the group of what it led to. */
  readonly unlinkGrantNeeded: boolean
  /** Which endpoints keep a namespace from being deleted: those whose target is there, all, or none. */
  readonly endpointsHold: 'living' | 'all' | 'none'
  /** Whether a DPS that is made again under its name takes the place of the one that was linked (no source tells). */
  readonly dpsRevived: boolean
  /** Whether the certificate of an issuing CA ever arrives on the hubs. */
  readonly hubsLearn: boolean
  /** Whether a hub that is linked learns of the issuing CAs that are there already. */
  readonly hubsLearnAtLink: boolean
  /** Whether a PUT of a certificate policy must name a location. */
  readonly policyLocationNeeded: boolean
  /** Which name of a hub `assignedHub` tells. */
  readonly assignedHub: 'deviceHostName' | 'hostName'
  /** By which names of hubs an enrollment group may choose. */
  readonly groupHubs: 'either' | 'deviceHostName' | 'hostName'
  /** Whether registration leaves a device in the namespace. */
  readonly registersDevices: boolean
  /** Status of `DisallowedResourceOperation`. */
  readonly disallowedStatus: 400 | 403 | 409
  /** Resource types that work, but that their provider does not list. */
  readonly unlisted: readonly string[]
  /** Resource types that their provider lists, but whose writes are disallowed. */
  readonly disallowed: readonly string[]
}

export const registryDefaults: RegistryConfig = {
  attemptsUnauthorized: 0,
  attemptsRejected: 0,
  mirrored: true,
  pushNeeded: true,
  healNeeded: false,
  patchRefused: false,
  patchFollowed: 'location',
  principalPerModel: false,
  issuingGrantNeeded: true,
  hubGrantNeeded: true,
  unlinkGrantNeeded: true,
  endpointsHold: 'living',
  dpsRevived: false,
  hubsLearn: true,
  hubsLearnAtLink: true,
  policyLocationNeeded: false,
  assignedHub: 'deviceHostName',
  groupHubs: 'either',
  registersDevices: true,
  disallowedStatus: 403,
  unlisted: [],
  disallowed: []
}
