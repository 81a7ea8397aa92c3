import { sameText } from '../azure/answer.ts'
import type { Azure } from '../azure/azure.ts'
import type { EnrollmentGroup } from '../azure/clients/enrollmentGroup.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { isPassing } from '../azure/http/retry.ts'
import { retryWhile } from '../azure/http/wait.ts'
import { type AnyStep, type See, Stays, type Step } from '../engine/step.ts'
import { cannot } from '../engine/verdict.ts'
import { BUDGETS } from '../resources/budgets.ts'
import type { Claim } from '../resources/claim.ts'
import { born } from '../resources/creationPreflight.ts'
import { awaited } from '../resources/late.ts'
import { isOurs } from '../resources/ownership.ts'
import { placeIn, sameId } from '../settings/resourceId.ts'
import type { EnrollmentGroupSpec, HubSpec, Target } from '../settings/settings.ts'
import type { DpsFacts } from './dps.ts'
import {
  type Binding,
  boundCheck,
  changesOf,
  isSymmetric,
  sameHosts,
  servesAllAlone,
  servesOthers
} from './enrollmentGroupBody.ts'
import { EnrollmentGroupOwner } from './enrollmentGroupOwner.ts'
import { isPending, isRefused, isUnlinked, listsNoHub, notSeen } from './enrollmentGroupRefusals.ts'
import { writeGroup } from './enrollmentGroupWrite.ts'
import { type HubFacts, hostNameOf } from './hub.ts'

export interface GroupEnrollmentFacts {
  readonly group: EnrollmentGroup | undefined
  /** Host names of this environment's hubs. */
  readonly hubs: readonly string[]
  /** Azure did not let a run that only looks see whether there is one. */
  readonly refused?: boolean
}

interface Parents {
  /** The DPS as the inputs name it. */
  readonly target: Target
  readonly dps: Step<DpsFacts>
  readonly hubs: ReadonlyMap<HubSpec, Step<HubFacts>>
  readonly links: readonly AnyStep[]
  readonly policies: readonly AnyStep[]
  /** How the model says to which policy a group is bound. */
  readonly binding: (policy: string, see: See) => Binding
}

