import type { Latencies } from './latencies.ts'

/**
 * Milliseconds of Azure's own latencies that no client can do without for a fresh environment: what has to follow what, by
 * model of the service. A grant counts from the moment at which its principal is told and its scope accepted.
 */
export const CHAINS = {
  // Contract B, section 2. The namespace tells the principal of its identity when it is made.
  '2026-11-01': (azure: Latencies): number => {
    const granted = azure.namespaceWrite + azure.grantPropagation
    const link = (ready: number, takes: number) => ready + azure.namespaceUpdate + takes
    const dpsLinked = link(Math.max(granted, azure.dpsCreate), azure.dpsLink)
    const hubLinked = link(Math.max(dpsLinked, azure.hubCreate), azure.hubLink)
    const issuing = hubLinked + 2 * azure.authorityWrite
    return issuing + Math.max(azure.hubCertificatePush, azure.certificatePolicyWrite)
  },
  // Contract, sections 6 to 9. The identity that hub and DPS reach the namespace by is made within a second.
  '2025-11-01-preview': (azure: Latencies): number => {
    const granted = Math.max(azure.namespaceWrite, azure.grantPropagation)
    const hub = granted + azure.hubCreate
    const policy = azure.namespaceWrite + azure.credentialWrite + azure.policyWrite
    const synchronized = Math.max(hub, granted + azure.grantPropagation, policy) + azure.synchronize
    const linked = Math.max(hub, granted + azure.dpsCreate) + azure.dpsUpdate
    return Math.max(synchronized, linked)
  }
} as const

/**
 * The same for an environment of the tutorial's model that joins a namespace and a DPS which are there: an identity that is
 * to be granted on the namespace, a policy, and a hub that is linked to the DPS.
 *
 * @param turn of how many environments whose hubs are ready at once this is, as a DPS takes one change at a time
 */
export function joiningChain(azure: Latencies, turn: number): number {
  const hub = azure.grantPropagation + azure.hubCreate
  const granted = 2 * azure.grantPropagation
  const synchronized = Math.max(hub, granted, azure.policyWrite) + azure.synchronize
  return Math.max(synchronized, hub + turn * azure.dpsUpdate)
}

/**
 * Milliseconds of the deletions that follow each other when an environment goes, by model of the service: hub and DPS at
 * once, then what issues certificates, the namespace, and the group. A credential takes as long as a namespace; a namespace
 * is refused to go while Azure's index still shows a child (contract B, section 10).
 */
export const DELETIONS = {
  '2026-11-01': (azure: Latencies): number =>
    Math.max(azure.hubDelete, azure.dpsDelete) +
    3 * azure.authorityDelete +
    azure.childIndexLag +
    azure.namespaceDelete +
    azure.groupDelete,
  '2025-11-01-preview': (azure: Latencies): number =>
    Math.max(azure.hubDelete, azure.dpsDelete) + 2 * azure.namespaceDelete + azure.groupDelete
} as const

export type Model = keyof typeof CHAINS
