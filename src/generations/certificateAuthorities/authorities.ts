import { sameText } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import type { See, Step, Unmanaged } from '../../engine/step.ts'
import type { ArmFacts } from '../../resources/life.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { PolicySpec, Target } from '../../settings/settings.ts'
import type { CertificateAuthority, CertificatePolicy, LinkingNamespace } from './model.ts'
import { authorityId, issuingName } from './names.ts'

/** A certificate authority and the policies below it, of which an issuing one has one. */
export interface Authority extends CertificateAuthority {
  readonly policies: readonly CertificatePolicy[]
}

export interface AuthoritiesFacts {
  /** Undefined while there is no namespace. */
  readonly all: readonly Authority[]
}

/** Every certificate authority of a namespace, with its policies. */
export async function listAuthorities(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  namespaceId: string,
  signal: AbortSignal
): Promise<readonly Authority[]> {
  const apiVersion = versions.deviceRegistry
  const found = await arm.list<CertificateAuthority>(
    `${namespaceId}/certificateAuthorities`,
    apiVersion,
    { operation: 'list certificate authorities', signal }
  )
  const all = found.map(async (authority) => ({
    ...authority,
    policies: isRoot(authority)
      ? []
      : await arm.list<CertificatePolicy>(`${authority.id}/certificatePolicies`, apiVersion, {
          operation: 'list certificate policies',
          signal
        })
  }))
  return Promise.all(all)
}

/** The certificate authorities of the namespace, read in one list: every policy asks which one serves it. */
export function authoritiesStep(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  of: Target,
  wished: readonly PolicySpec[],
  namespace: Step<ArmFacts<LinkingNamespace>>
): Step<AuthoritiesFacts> {
  const path = `${of.id}/certificateAuthorities`
  return {
    id: 'certificate-authorities',
    kind: 'Certificate authorities',
    resource: path,
    phase: 'certificates',
    needs: [namespace],
    reads: [namespace],
    exceptional: true,
    ask: (signal) => {
      const paths = wished.map(
        ({ name }) => `${authorityId(of.id, issuingName(name))}/certificatePolicies`
      )
      for (const one of [path, ...paths]) arm.ask(one, versions.deviceRegistry, { signal })
    },
    observe: async (see, signal) => ({
      all:
        see(namespace).resource === undefined
          ? []
          : await listAuthorities({ arm, versions }, of.id, signal)
    }),
    unmetRequirement: () => undefined,
    judge: () => ({ action: 'keep' }),
    apply: async ({ facts }) => facts,
    unmanaged: ({ all }) =>
      all.flatMap((authority): readonly Unmanaged[] => {
        if (isRoot(authority)) return []
        const serves = wished.some(({ name }) => sameId(serving(of.id, name, all), authority.id))
        return serves ? [] : [{ kind: 'Issuing CA', resource: authority.id }]
      })
  }
}

export function isRoot({ properties }: CertificateAuthority): boolean {
  return sameText(properties?.certificateAuthorityType, 'Root')
}

/**
 * Pure: id of the issuing CA that a policy of this name has or is to have. One that somebody made under another name and
 * that has such a policy serves as well: devices ask for the policy.
 */
export function serving(namespaceId: string, policy: string, all: readonly Authority[]): string {
  const own = authorityId(namespaceId, issuingName(policy))
  if (all.some(({ id }) => sameId(id, own))) return own
  const other = all.find(({ policies }) => policies.some(({ name }) => sameText(name, policy)))
  return other?.id ?? own
}

/** Pure: the root that is there, whatever its name. */
export function rootOf(all: readonly Authority[]): Authority | undefined {
  return all.find(isRoot)
}

/** One of the list, for the step of a certificate authority. */
export function seen(
  authorities: Step<AuthoritiesFacts>,
  id: string
): (see: See) => Authority | undefined {
  return (see) => see(authorities).all.find((authority) => sameId(authority.id, id))
}
