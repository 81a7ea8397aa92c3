import { type AnyStep, cannot, type See, type Step, type Verdict } from '../../engine/step.ts'
import type { Context } from '../../resources/context.ts'
import type { Policy, Tracked } from '../../resources/model.ts'
import { isOurs, judgeRemoval } from '../../resources/ownership.ts'
import { provisioned } from '../../resources/state.ts'
import { type TrackedFacts, trackedStep } from '../../resources/tracked.ts'
import type { NamespaceFacts } from '../../steps/namespace.ts'
import { credentialQuota } from './credentialQuota.ts'

export interface Credential extends Tracked {
  /** Every policy below it, wanted or not. */
  readonly policies: readonly Policy[]
}
export type CredentialFacts = TrackedFacts<Credential>

/**
 * The root CA of the namespace: there is exactly one, always named `default` (contract 7.2). With `certificates: false`
 * it is only read, so that what exists is listed as unmanaged.
 *
 * @param users the hubs and the DPS that depend on it; not known yet when it is declared
 */
export function credentialStep(
  context: Context,
  namespace: Step<NamespaceFacts>,
  users: () => readonly AnyStep[]
): Step<CredentialFacts> {
  const { azure, environment } = context
  const id = `${environment.namespace.id}/credentials/default`
  const kind = 'Credential'
  const apiVersion = azure.versions.deviceRegistry
  const wished = new Set(environment.policies.map(({ name }) => name.toLowerCase()))
  const step = trackedStep<Credential>(context, {
    id: 'credential',
    kind,
    phase: 'certificates',
    resource: id,
    apiVersion,
    input: 'namespace',
    byId: environment.namespace.byId ?? false,
    needs: [namespace],
    parent: namespace,
    find: async (_see, signal) => {
      const [credential, policies] = await Promise.all([
        azure.arm.get<Tracked>(id, apiVersion, { operation: 'read Credential', signal }),
        azure.arm.list<Policy>(`${id}/policies`, apiVersion, { operation: 'list policies', signal })
      ])
      return credential && { ...credential, policies }
    },
    newborn: (credential) => ({ ...credential, policies: [] }),
    obstacle: (see) => missingOnShared(context, kind, id, namespace, see),
    quota: async (see, signal) =>
      environment.certificates ? credentialQuota(context, namespace, see, signal) : undefined,
    body: (see) => ({ location: see(namespace).resource?.location, properties: {} }),
    unmanaged: (credential) => [
      ...(environment.certificates ? [] : [{ kind, resource: id }]),
      ...credential.policies
        .filter(({ name }) => !wished.has(name.toLowerCase()))
        .map((policy) => ({ kind: 'Policy', resource: policy.id }))
    ],
    // Policies of ours end with it. Those of others keep it, and so does whoever else uses the namespace: without it
    // their devices' certificates would be worth nothing.
    contents: async ({ policies }, neighbours, signal) => [
      ...policies
        .filter((policy) => judgeRemoval(environment, policy).action === 'leave')
        .map((policy) => ({ kind: 'Policy', resource: policy.id })),
      ...(await neighbours.usersOf(environment.namespace.id, signal)).map((user) => ({
        ...user,
        uses: [id]
      }))
    ],
    tellsContents: true,
    // While a hub or DPS that depends on it is there, devices may need their CA.
    goesAfter: users,
    checks: (credential) => [provisioned(credential)],
    outputs: (credential) => ({ 'credential-id': credential.id })
  })
  if (environment.certificates) return step
  return {
    ...step,
    lacks: () => undefined,
    judge: () => ({ action: 'keep', reason: 'certificates: false' }),
    outputs: () => ({})
  }
}

/** A shared namespace's certificates are its owner's to make: they must exist and are only read. */
export function missingOnShared(
  { environment }: Context,
  kind: string,
  id: string,
  namespace: Step<NamespaceFacts>,
  see: See
): Verdict | undefined {
  const parent = see(namespace).resource
  if (parent === undefined || isOurs(environment, parent)) return undefined
  return cannot({
    what: `${kind} ${id} does not exist, and its namespace is shared, so it is not made here`,
    advice:
      'Let the owner of the namespace make it, or set `adopt: true` if the namespace shall belong to this environment.'
  })
}
