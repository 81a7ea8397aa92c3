import type { Azure } from '../../azure/azure.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { isPassing } from '../../azure/http/retry.ts'
import { poll, retryWhile } from '../../azure/http/wait.ts'
import type { AnyStep, See, Step } from '../../engine/step.ts'
import { cannot, type Verdict } from '../../engine/verdict.ts'
import { BUDGETS } from '../../resources/budgets.ts'
import type { Claim } from '../../resources/claim.ts'
import { born } from '../../resources/creationPreflight.ts'
import { differs } from '../../resources/differences.ts'
import { isOurs } from '../../resources/ownership.ts'
import { isStuck, notReady } from '../../resources/state.ts'
import { placeIn, sameId } from '../../settings/resourceId.ts'
import type { PolicySpec, Target } from '../../settings/settings.ts'
import { type AuthoritiesFacts, serving } from './authorities.ts'
import type { AuthorityFacts } from './authority.ts'
import type { CertificatePolicy } from './model.ts'
import { authorityId, issuingName, policyId } from './names.ts'

export interface PolicyFacts {
  readonly policy: CertificatePolicy | undefined
  /** Whether this environment made the CA that it belongs to: it carries no tags itself. */
  readonly ours: boolean
}

interface Parents {
  /** The namespace as the inputs name it. */
  readonly of: Target
  readonly authorities: Step<AuthoritiesFacts>
  readonly issuing: Step<AuthorityFacts>
  /** What depends on certificates, and goes first. */
  readonly users: () => readonly AnyStep[]
}

const VALIDITY = 'properties.certificate.validityPeriodInDays'

