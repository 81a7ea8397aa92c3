import { sameText } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import type { AnyStep, Check, See, Step } from '../../engine/step.ts'
import { cannot, type Verdict } from '../../engine/verdict.ts'
import { childResource } from '../../resources/childResource.ts'
import type { Tools } from '../../resources/context.ts'
import { differs } from '../../resources/differences.ts'
import type { ArmFacts } from '../../resources/life.ts'
import { provisioned } from '../../resources/state.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { PolicySpec, Target } from '../../settings/settings.ts'
import { ownersCertificates } from '../../steps/ownersCertificates.ts'
import { type AuthoritiesFacts, isRoot, rootOf, seen, serving } from './authorities.ts'
import type { CertificateAuthority, LinkingNamespace } from './model.ts'
import { authorityId, issuingName, ROOT_NAME } from './names.ts'

export type AuthorityFacts = ArmFacts<CertificateAuthority>

/** Issuing CAs of a namespace (contract B 6.6). */
const MOST_ISSUING = 3
/** Reported from so many days before its end on (contract B 13.14). */
const ENDS_SOON_DAYS = 60
const DAY_MS = 24 * 3600 * 1000

const NAME_ANOTHER = 'name a policy that the namespace has with the input `policy`'

interface Parents {
  /** The namespace as the inputs name it. */
  readonly of: Target
  readonly namespace: Step<ArmFacts<LinkingNamespace>>
  readonly authorities: Step<AuthoritiesFacts>
  /** What has to be there first: Azure pushes a CA to the hubs that are linked when it is made (contract B section 2). */
  readonly links: readonly AnyStep[]
  /** What depends on certificates, and goes first. */
  readonly users: () => readonly AnyStep[]
}

type Spoken = Pick<Azure, 'arm' | 'time' | 'versions'>

/** The root CA of the namespace. Where somebody made one under another name, that is it: a namespace has one. */
export function rootStep(tools: Tools, azure: Spoken, parents: Parents): Step<AuthorityFacts> {
  const { of, authorities } = parents
  const step = authorityStep(tools, azure, parents, {
    id: 'certificate-authority/root',
    kind: 'Root CA',
    resource: authorityId(of.id, ROOT_NAME),
    needs: [],
    properties: () => ({ certificateAuthorityType: 'Root', keyType: 'ECC' }),
    differences: (found) =>
      differs(
        'properties.certificateAuthorityType',
        found.properties?.certificateAuthorityType,
        'Root',
        isRoot(found)
      ),
    outputs: ({ id }) => ({ 'root-certificate-authority-id': id })
  })
  return servedBy(step, (see) => rootOf(see(authorities).all))
}

/** The issuing CA of one policy, signed by the root. */
export function issuingStep(
  tools: Tools,
  azure: Spoken,
  spec: PolicySpec,
  wished: readonly PolicySpec[],
  root: Step<AuthorityFacts>,
  parents: Parents
): Step<AuthorityFacts> {
  const { of, authorities } = parents
  const resource = authorityId(of.id, issuingName(spec.name))
  const rootId = (see: See) => rootOf(see(authorities).all)?.id ?? root.resource
  const step = authorityStep(tools, azure, parents, {
    id: `certificate-authority/${issuingName(spec.name)}`,
    kind: 'Issuing CA',
    resource,
    needs: [root],
    obstacle: (see) => {
      const { all } = see(authorities)
      const issuing = all.filter((one) => !isRoot(one))
      const toCome = wished.filter(
        ({ name }) => !all.some(({ id }) => sameId(id, serving(of.id, name, all)))
      )
      const count = issuing.length + toCome.length
      if (count <= MOST_ISSUING) return undefined
      return cannot({
        what: `The namespace ${of.id} would have ${count} issuing CAs, and can have ${MOST_ISSUING} (quota): ${issuing.map(({ name }) => name).join(', ')} are there`,
        advice:
          'Bind the enrollment group to a policy that is there, or delete an issuing CA whose certificates no device uses any more.'
      })
    },
    properties: (see) => ({
      certificateAuthorityType: 'ICA',
      keyType: 'ECC',
      issuer: { issuerType: 'Microsoft', certificateAuthorityResourceId: rootId(see) }
    }),
    // By whom it is signed cannot be changed, and one that somebody else's CA signs serves as well.
    differences: (found) =>
      differs(
        'properties.certificateAuthorityType',
        found.properties?.certificateAuthorityType,
        'ICA',
        sameText(found.properties?.certificateAuthorityType, 'ICA')
      ),
    outputs: ({ id }) => ({ 'certificate-authority-id': id })
  })
  return servedBy(step, (see) => {
    const { all } = see(authorities)
    return all.find(({ id }) => sameId(id, serving(of.id, spec.name, all)))
  })
}