/** The symmetric-key enrollment group by which devices of this environment get a certificate and a hub. */
export function enrollmentGroupStep(
  azure: Pick<Azure, 'cloud' | 'data' | 'time'>,
  claim: Claim,
  spec: EnrollmentGroupSpec,
  parents: Parents
): Step<GroupEnrollmentFacts> {
  const kind = 'Enrollment group'
  const { target } = parents
  const resource = `${target.id}/enrollmentGroups/${spec.name}`

  const service = (see: See) => {
    const hostName = see(parents.dps).resource?.properties?.serviceOperationsHostName
    return hostName === undefined ? undefined : { ...target, hostName }
  }
  const isOurDps = (see: See) => {
    const dps = see(parents.dps).resource
    return dps === undefined || isOurs(claim, dps)
  }
  const isLoose = (group: EnrollmentGroup, see: See) =>
    servesAllAlone(group, see(parents.dps).resource, hostNames(see))
  const hubs = [...parents.hubs].filter(
    ([hub]) => spec.hubs === undefined || spec.hubs.some((id) => sameId(id, hub.id))
  )
  const hostNames = (see: See) => hubs.map(([hub, step]) => hostNameOf(azure, hub, step, see))

  const binding = (see: See): Binding =>
    spec.policy === undefined ? {} : parents.binding(spec.policy, see)
  const whose = new EnrollmentGroupOwner(azure, claim, parents.hubs)

  const read = async (see: See, signal: AbortSignal): Promise<GroupEnrollmentFacts> => {
    const dps = service(see)
    return {
      group: dps && (await azure.data.get(dps, spec.name, signal)),
      hubs: hostNames(see)
    }
  }

  return {
    id: `enrollment-group/${spec.name}`,
    kind,
    resource,
    place: placeIn(resource),
    phase: 'enrollment',
    needs: [parents.dps, ...parents.hubs.values(), ...parents.links, ...parents.policies],
    reads: [parents.dps, ...parents.hubs.values()],
    ask: (signal) => azure.data.ask(target, signal),
    observe: read,
    unseen: (error) =>
      isRefused(error) ? { group: undefined, hubs: [], refused: true } : undefined,
    unmetRequirement: ({ group }) => (group === undefined ? 'does not exist' : undefined),
    judge: ({ group, hubs, refused }, see) => {
      if (refused) return { action: 'unknown', problem: notSeen(spec, target) }
      if (group === undefined) {
        const late = awaited([parents.dps], see)
        return late
          ? { action: 'await', reason: late }
          : {
              action: 'create',
              changes: born({ ...binding(see), iotHubs: hubs }),
              unknown: ['attestation.symmetricKey']
            }
      }
      const loose = !isOurDps(see) && isLoose(group, see)
      if (!isOurDps(see) && !loose && servesOthers(group, hubs)) {
        const served = (group.iotHubs ?? []).join(', ') || 'all of them'
        return cannot({
          what: `${kind} ${spec.name} on the shared DPS ${target.name} serves other hubs (${served}), so it is somebody else's`,
          advice: 'Give another name with the input `enrollment-group`.'
        })
      }
      if (!isSymmetric(group)) {
        return cannot({
          what: `${kind} ${spec.name} on ${target.name} attests by ${group.attestation?.type}, not by symmetricKey`,
          advice: `Give another name with the input \`enrollment-group\`, or delete it with \`az iot dps enrollment-group delete --dps-name ${target.name} --enrollment-id ${spec.name}\`.`
        })
      }
      const differences = changesOf(spec, group, hubs, binding(see)).filter(
        ({ property }) => !(loose && property === 'iotHubs')
      )
      if (loose && differences.length === 0) {
        return { action: 'keep', reason: 'shared', warning: listsNoHub(spec, target, hubs) }
      }
      if (differences.length > 0 && !isOurDps(see) && !whose.listsOnlyOurs(group, see)) {
        return cannot({
          what: `${kind} ${spec.name} on the shared DPS ${target.name} differs from the inputs, and lists a hub that is not this environment's, so it may be somebody else's`,
          advice: 'Give another name with the input `enrollment-group`, or let its owner change it.'
        })
      }
      return differences.length === 0
        ? { action: 'keep' }
        : { action: 'change', changes: differences }
    },
    apply: async (task) => {
      const { see, signal, progress } = task
      const dps = service(see)
      if (dps === undefined) throw new Error(`${target.id} has no service host name; run again.`)
      const hubs = hostNames(see)
      let unlinked = false
      const attempt = async () => {
        // Another writer of the list of links had a copy without ours (contract 2.4): it is written again.
        for (const link of unlinked ? parents.links : []) {
          const facts = await link.observe(see, signal)
          await link.apply({ ...task, verdict: { action: 'create' }, facts })
        }
        try {
          return await writeGroup(azure.data, spec, {
            dps,
            hubs,
            names: binding(see),
            dpsIsOurs: isOurDps(see),
            signal
          })
        } catch (error) {
          unlinked = isUnlinked(error)
          throw error
        }
      }
      const group = await retryWhile(attempt, {
        ...BUDGETS.enrollment,
        when: (error) =>
          isPending(error) ||
          isUnlinked(error) ||
          isPassing(error) ||
          (error instanceof AzureError && [404, 412].includes(error.status)),
        notify: (error) =>
          progress(
            isPassing(error)
              ? 'the Device Provisioning Service to answer again'
              : 'the Device Provisioning Service to reach the namespace'
          ),
        time: azure.time,
        signal
      })
      return { group, hubs }
    },
    checks: ({ group, hubs }, see) =>
      group === undefined
        ? []
        : [
            {
              what: 'is enabled',
              holds: !sameText(group.provisioningStatus, 'disabled'),
              warning: true,
              remedy: 'Somebody has disabled it; enable it in the portal if devices are to enroll.'
            },
            ...(spec.policy === undefined ? [] : [boundCheck(spec.policy, group, binding(see))]),
            {
              what: 'lists the hubs of this environment, and no other',
              holds: sameHosts(group.iotHubs ?? [], hubs),
              warning: !isOurDps(see) && isLoose(group, see),
              found: `it lists ${(group.iotHubs ?? []).join(', ') || 'none, which means all'}`,
              remedy: 'Run `operation: apply` with the phase `enrollment`.'
            }
          ],
    teardown: {
      within: true,
      judge: ({ group }, see) => {
        const dps = see(parents.dps).resource
        if (group === undefined || dps === undefined) return undefined
        if (isOurs(claim, dps)) return { action: 'remove' }
        const reason = whose.notProven(spec, group, see)
        return reason === undefined ? { action: 'remove' } : { action: 'leave', reason }
      },
      remove: async ({ see, signal, progress }) => {
        const dps = service(see)
        if (dps === undefined) return undefined
        if (isOurDps(see)) return azure.data.delete(dps, spec.name, undefined, signal)
        // Whose it is may have changed since the plan, and may change until it is deleted.
        const attempt = async () => {
          const now = await azure.data.get(dps, spec.name, signal)
          if (now === undefined) return undefined
          const reason = whose.notProven(spec, now, see)
          if (reason !== undefined) return new Stays(reason)
          return azure.data.delete(dps, spec.name, now.etag, signal)
        }
        return retryWhile(attempt, {
          ...BUDGETS.enrollment,
          when: (error) => error instanceof AzureError && error.status === 412,
          notify: () => progress('another change of it to end'),
          time: azure.time,
          signal
        })
      }
    },
    outputs: ({ group }) => (group === undefined ? {} : { 'enrollment-group': spec.name })
  }
}
