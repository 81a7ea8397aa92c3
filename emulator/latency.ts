/** What Azure takes its time for. */
export type LatencyName =
  | 'request'
  | 'registerProvider'
  | 'namespaceWrite'
  | 'namespaceDelete'
  | 'credentialWrite'
  | 'policyWrite'
  | 'policyUpdate'
  | 'synchronize'
  | 'hubCreate'
  | 'hubUpdate'
  | 'hubDelete'
  | 'dpsCreate'
  | 'dpsUpdate'
  | 'dpsDelete'
  | 'groupDelete'
  | 'principalReplication'
  | 'typedPrincipalReplication'
  | 'grantPropagation'
  | 'dpsGrantPropagation'
  | 'listLag'
  | 'namespaceUpdate'
  | 'namespaceHeal'
  | 'dpsLink'
  | 'hubLink'
  | 'endpointProjection'
  | 'mirrorLag'
  | 'authorityWrite'
  | 'authorityDelete'
  | 'certificatePolicyWrite'
  | 'hubCertificatePush'
  | 'childIndexLag'
  | 'registryDeviceDelete'
  | 'readLag'
  | 'operationEnd'

/** How long each kind of work takes, in emulated milliseconds, and the poll interval it advises. */
export interface Profile {
  readonly latency: Readonly<Record<LatencyName, number>>
  /** Seconds of `Retry-After`. */
  readonly retryAfter: number
}

export type ProfileName = 'instant' | 'fast' | 'azure'

const second = 1000
const minute = 60 * second

const instant: Readonly<Record<LatencyName, number>> = {
  request: 0,
  registerProvider: 0,
  namespaceWrite: 0,
  namespaceDelete: 0,
  credentialWrite: 0,
  policyWrite: 0,
  policyUpdate: 0,
  synchronize: 0,
  hubCreate: 0,
  hubUpdate: 0,
  hubDelete: 0,
  dpsCreate: 0,
  dpsUpdate: 0,
  dpsDelete: 0,
  groupDelete: 0,
  principalReplication: 0,
  typedPrincipalReplication: 0,
  grantPropagation: 0,
  dpsGrantPropagation: 0,
  listLag: 0,
  namespaceUpdate: 0,
  namespaceHeal: 0,
  dpsLink: 0,
  hubLink: 0,
  endpointProjection: 0,
  mirrorLag: 0,
  authorityWrite: 0,
  authorityDelete: 0,
  certificatePolicyWrite: 0,
  hubCertificatePush: 0,
  childIndexLag: 0,
  registryDeviceDelete: 0,
  readLag: 0,
  operationEnd: 0
}

/** Everything takes a moment, so that order and waiting matter, but nobody falls asleep. */
const fast: Readonly<Record<LatencyName, number>> = {
  request: 5,
  registerProvider: 500,
  namespaceWrite: 400,
  namespaceDelete: 300,
  credentialWrite: 400,
  policyWrite: 300,
  policyUpdate: 200,
  synchronize: 400,
  hubCreate: 600,
  hubUpdate: 300,
  hubDelete: 300,
  dpsCreate: 400,
  dpsUpdate: 200,
  dpsDelete: 200,
  groupDelete: 400,
  principalReplication: 300,
  typedPrincipalReplication: 0,
  grantPropagation: 300,
  dpsGrantPropagation: 300,
  listLag: 100,
  namespaceUpdate: 200,
  namespaceHeal: 200,
  dpsLink: 300,
  hubLink: 400,
  endpointProjection: 0,
  mirrorLag: 100,
  authorityWrite: 300,
  authorityDelete: 200,
  certificatePolicyWrite: 200,
  hubCertificatePush: 200,
  childIndexLag: 0,
  registryDeviceDelete: 100,
  readLag: 0,
  operationEnd: 0
}

/** The contract's figures where it has any; the others are guesses of the same order. */
const azure: Readonly<Record<LatencyName, number>> = {
  request: 120, // [INF] an ordinary ARM round trip
  registerProvider: 30 * second, // 5.1: seconds to minutes
  namespaceWrite: 3 * minute, // 7.1: up to 5 minutes
  namespaceDelete: 90 * second, // [INF]
  credentialWrite: 2 * minute, // 7.2: may take several minutes
  policyWrite: 90 * second, // [INF] after 7.2
  policyUpdate: 20 * second, // 7.3: the official test waits 20 s after a PATCH
  synchronize: 2 * minute, // 7.4: may take several minutes
  hubCreate: 4 * minute, // 8.2: minutes, no figure
  hubUpdate: 45 * second, // [INF]
  hubDelete: 90 * second, // [INF]
  dpsCreate: 30 * second, // 9.2: about 30 s in the recording
  dpsUpdate: 15 * second, // [INF] after 9.2
  dpsDelete: 20 * second, // [INF]
  groupDelete: 3 * minute, // 12: minutes
  principalReplication: 45 * second, // 11.1: 5 s x 36 is enough, 15 s x 8 as well
  typedPrincipalReplication: 0, // 6.1: principalType switches the existence check off
  grantPropagation: 90 * second, // 11.2: up to 10 minutes, the test script sleeps 60 s
  dpsGrantPropagation: 75 * second, // 10: 8 tries from 15 s
  listLag: 10 * second, // 20.2: seconds to minutes
  namespaceUpdate: 20 * second, // [INF] the write alone, without the links that it begins
  namespaceHeal: 30 * second, // [INF]
  dpsLink: 60 * second, // [INF] no measurement, budgets of 600 s and more (contract B, 3.5)
  hubLink: 90 * second, // [INF] as dpsLink
  endpointProjection: 0, // contract B, 3.5: an endpoint may be missing at first; scenarios ask for it
  mirrorLag: 15 * second, // [INF]
  authorityWrite: 30 * second, // [INF]
  authorityDelete: 20 * second, // [INF]
  certificatePolicyWrite: 15 * second, // [INF]
  hubCertificatePush: 30 * second, // [INF] no source (contract B, 7)
  childIndexLag: 20 * second, // [INF] up to 120 s (contract B, 10)
  registryDeviceDelete: 10 * second, // [INF]
  readLag: 0, // 11.6 has it for single properties only; scenarios ask for it
  operationEnd: 0 // from a resource that reads as ready to its operation's end: 8.2 has both asked for; scenarios ask for it
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  instant: { latency: instant, retryAfter: 0 },
  fast: { latency: fast, retryAfter: 1 },
  // 2.3: the service names 10 s and more.
  azure: { latency: azure, retryAfter: 10 }
}
