import { sameText } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import type { Check, See, Step } from '../../engine/step.ts'
import { childResource } from '../../resources/childResource.ts'
import type { Tools } from '../../resources/context.ts'
import { differs } from '../../resources/differences.ts'
import type { ArmFacts } from '../../resources/life.ts'
import type { Policy } from '../../resources/model.ts'
import { provisioned } from '../../resources/state.ts'
import type { PolicySpec, Target } from '../../settings/settings.ts'
import type { NamespaceFacts } from '../../steps/namespace.ts'
import { ownersCertificates } from '../../steps/ownersCertificates.ts'
import { ADOPT, type CredentialFacts } from './credential.ts'
import { asSecondPolicy } from './secondPolicy.ts'

export type PolicyFacts = ArmFacts<Policy>

interface Parents {
  /** The namespace as the inputs name it. */
  readonly of: Target
  /** All policies that are wanted. */
  readonly wished: readonly PolicySpec[]
  readonly namespace: Step<NamespaceFacts>
  readonly credential: Step<CredentialFacts>
}

const VALIDITY = 'properties.certificate.leafCertificateConfiguration.validityPeriodInDays'
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
  tools: Tools,
  { arm, time, versions }: Pick<Azure, 'arm' | 'time' | 'versions'>,
  spec: PolicySpec,
  { of, wished, namespace, credential }: Parents
): Step<PolicyFacts> {
  const id = `${credential.resource}/policies/${spec.name}`
  const kind = 'Policy'
  const apiVersion = versions.deviceRegistry
  const leafCertificateConfiguration = { validityPeriodInDays: spec.leafValidityDays }
  const others = (see: See): readonly string[] =>
    [...wished, ...(see(credential).resource?.policies ?? [])]
      .map(({ name }) => name)
      .filter((name) => !sameText(name, spec.name))
  return childResource<Policy>(tools, {
    id: `policy/${spec.name}`,
    kind,
    phase: 'certificates',
    resource: id,
    of,
    parent: credential,
    apiVersion,
    input: 'policies',
    needs: [credential],
    listed: (see) =>
      see(credential).resource?.policies.find(
        ({ name }) => name.toLowerCase() === spec.name.toLowerCase()
      ),
    create: {
      obstacle: (see) =>
        ownersCertificates(tools.claim, { kind, id, otherwise: ADOPT }, namespace, see),
      body: (see) => ({
        // Gone in 2026-03-01-preview, where a policy is no tracked resource any more (contract 7.3).
        location: see(namespace).resource?.location,
        properties: {
          certificate: {
            certificateAuthorityConfiguration: { keyType: 'ECC' },
            leafCertificateConfiguration
          }
        }
      }),
      shows: () => ({ [VALIDITY]: spec.leafValidityDays }),
      unknown: ['properties.certificate.certificateAuthorityConfiguration.subject'],
      explain: (refusal, see) => asSecondPolicy(refusal, others(see))
    },
    present: {
      differences: ({ properties }) => ({
        fixed: [],
        mutable: differs(
          VALIDITY,
          properties?.certificate?.leafCertificateConfiguration?.validityPeriodInDays,
          spec.leafValidityDays
        )
      }),
      // Without it nobody can tell which hub holds its CA.
      late: ({ properties }) =>
        properties?.certificate?.certificateAuthorityConfiguration?.subject
          ? undefined
          : 'the subject of its CA',
      // How long certificates of a shared policy live is its owner's decision.
      sharedFitsAlways: true,
      checks: (policy) => [
        provisioned(policy),
        ...expiry(policy.properties?.certificate, time.now())
      ],
      outputs: () => ({})
    },
    update: async (_changes, { signal, progress }) => {
      await arm.patch(id, {
        apiVersion,
        operation: 'change the leaf validity of the policy',
        body: { properties: { certificate: { leafCertificateConfiguration } } },
        signal,
        progress
      })
    },
    staysWithParent: 'the credential stays, and devices may still need it'
  })
}