interface AuthorityStepOptions {
  readonly id: string
  readonly kind: string
  readonly resource: string
  readonly needs: readonly AnyStep[]
  readonly obstacle?: (see: See) => Verdict | undefined
  readonly properties: (see: See) => Readonly<Record<string, unknown>>
  readonly differences: (found: CertificateAuthority) => ReturnType<typeof differs>
  readonly outputs: (found: CertificateAuthority) => Readonly<Record<string, string>>
}

function authorityStep(
  tools: Tools,
  { time, versions }: Spoken,
  { of, namespace, authorities, links, users }: Parents,
  { id, kind, resource, needs, ...options }: AuthorityStepOptions
): Step<AuthorityFacts> {
  const step = childResource<CertificateAuthority>(tools, {
    id,
    kind,
    phase: 'certificates',
    resource,
    of,
    parent: namespace,
    apiVersion: versions.deviceRegistry,
    input: 'policies',
    needs: [namespace, authorities, ...links, ...needs],
    listed: seen(authorities, resource),
    create: {
      obstacle: (see) =>
        options.obstacle?.(see) ??
        ownersCertificates(
          tools.claim,
          { kind, id: resource, otherwise: NAME_ANOTHER },
          namespace,
          see
        ),
      body: (see) => ({
        location: see(namespace).resource?.location,
        properties: options.properties(see)
      }),
      unknown: ['properties.subject']
    },
    present: {
      differences: (found) => ({ fixed: options.differences(found) }),
      // Whose CA signs, and for how long, is its owner's decision.
      sharedFitsAlways: true,
      checks: (found) => [provisioned(found), ...expiry(found, time.now()), ...activation(found)],
      outputs: options.outputs
    },
    remove: { goesAfter: users }
  })
  return { ...step, reads: [namespace, authorities] }
}

/** The step, content with another resource that serves in its stead. */
function servedBy(
  step: Step<AuthorityFacts>,
  find: (see: See) => CertificateAuthority | undefined
): Step<AuthorityFacts> {
  const other = (see: See) => {
    const found = find(see)
    return found && !sameId(found.id, step.resource) ? found : undefined
  }
  return {
    ...step,
    observe: async (see, signal) => {
      const found = other(see)
      return found ? { resource: found } : step.observe(see, signal)
    },
    judge: (facts, see) => {
      const found = other(see)
      if (found === undefined) return step.judge(facts, see)
      return { action: 'keep', reason: `${found.name} serves` }
    },
    teardown: {
      ...step.teardown,
      judge: (facts, see, isBeingRemoved) =>
        other(see) === undefined ? step.teardown?.judge(facts, see, isBeingRemoved) : undefined
    }
  }
}

/** A root lives ten years; Microsoft renews the CAs that it signs before they end (contract B 6.6). */
function expiry({ properties }: CertificateAuthority, now: number): readonly Check[] {
  const { validityNotAfter } = properties ?? {}
  if (validityNotAfter === undefined) return []
  const end = Date.parse(validityNotAfter)
  return [
    {
      what: `is valid for more than ${ENDS_SOON_DAYS} days`,
      holds: end - now > ENDS_SOON_DAYS * DAY_MS,
      warning: end > now,
      found: `it ends at ${validityNotAfter}`,
      remedy:
        'Make a new policy, bind the enrollment group to it with the input `policy`, and let devices renew before the old CA ends.'
    }
  ]
}

/** One that is signed elsewhere issues nothing before its owner has activated it (contract B 6.3). */
function activation({ properties }: CertificateAuthority): readonly Check[] {
  const status = properties?.issuer?.status
  if (status === undefined) return []
  return [
    {
      what: 'is active',
      holds: /^Active/i.test(status),
      found: `its status is ${status}`,
      remedy:
        'Sign its certificate signing request with your own CA, and activate it with the chain.'
    }
  ]
}
