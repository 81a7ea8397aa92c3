import { profiles } from '../../emulator/latency.ts'

const { latency } = profiles.azure

/**
 * Milliseconds of Azure's own latencies that no client can do without for a fresh environment of the newer model: what has
 * to follow what, by contract B section 2, at the latencies of the emulator's realistic profile.
 */
export function longestChain(): number {
  const namespace = latency.namespaceWrite
  const inEffect = (made: number) => Math.max(namespace, made) + latency.grantPropagation
  const write = latency.namespaceUpdate
  const dpsLinked = inEffect(latency.dpsCreate) + write + latency.dpsLink
  const hubLinked = Math.max(dpsLinked, inEffect(latency.hubCreate)) + write + latency.hubLink
  const issuing = hubLinked + 2 * latency.authorityWrite
  const held = issuing + latency.hubCertificatePush
  const policy = issuing + latency.certificatePolicyWrite
  return Math.max(held, policy)
}
