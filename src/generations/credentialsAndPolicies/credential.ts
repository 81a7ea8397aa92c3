import type { Azure } from '../../azure/azure.ts'
import type { AnyStep, Step } from '../../engine/step.ts'
import { childResource, onlySeen } from '../../resources/childResource.ts'
import type { Tools } from '../../resources/context.ts'
import type { ArmFacts } from '../../resources/life.ts'
import type { Policy, TrackedResource } from '../../resources/model.ts'
import { judgeRemoval } from '../../resources/ownership.ts'
import { provisioned } from '../../resources/state.ts'
import type { Environment } from '../../settings/settings.ts'
import type { NamespaceFacts } from '../../steps/namespace.ts'
import { ownersCertificates } from '../../steps/ownersCertificates.ts'
import { credentialQuota } from './credentialQuota.ts'

export interface Credential extends TrackedResource {
  /** Every policy below it, wanted or not. */
  readonly policies: readonly Policy[]
}
export type CredentialFacts = ArmFacts<Credential>

type CredentialStepOptions = Pick<
  Environment,
  'subscriptionId' | 'namespace' | 'location' | 'certificates' | 'policies'
>

/** The other way to a certificate on a shared namespace. */
export const ADOPT = 'set `adopt: true` if the namespace is to belong to this environment'

/** Of the one credential that a namespace can have (contract 7.2). */
export function credentialId(namespaceId: string): string {
  return `${namespaceId}/credentials/default`
}

/**
 * The root CA of the namespace. With `certificates: false` it is only read, so that what exists is listed as unmanaged.
 *
 * @param users the hubs and the DPS that depend on it; not known yet when it is declared
 */
export function credentialStep(
  tools: Tools,
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  options: CredentialStepOptions,
  namespace: Step<NamespaceFacts>,
  users: () => readonly AnyStep[]
): Step<CredentialFacts> {
  const id = credentialId(options.namespace.id)
  const kind = 'Credential'
  const apiVersion = versions.deviceRegistry
  const wished = new Set(options.policies.map(({ name }) => name.toLowerCase()))
  const step = childResource<Credential>(tools, {
    id: 'credential',
    kind,
    phase: 'certificates',
    resource: id,
    of: options.namespace,
    parent: namespace,
    apiVersion,
    input: 'namespace',
    needs: [namespace],
    read: {
      find: async (_see, signal) => {
        const [credential, policies] = await Promise.all([
          arm.get<TrackedResource>(id, apiVersion, { operation: 'read Credential', signal }),
          arm.list<Policy>(`${id}/policies`, apiVersion, { operation: 'list policies', signal })
        ])
        return credential && { ...credential, policies }
      },
      ask: (signal) => {
        arm.ask(id, apiVersion, { signal })
        arm.ask(`${id}/policies`, apiVersion, { signal })
      },
      newborn: (credential) => ({ ...credential, policies: [] })
    },
    create: {
      early: true,
      obstacle: (see) =>
        ownersCertificates(tools.claim, { kind, id, otherwise: ADOPT }, namespace, see),
      quota: async (see, signal) => {
        if (!options.certificates) return undefined
        const region = see(namespace).resource?.location ?? options.location
        return credentialQuota({ arm, versions }, options.subscriptionId, region, signal)
      },
      body: (see) => ({ location: see(namespace).resource?.location, properties: {} })
    },
    present: {
      unmanaged: (credential) => [
        ...(options.certificates ? [] : [{ kind, resource: id }]),
        ...credential.policies
          .filter(({ name }) => !wished.has(name.toLowerCase()))
          .map((policy) => ({ kind: 'Policy', resource: policy.id }))
      ],
      checks: (credential) => [provisioned(credential)],
      outputs: (credential) => ({ 'credential-id': credential.id })
    },
    remove: {
      // Policies of ours end with it. Those of others keep it, and so does whoever else uses the namespace: without it
      // their devices' certificates would be worth nothing.
      contents: async ({ policies }, inventory, signal) => [
        ...policies
          .filter((policy) => judgeRemoval(tools.claim, policy).action === 'leave')
          .map((policy) => ({ kind: 'Policy', resource: policy.id })),
        ...(await inventory.usersOf(options.namespace.id, signal)).map((user) => ({
          ...user,
          uses: [id]
        }))
      ],
      tellsContents: true,
      // While a hub or DPS that depends on it is there, devices may need their CA.
      goesAfter: users
    }
  })
  return options.certificates ? step : onlySeen(step, 'certificates: false')
}
