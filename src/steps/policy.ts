import { VERSIONS } from '../azure/versions.ts'
import type { Step } from '../engine/step.ts'
import type { PolicyWish } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { type CredentialFacts, missingOnShared } from './credential.ts'
import type { NamespaceFacts } from './namespace.ts'
import { differs, type Tracked } from './ownership.ts'
import { type TrackedFacts, trackedStep } from './tracked.ts'

export interface Policy extends Tracked {
  readonly properties?: {
    readonly provisioningState?: string
    readonly certificate?: {
      readonly certificateAuthorityConfiguration?: {
        /** `CN=<32 hex>`, chosen by Azure: another one means another issuing CA under the same name. */
        readonly subject?: string
      }
      readonly leafCertificateConfiguration?: { readonly validityPeriodInDays?: number }
    }
  }
}
export type PolicyFacts = TrackedFacts<Policy>

/** One issuing CA below the credential, and how long the device certificates it issues live. */
export function policyStep(
  context: Context,
  wish: PolicyWish,
  parents: { readonly namespace: Step<NamespaceFacts>; readonly credential: Step<CredentialFacts> }
): Step<PolicyFacts> {
  const { azure, environment } = context
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
    outputs: () => ({})
  })
  return {
    ...step,
    reads: [parents.credential],
    // The credential lists its policies: one request for all of them.
    observe: async (see) => ({
      resource: see(parents.credential).resource?.policies.find(
        ({ name }) => name.toLowerCase() === wish.name.toLowerCase()
      )
    })
  }
}
