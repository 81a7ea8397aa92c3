import { sameText } from '../../azure/answer.ts'
import type { Azure } from '../../azure/azure.ts'
import { AzureError, isThrottled } from '../../azure/errors/azureError.ts'
import { isFateUnknown, isPassing } from '../../azure/http/retry.ts'
import { jittered, type Poll, poll } from '../../azure/http/wait.ts'
import type { AnyStep, See, Step } from '../../engine/step.ts'
import { POLLS } from '../../resources/budgets.ts'
import { awaited } from '../../resources/late.ts'
import type { Policy } from '../../resources/model.ts'
import type { HubSpec, PolicySpec } from '../../settings/settings.ts'
import type { HubFacts } from '../../steps/hub.ts'
import type { NamespaceFacts } from '../../steps/namespace.ts'
import type { PolicyFacts } from './policy.ts'

/** A CA certificate of a hub. The live service spells the property with a capital P (contract 8.4). */
export interface HubCertificate {
  readonly name: string
  readonly properties?: Readonly<Record<string, unknown>>
}

/** A policy whose issuing CA a hub does not hold. */
export interface MissingCertificate {
  readonly hub: string
  readonly policy: string
}

export interface SyncFacts {
  readonly missing: readonly MissingCertificate[]
}

/** Contract 11.3: synchronize again every minute for ten, while grants take effect; inferred as well. */
const LOOKS_PER_ROUND = 5
/** While another sync runs, which may take minutes (contract 7.4): ours is asked for again after one on average; inferred. */
const LOOKS_AT_ANOTHERS = 6
/** Before it is sent again when no answer came. */
const LOOKS_AFTER_LOSS = 2
const BUDGET_MS = 10 * 60_000

interface Parents {
  readonly namespace: Step<NamespaceFacts>
  readonly hubs: ReadonlyMap<HubSpec, Step<HubFacts>>
  readonly policies: ReadonlyMap<PolicySpec, Step<PolicyFacts>>
  /** What else must be there: the roles by which the namespace identity writes to the hubs. */
  readonly others: readonly AnyStep[]
}

/**
 * Pushes every policy's issuing CA into the hubs, and is judged by what the hubs then hold. A policy that was made again
 * under its name has another subject, which is how a stale certificate shows.
 */
