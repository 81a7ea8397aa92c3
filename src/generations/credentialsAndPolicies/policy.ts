import { VERSIONS } from '../../azure/versions.ts'
import type { Check, See, Step } from '../../engine/step.ts'
import type { Context } from '../../resources/context.ts'
import { differs, judgeRemoval, type Tracked } from '../../resources/ownership.ts'
import { provisioned } from '../../resources/state.ts'
import { type TrackedFacts, trackedStep } from '../../resources/tracked.ts'
import type { PolicyWish } from '../../settings/settings.ts'
import type { NamespaceFacts } from '../../steps/namespace.ts'
import { type CredentialFacts, missingOnShared } from './credential.ts'
import { asSecondPolicy } from './secondPolicy.ts'

export interface Policy extends Tracked {
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
export type PolicyFacts = TrackedFacts<Policy>

const DAY_MS = 24 * 3600 * 1000

/** Devices that get a certificate shortly before the CA ends must still be able to renew it once. */
function expiry(
  certificate: NonNullable<Policy['properties']>['certificate'],
  now: number
): readonly Check[] {
  const { validityNotAfter } = certificate?.certificateAuthorityConfiguration ?? {}
  const days = certificate?.leafCertificateConfiguration?.validityPeriodInDays
  if (validityNotAfter === undefined || days === undefined) return []
  const end = Date.parse(validityNotAfter)
  return [
    {
      what: `its CA outlives two leaf certificates (${2 * days} days)`,
      holds: end - now > 2 * days * DAY_MS,
      warning: end > now,
      found: `the CA ends at ${validityNotAfter}`,
      remedy:
        'Make a new policy, bind the enrollment group to it with the input `policy`, and let devices renew before the old CA ends.'
    }
  ]
}

/** One issuing CA below the credential, and how long the device certificates it issues live. */
export function policyStep(
  context: Context,
  wish: PolicyWish,
  parents: { readonly namespace: Step<NamespaceFacts>; readonly credential: Step<CredentialFacts> }
): Step<PolicyFacts> {
  const { azure, environment, family } = context
  const id = `${environment.namespace.id}/credentials/default/policies/${wish.name}`
  const kind = 'Policy'
  const apiVersion = VERSIONS.deviceRegistry
  const leafCertificateConfiguration = { validityPeriodInDays: wish.leafValidityDays }
  const step = trackedStep<Policy>(context, {
    id: `policy/${wish.name}`,
    kind,
    phase: 'certificates',
    resource: id,
    apiVersion,
    input: 'policies',
    byId: environment.namespace.byId ?? false,
    needs: [parents.credential],
    obstacle: (see) => missingOnShared(context, kind, id, parents.namespace, see),
    body: (see) => ({
      // Gone in 2026-03-01-preview, where a policy is no tracked resource any more (contract 7.3).
      location: see(parents.namespace).resource?.location,
      properties: {
        certificate: {
          certificateAuthorityConfiguration: { keyType: 'ECC' },
          leafCertificateConfiguration
        }
      }
    }),
    unknown: ['properties.certificate.certificateAuthorityConfiguration.subject'],
    differences: ({ properties }) => ({
      fixed: [],
      mutable: differs(
        'properties.certificate.leafCertificateConfiguration.validityPeriodInDays',
        properties?.certificate?.leafCertificateConfiguration?.validityPeriodInDays,
        wish.leafValidityDays
      )
    }),
    // How long certificates of a shared policy live is its owner's decision.
    sharedFitsAlways: true,
    repair: async (_changes, { signal, progress }) => {
      await azure.arm.patch(id, {
        apiVersion,
        operation: 'change the leaf validity of the policy',
        body: { properties: { certificate: { leafCertificateConfiguration } } },
        signal,
        progress
      })
    },
    checks: (policy) => [
      provisioned(policy),
      ...expiry(policy.properties?.certificate, azure.time.now())
    ],
    outputs: () => ({})
  })
  const others = (see: See): readonly string[] =>
    [...environment.policies, ...(see(parents.credential).resource?.policies ?? [])]
      .map(({ name }) => name)
      .filter((name) => name.toLowerCase() !== wish.name.toLowerCase())
  return {
    ...step,
    apply: async (task) => {
      try {
        return await step.apply(task)
      } catch (error) {
        throw asSecondPolicy(error, others(task.see))
      }
    },
    teardown: {
      within: true,
      follows: true,
      judge: ({ resource }, _see, going) => {
        const lost = family.isOurs(environment.namespace.id)
        const verdict = resource && judgeRemoval(environment, resource, lost)
        if (verdict?.action !== 'remove' || going(parents.credential.resource)) return verdict
        return { action: 'leave', reason: 'the credential stays, and devices may still need it' }
      }
    },
    reads: [parents.credential],
    // The credential lists its policies: one request for all of them.
    observe: async (see) => ({
      resource: see(parents.credential).resource?.policies.find(
        ({ name }) => name.toLowerCase() === wish.name.toLowerCase()
      )
    })
  }
}
