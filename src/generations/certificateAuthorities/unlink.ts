import type { Azure } from '../../azure/azure.ts'
import type { NameCheck } from '../../azure/clients/sdk.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { ifAnswered } from '../../azure/errors/ifAnswered.ts'
import { isBusy, isFateUnknown } from '../../azure/http/retry.ts'
import { poll, retryWhile } from '../../azure/http/wait.ts'
import { VERSIONS } from '../../azure/versions.ts'
import { type AnyStep, Stays, type Step } from '../../engine/step.ts'
import { BUDGETS } from '../../resources/budgets.ts'
import type { ArmFacts } from '../../resources/life.ts'
import type { Dps, Hub } from '../../resources/model.ts'
import { groupIdOf } from '../../settings/resourceId.ts'
import type { GrantWish, Phase, Target } from '../../settings/settings.ts'
import { assignmentName } from '../../steps/grants.ts'
import { READER } from '../../steps/roles.ts'
import { endpointsOf, endpointTo, isTerminal, outboundPrincipal, type Placed } from './endpoints.ts'
import type { LinkingNamespace } from './model.ts'
import { namespaceBody } from './namespaceBody.ts'

export interface UnlinkFacts {
  readonly placed: Placed | undefined
  /** Whether the hub or DPS is there; an endpoint without one is a dead one. */
  readonly exists: boolean
  /** It is gone for certain: Azure says that its name is free. Only asked for when there is a dead endpoint. */
  readonly free: boolean
}

interface UnlinkSpec {
  readonly target: Target
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  readonly phase: Phase
  readonly apiVersion: string
  /** Whether its globally unique name can be had. */
  readonly checkName: (signal: AbortSignal) => Promise<NameCheck | undefined>
  readonly grants: Pick<GrantWish, 'manage'>
}

interface Parents {
  readonly of: Target
  readonly namespace: Step<ArmFacts<LinkingNamespace>>
  /** The hub or DPS: an endpoint can only be dropped once it is gone (contract B 3.7). */
  readonly resource: Step<ArmFacts<Hub | Dps>>
  readonly group: AnyStep
}

/** Reader takes effect within: what Azure's own command line waits (contract B 5.3). */
const READER_MS = 30_000
const LOOK_MS = 10_000
/** Ten minutes (contract B 3.7). */
const LOOKS = 60

/**
 * Drops the endpoint of a hub or DPS that is gone from a namespace that stays. The namespace has to see that it is gone,
 * for which its identity reads the group, and is then written as a whole, but for that endpoint.
 */
