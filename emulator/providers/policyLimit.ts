import { ArmError } from '../armError.ts'
import type { Config } from '../config.ts'
import { key } from '../ids.ts'
import type { Kernel } from '../kernel.ts'

/**
 * Later editions of Microsoft's preview pages give a namespace one policy. How a service refuses the next one is nowhere
 * told for this preview: [INF] each of the ways that its successor was seen to take (contract B, 6.6), and a quota.
 */
const REFUSALS = {
  limit: new ArmError(
    400,
    'CertificatePolicyLimitExceeded',
    'The maximum number of certificate policies has been reached.'
  ),
  quota: new ArmError(
    403,
    'PolicyQuotaExceeded',
    'The number of policies in the namespace has reached its limit.'
  ),
  conflict: new ArmError(409, 'Conflict', 'The credential already has a certificate policy.')
} as const satisfies Readonly<Record<Exclude<Config['policyRefusal'], 'operation'>, ArmError>>

/**
 * @param quota what limits the policies beside this one
 * @param when a request may be taken, and its operation fail
 * @throws ArmError when there are all the policies that there may be
 */
export function checkPolicyLimit(
  { config, world }: Kernel,
  id: string,
  quota: 'policies' | 'certificatePolicies',
  when: 'request' | 'operation'
): void {
  const { quotas, policyRefusal } = config()
  if ((policyRefusal === 'operation') !== (when === 'operation')) return
  const siblings = key(id).slice(0, key(id).lastIndexOf('/') + 1)
  const others = [...world.resources.keys()].filter(
    (other) => other.startsWith(siblings) && other !== key(id)
  )
  if (others.length >= quotas[quota])
    throw REFUSALS[policyRefusal === 'operation' ? 'limit' : policyRefusal]
}