/** How long the device certificates of one issuing CA live. */
export function policyStep(
  { arm, time, versions }: Pick<Azure, 'arm' | 'time' | 'versions'>,
  claim: Claim,
  spec: PolicySpec,
  { of, authorities, issuing, users }: Parents
): Step<PolicyFacts> {
  const kind = 'Certificate policy'
  const apiVersion = versions.deviceRegistry
  const resource = policyId(authorityId(of.id, issuingName(spec.name)), spec.name)
  const properties = { certificate: { validityPeriodInDays: spec.leafValidityDays } }
  const idOf = (see: See) => policyId(serving(of.id, spec.name, see(authorities).all), spec.name)
  const ours = (see: See) => {
    const parent = see(issuing).resource
    return parent === undefined || isOurs(claim, parent)
  }
  const get = (see: See, signal: AbortSignal) =>
    arm.get<CertificatePolicy>(idOf(see), apiVersion, { operation: `read ${kind}`, signal })

  /** Waits for what was written, by whomever. */
  async function usable(
    see: See,
    signal: AbortSignal,
    progress: (waitingFor: string) => void
  ): Promise<PolicyFacts> {
    const policy = await poll({
      look: () => get(see, signal),
      missing: (found) => {
        if (found && isStuck(found)) throw stuck(found)
        return found ? notReady(found) : 'it to become visible'
      },
      everyMs: BUDGETS.late.intervalMs(1),
      progress,
      time,
      signal
    })
    return { policy, ours: ours(see) }
  }

  return {
    id: `policy/${spec.name}`,
    kind,
    resource,
    place: placeIn(resource),
    phase: 'certificates',
    needs: [issuing],
    reads: [authorities, issuing],
    observe: async (see) => {
      const { all } = see(authorities)
      const authority = all.find(({ id }) => sameId(id, serving(of.id, spec.name, all)))
      return {
        policy: authority?.policies.find(({ name }) => sameId(name, spec.name)),
        ours: ours(see)
      }
    },
    unmetRequirement: ({ policy }) => (policy === undefined ? 'does not exist' : notReady(policy)),
    judge: ({ policy, ours: own }, see): Verdict => {
      if (policy !== undefined) {
        if (isStuck(policy) && own) return { action: 'act', reason: 'finish it, which failed' }
        const state = notReady(policy)
        if (state !== undefined) return { action: 'await', reason: state }
        const days = policy.properties?.certificate?.validityPeriodInDays
        const changes = differs(VALIDITY, days, spec.leafValidityDays)
        // How long certificates of a shared CA live is its owner's decision.
        if (changes.length === 0 || !own) return own ? { action: 'keep' } : SHARED
        return { action: 'change', changes }
      }
      const parent = see(issuing).resource
      if (parent !== undefined && !own) {
        return cannot({
          what: `${kind} ${spec.name} does not exist, and its CA ${parent.id} is shared, so it is not made here`,
          advice:
            'Let the owner of the namespace make it, or name a policy that the namespace has with the input `policy`.'
        })
      }
      const others = see(authorities).all.find(({ id }) => sameId(id, parent?.id))?.policies ?? []
      if (others[0]) {
        return cannot({
          what: `Issuing CA ${parent?.id} has the policy ${others[0].name}, and can have only one`,
          advice: `Give that one with the input \`policy\`, or delete it with \`az rest --method delete --url ${others[0].id}?api-version=${apiVersion}\` if no device uses it any more.`
        })
      }
      return { action: 'create', changes: born({ [VALIDITY]: spec.leafValidityDays }) }
    },
    apply: async ({ verdict, see, signal, progress }) => {
      const id = idOf(see)
      const options = { apiVersion, signal, progress }
      if (verdict.action === 'change') {
        await arm.patch(id, { ...options, operation: `change ${kind}`, body: { properties } })
        return usable(see, signal, progress)
      }
      const put = (body: Readonly<Record<string, unknown>>) =>
        arm.put(id, { ...options, operation: `create ${kind}`, body, once: true })
      const make = async () => {
        const now = await get(see, signal)
        if (now !== undefined && !isStuck(now)) return
        try {
          await put({ properties })
        } catch (error) {
          // It was a tracked resource in earlier versions, with a location (contract B 6.5).
          if (!wantsLocation(error)) throw error
          await put({ location: see(issuing).resource?.location, properties })
        }
      }
      await retryWhile(make, {
        ...BUDGETS.removal,
        when: isPassing,
        notify: () => progress('Azure to answer again, or other operations to end'),
        time,
        signal
      })
      return usable(see, signal, progress)
    },
    wait: ({ see, signal, progress }) => usable(see, signal, progress),
    checks: ({ policy }) =>
      policy === undefined
        ? []
        : [
            {
              what: 'is provisioned',
              holds: notReady(policy) === undefined,
              found: `its state is ${policy.properties?.provisioningState}`,
              remedy: 'Look at the activity log of its namespace, then run `operation: apply`.'
            }
          ],
    teardown: {
      judge: ({ policy, ours: own }, see) => {
        if (policy === undefined) return undefined
        if (own && sameId(policy.id, resource)) return { action: 'remove' }
        return {
          action: 'leave',
          reason: `its CA ${see(issuing).resource?.id} is not of this environment`
        }
      },
      remove: async ({ signal, progress }) => {
        const operation = `delete ${kind}`
        await arm.delete(resource, { apiVersion, operation, signal, progress })
      },
      goesAfter: users
    },
    outputs: ({ policy }) => (policy === undefined ? {} : { 'certificate-policy-id': policy.id })
  }
}

const SHARED: Verdict = { action: 'keep', reason: 'shared' }

/** The code is general knowledge (contract B 6.5): the words decide as well. */
function wantsLocation(error: unknown): boolean {
  if (!(error instanceof AzureError) || error.status !== 400) return false
  return (
    error.code === 'LocationRequired' ||
    /location.*required|requires? a location/i.test(error.reason)
  )
}

function stuck(policy: CertificatePolicy): Error {
  return new Error(
    `Azure has not finished Certificate policy ${policy.id}: ${notReady(policy)}. An issuing CA has one policy; look at its activity log in the portal, then run again.`
  )
}