export function unlinkStep(
  azure: Pick<Azure, 'arm' | 'time' | 'versions'>,
  { target, kind, phase, apiVersion, checkName, grants }: UnlinkSpec,
  { of, namespace, resource, group }: Parents
): Step<UnlinkFacts> {
  const { arm, time } = azure
  const get = (signal: AbortSignal) =>
    arm.get(target.id, apiVersion, { operation: `read ${kind}`, signal })
  const read = (signal: AbortSignal) =>
    arm.get<LinkingNamespace>(of.id, azure.versions.deviceRegistry, {
      operation: 'read Device Registry namespace',
      signal
    })

  async function drop(
    signal: AbortSignal,
    progress: (waitingFor: string) => void
  ): Promise<UnlinkFacts | Stays> {
    if ((await get(signal)) !== undefined) return new Stays(`${kind} ${target.id} is still there`)
    const before = await read(signal)
    const gone = { placed: undefined, exists: false, free: true }
    if (endpointTo(before, target.id) === undefined) return gone
    const reader = grants.manage ? await letRead(before, signal) : undefined
    if (reader) {
      progress('the namespace to see that it is gone')
      await time.sleep(READER_MS, signal)
    }
    const write = async () => {
      const now = await quiet(signal, progress)
      const placed = endpointTo(now, target.id)
      if (now === undefined || placed === undefined) return
      await arm.put(of.id, {
        apiVersion: azure.versions.deviceRegistry,
        operation: `drop the endpoint of ${target.name} from the namespace`,
        body: namespaceBody(now, {}, [placed]),
        once: true,
        signal,
        progress
      })
      const after = await quiet(signal, progress)
      const lost = endpointsOf(now).filter(
        (one) =>
          one.name !== placed.name && !endpointsOf(after).some(({ name }) => name === one.name)
      )
      if (lost[0]) {
        throw new Error(
          `The namespace ${of.id} lost the endpoint ${lost[0].name} while that of ${target.name} was dropped. Let its owner run \`operation: apply\`, which links it again.`
        )
      }
      if (endpointTo(after, target.id)) throw new StillThere()
    }
    await retryWhile(write, {
      ...BUDGETS.removal,
      when: (error) =>
        error instanceof StillThere ||
        isFateUnknown(error) ||
        (error instanceof AzureError && isBusy(error)),
      notify: () => progress('other changes of the namespace to end'),
      time,
      signal
    })
    if (reader) {
      const operation = 'take back Reader'
      await arm.delete(reader, { apiVersion: VERSIONS.authorization, operation, signal })
    }
    return gone
  }

  /** The namespace once nothing works on it. */
  function quiet(signal: AbortSignal, progress: (waitingFor: string) => void) {
    return poll({
      look: () => read(signal),
      missing: (found) =>
        isTerminal(found?.properties?.provisioningState)
          ? undefined
          : 'Azure to end its work on the namespace',
      everyMs: LOOK_MS,
      looks: LOOKS,
      progress,
      time,
      signal
    })
  }

  /** @returns id of the assignment that was made */
  async function letRead(
    found: LinkingNamespace | undefined,
    signal: AbortSignal
  ): Promise<string | undefined> {
    const principalId = found && outboundPrincipal(found)
    if (principalId === undefined) return undefined
    const scope = groupIdOf(target.id)
    const [subscription] = scope.split('/resourceGroups/')
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(scope, principalId, READER)}`
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${READER.id}`
    try {
      await arm.put(id, {
        apiVersion: VERSIONS.authorization,
        operation: `grant ${READER.name} on`,
        body: { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
        signal
      })
      return id
    } catch (error) {
      // The group may be gone already, and somebody may have granted it for good.
      if (!(error instanceof AzureError)) throw error
      if (error.code === 'RoleAssignmentExists' || error.status === 404) return undefined
      throw error
    }
  }

  return {
    id: `unlink/${target.name}`,
    kind: `Endpoint of ${kind}`,
    resource: `${of.id}#${target.name}`,
    phase,
    needs: [namespace, group],
    reads: [namespace, resource],
    exceptional: true,
    observe: async (see, signal) => {
      const placed = endpointTo(see(namespace).resource, target.id)
      if (placed === undefined) return { placed, exists: false, free: false }
      const { resource: found, leaving } = see(resource)
      const exists = found !== undefined || leaving === true
      const ask = !exists && !target.given
      const name = ask ? await ifAnswered(() => checkName(signal)) : undefined
      return { placed, exists, free: name !== undefined && name.taken === undefined }
    },
    lacks: () => undefined,
    judge: ({ placed, exists, free }) =>
      placed && !exists && free
        ? { action: 'act', reason: `drop the endpoint of ${kind} ${target.id}, which is gone` }
        : { action: 'keep' },
    apply: async ({ signal, progress }) => {
      const facts = await drop(signal, progress)
      if (facts instanceof Stays) throw new Error(`${facts.reason}; run again.`)
      return facts
    },
    teardown: {
      follows: true,
      judge: ({ placed, exists, free }, _see, going) => {
        if (placed === undefined || going(of.id)) return undefined
        if (going(target.id)) return { action: 'remove' }
        // A dead endpoint is dropped only when Azure says that the name is free.
        return !exists && free ? { action: 'remove' } : undefined
      },
      remove: ({ signal, progress }) => drop(signal, progress),
      goesAfter: () => [resource]
    }
  }
}

class StillThere extends Error {}
