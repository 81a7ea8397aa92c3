import { sameText } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import { poll } from '../../azure/http/wait.ts'
import type { AnyStep, See, Step } from '../../engine/step.ts'
import type { HubSpec, PolicySpec, Target } from '../../settings/settings.ts'
import type { HubFacts } from '../../steps/hub.ts'
import { type AuthoritiesFacts, serving } from './authorities.ts'
import type { AuthorityFacts } from './authority.ts'

interface HubCertificate {
  readonly name: string
  readonly properties?: Readonly<Record<string, unknown>>
}

/** An issuing CA that a hub does not hold. */
export interface MissingAuthority {
  readonly hub: string
  readonly authority: string
}

export interface HubCertificatesFacts {
  readonly missing: readonly MissingAuthority[]
}

/** Ten minutes: no source tells how long the push takes, and a device that registers proves the chain (contract B section 7). */
const LOOKS = 120
/** Milliseconds between two looks: one read for each hub, of which a namespace has ten at most; inferred. */
const LOOK_MS = 5_000

interface Parents {
  readonly of: Target
  readonly hubs: ReadonlyMap<HubSpec, Step<HubFacts>>
  readonly authorities: Step<AuthoritiesFacts>
  readonly issuing: ReadonlyMap<PolicySpec, Step<AuthorityFacts>>
  readonly others: readonly AnyStep[]
}

/** The issuing CAs, which Azure pushes to every hub that is linked. Nothing is written: what is not there is waited for. */
export function hubCertificatesStep(
  { arm, time, versions }: Pick<Azure, 'arm' | 'time' | 'versions'>,
  { of, hubs, authorities, issuing, others }: Parents
): Step<HubCertificatesFacts> {
  const read = async (see: See, signal: AbortSignal): Promise<HubCertificatesFacts> => {
    const wanted = [...issuing].map(([{ name }]) => serving(of.id, name, see(authorities).all))
    const perHub = [...hubs].map(async ([spec, step]) => {
      const held =
        see(step).resource === undefined
          ? []
          : await arm.list<HubCertificate>(`${spec.id}/certificates`, versions.iotHub, {
              operation: 'list hub certificates',
              signal
            })
      return wanted
        .filter((authority) => !held.some((one) => isOf(one, authority)))
        .map((authority) => ({ hub: spec.name, authority }))
    })
    return { missing: (await Promise.all(perHub)).flat() }
  }
  return {
    id: 'hub-certificates',
    kind: 'CA certificates of the hubs',
    resource: `${of.id}/certificateAuthorities`,
    phase: 'sync',
    needs: [...hubs.values(), ...issuing.values(), ...others],
    reads: [authorities, ...hubs.values()],
    ask: (signal) => {
      for (const { id } of hubs.keys()) arm.ask(`${id}/certificates`, versions.iotHub, { signal })
    },
    observe: read,
    unmetRequirement: () => undefined,
    optional: true,
    judge: ({ missing }) =>
      missing.length === 0
        ? { action: 'keep' }
        : { action: 'await', reason: `Azure to push them: ${list(missing)}` },
    apply: async ({ facts }) => facts,
    wait: async ({ see, signal, progress }) => {
      const { missing } = await poll({
        look: () => read(see, signal),
        missing: (now) => (now.missing.length === 0 ? undefined : list(now.missing)),
        everyMs: LOOK_MS,
        looks: LOOKS,
        progress,
        time,
        signal
      })
      if (missing.length > 0) throw new Error(notPushed(missing))
      return { missing }
    },
    checks: ({ missing }, see) =>
      [...hubs].flatMap(([{ name }, hub]) =>
        see(hub).resource === undefined
          ? []
          : [...issuing].map(([policy]) => {
              const authority = serving(of.id, policy.name, see(authorities).all)
              return {
                what: `hub ${name} holds the issuing CA of policy ${policy.name}`,
                holds: !missing.some((one) => one.hub === name && one.authority === authority),
                // A device that registers proves the chain, the list does not.
                warning: true,
                remedy:
                  'Azure pushes it by itself, usually within minutes: run `operation: verify` again. If it never comes, no device can connect with a certificate of this CA.'
              }
            })
      )
  }
}

/** The name is Azure's choice and the spelling varies (contract B section 7). */
function isOf({ properties = {} }: HubCertificate, authority: string): boolean {
  const [, id] =
    Object.entries(properties).find(([key]) => sameText(key, 'certificateAuthorityResourceId')) ??
    []
  return typeof id === 'string' && sameText(id, authority)
}

function notPushed(missing: readonly MissingAuthority[]): string {
  return `Azure has not pushed every issuing CA within ten minutes: ${list(missing)}. Run \`operation: verify\` later; a device that registers and connects proves that it is there.`
}

function list(missing: readonly MissingAuthority[]): string {
  return missing
    .map(
      ({ hub, authority }) => `hub ${hub} lacks ${authority.slice(authority.lastIndexOf('/') + 1)}`
    )
    .join(', ')
}