export function syncStep(
  { arm, time, versions }: Pick<Azure, 'arm' | 'time' | 'versions'>,
  credential: string,
  parents: Parents
): Step<SyncFacts> {
  const steps = [...parents.hubs.values(), ...parents.policies.values()]

  const read = async (see: See, signal: AbortSignal): Promise<SyncFacts> => {
    const perHub = await Promise.all(
      [...parents.hubs].map(async ([spec, step]) => {
        const certificates =
          see(step).resource === undefined
            ? []
            : await arm.list<HubCertificate>(`${spec.id}/certificates`, versions.iotHub, {
                operation: 'list hub certificates',
                signal
              })
        return [...parents.policies]
          .filter(([, policy]) => !holds(certificates, see(policy).resource))
          .map(([{ name }]) => ({ hub: spec.name, policy: name }))
      })
    )
    return { missing: perHub.flat() }
  }

  return {
    id: 'sync',
    kind: 'Credential sync',
    resource: credential,
    phase: 'sync',
    needs: [...steps, ...parents.others],
    reads: steps,
    ask: (signal) => {
      for (const { id } of parents.hubs.keys())
        arm.ask(`${id}/certificates`, versions.iotHub, { signal })
    },
    observe: read,
    unmetRequirement: ({ missing }) => (missing.length === 0 ? undefined : list(missing)),
    judge: ({ missing }, see) => {
      if (missing.length === 0) return { action: 'keep' }
      const late = awaited(steps, see)
      return late ? { action: 'await', reason: late } : { action: 'act', reason: list(missing) }
    },
    checks: ({ missing }, see) =>
      [...parents.hubs].flatMap(([spec, hub]) =>
        see(hub).resource === undefined
          ? []
          : [...parents.policies.keys()].map(({ name }) => ({
              what: `hub ${spec.name} holds the CA certificate of policy ${name}`,
              holds: !missing.some((one) => one.hub === spec.name && one.policy === name),
              remedy: 'Run `operation: apply` with the phase `sync`.'
            }))
      ),
    apply: async ({ see, signal, progress }) => {
      const deadline = time.now() + BUDGET_MS
      for (;;) {
        const refusal = await synchronize(signal, progress)
        const notBefore = time.now() + askedBy(refusal)
        const facts = await poll({
          look: () => read(see, signal),
          missing: ({ missing }) => {
            if (missing.length === 0) return undefined
            if (time.now() > deadline) throw outOfTime(see, missing, refusal)
            return `the hubs to hold every CA certificate (${list(missing)})`
          },
          ...paceAfter(refusal),
          progress,
          time,
          signal
        })
        if (facts.missing.length === 0) return facts
        await time.sleep(Math.max(0, notBefore - time.now()), signal)
      }
    }
  }

  /**
   * Sent once, as the hubs are looked at afterwards anyway: a sync that another run began brings the certificates to our hubs
   * as well if all was ready before, and each further POST would be refused until it ends.
   *
   * @returns why nothing was synchronized, when the reason may pass: another sync, grants not in effect yet, a lost answer
   */
  async function synchronize(
    signal: AbortSignal,
    progress: (waitingFor: string) => void
  ): Promise<Error | undefined> {
    try {
      await arm.post(`${credential}/synchronize`, {
        apiVersion: versions.deviceRegistry,
        operation: 'synchronize the credential',
        once: true,
        signal,
        progress
      })
      return undefined
    } catch (error) {
      if (error instanceof Error && mayPass(error)) return error
      throw error
    }
  }

  function outOfTime(
    see: See,
    missing: readonly MissingCertificate[],
    refusal: Error | undefined
  ): Error {
    // It was not even taken: the roles are not to blame.
    if (refusal !== undefined && (isFateUnknown(refusal) || isThrottled(refusal))) return refusal
    const principal = see(parents.namespace).resource?.identity?.principalId
    const scopes = [...parents.hubs.keys()].filter(({ name }) =>
      missing.some(({ hub }) => hub === name)
    )
    return new Error(
      [
        `Synchronizing ${credential} did not bring every CA certificate to the hubs within ten minutes: ${list(missing)}.`,
        ...(refusal instanceof AzureError ? [`Azure said ${refusal.code}: ${refusal.reason}`] : []),
        'What to do: the identity of the namespace needs Contributor and IoT Hub Registry Contributor on each hub, in effect. Check, then run again:',
        ...scopes.map(({ id }) => `  az role assignment list --scope ${id} --assignee ${principal}`)
      ].join('\n'),
      { cause: refusal }
    )
  }
}

/** A sync that runs, one that failed for the want of a role, or one that was not taken. */
function mayPass(error: Error): boolean {
  if (error instanceof AzureError && (error.lasting || error.refusal.wait !== undefined))
    return false
  const another = error instanceof AzureError && (error.status === 409 || error.fromOperation)
  return another || isPassing(error)
}

/** Milliseconds that Azure asks to wait before it is sent again. */
function askedBy(refusal: Error | undefined): number {
  return (refusal instanceof AzureError && refusal.refusal.askedMs) || 0
}

/** How the hubs are looked at before it is synchronized again. */
function paceAfter(refusal: Error | undefined): Pick<Poll<unknown>, 'everyMs' | 'looks'> {
  const everyMs = POLLS.certificatesMs
  // Nobody may have taken it.
  if (isFateUnknown(refusal)) return { everyMs, looks: LOOKS_AFTER_LOSS }
  const another = refusal instanceof AzureError && refusal.status === 409
  // Those that wait for the same sync come back at times of their own.
  return another
    ? { everyMs: jittered(everyMs), looks: LOOKS_AT_ANOTHERS }
    : { everyMs, looks: LOOKS_PER_ROUND }
}

/** Present means that policy id and subject both match. */
function holds(certificates: readonly HubCertificate[], policy: Policy | undefined): boolean {
  const subject = policy?.properties?.certificate?.certificateAuthorityConfiguration?.subject
  if (policy === undefined || subject === undefined) return false
  return certificates.some(
    ({ properties = {} }) =>
      sameText(property(properties, 'policyResourceId'), policy.id) &&
      sameText(commonName(property(properties, 'subject')), commonName(subject))
  )
}

function property(properties: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const found = Object.entries(properties).find(([key]) => sameText(key, name))?.[1]
  return typeof found === 'string' ? found : undefined
}

/** A subject may be told with or without its `CN=`. */
function commonName(subject: string | undefined): string | undefined {
  return subject?.replace(/^CN=/i, '')
}

function list(missing: readonly MissingCertificate[]): string {
  return missing.map(({ hub, policy }) => `hub ${hub} lacks the CA of policy ${policy}`).join(', ')
}
