import type { Azure } from '../azure/azure.ts'
import type { AnyStep, Step, Unmanaged } from '../engine/step.ts'
import { armResource } from '../resources/armResource.ts'
import type { Tools } from '../resources/context.ts'
import { differs, locationDiffers, missingLocation } from '../resources/differences.ts'
import { awaitsPrincipal, hasOwnIdentity, SYSTEM_ASSIGNED } from '../resources/identity.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { Identity, Namespace } from '../resources/model.ts'
import { provisioned } from '../resources/state.ts'
import type { Target } from '../settings/settings.ts'
import type { GroupFacts } from './resourceGroup.ts'

export type NamespaceFacts = ArmFacts<Namespace>

interface NamespaceStepOptions<N extends Namespace> {
  readonly target: Target
  readonly location: string | undefined
  /** Whether one whose last change failed lives all the same; such a one is never made again. */
  readonly lives?: (found: N) => boolean
  /** What lies in it, besides those that use it. */
  readonly contents?: (found: N, signal: AbortSignal) => Promise<readonly Unmanaged[]>
  /** May go only once these are gone. */
  readonly goesAfter?: () => readonly AnyStep[]
}

/** ADR namespace with a system-assigned identity, which acts on hubs and DPS. */
export function namespaceStep<N extends Namespace = Namespace>(
  tools: Tools,
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  { target, location, lives = () => false, contents, goesAfter }: NamespaceStepOptions<N>,
  { group, providers }: { readonly group: Step<GroupFacts>; readonly providers: AnyStep }
): Step<ArmFacts<N>> {
  const kind = 'Device Registry namespace'
  const apiVersion = versions.deviceRegistry
  return armResource<N>(tools, {
    id: 'namespace',
    kind,
    phase: 'namespace',
    target,
    group,
    apiVersion,
    input: 'namespace',
    needs: [group, providers],
    read: {
      find: async (_see, signal) => {
        const found = await arm.get<N>(target.id, apiVersion, { operation: `read ${kind}`, signal })
        // As Microsoft.Devices tells of a service whose last change came to nothing.
        return found && lives(found)
          ? { ...found, properties: { ...found.properties, state: 'Active' } }
          : found
      },
      newborn: (made) => made
    },
    create: {
      obstacle: () => missingLocation(kind, target.id, 'location', location),
      shows: () => ({ location }),
      body: () => ({ location, identity: { type: SYSTEM_ASSIGNED }, properties: {} }),
      unknown: ['identity.principalId'],
      safeToRecreate: (found) => !lives(found)
    },
    present: {
      differences: (found) => ({
        fixed: locationDiffers(found, location),
        mutable: differs(
          'identity.type',
          found.identity?.type,
          identityWith(found.identity).type,
          hasOwnIdentity(found.identity)
        )
      }),
      // The answer to the creation may lack the principal id (contract 7.1).
      late: ({ identity }) =>
        awaitsPrincipal(identity) ? 'the principal id of its identity' : undefined,
      checks: (found) => [
        {
          what: 'has a system-assigned identity',
          holds: Boolean(found.identity?.principalId),
          remedy: 'Run `operation: apply` with the phase `namespace`.'
        },
        provisioned(found)
      ],
      outputs: ({ id, identity }) => ({
        'namespace-id': id,
        namespace: target.name,
        ...(identity?.principalId && { 'namespace-principal-id': identity.principalId })
      })
    },
    update: async (_changes, { facts, signal, progress }) => {
      await arm.patch(target.id, {
        apiVersion,
        operation: 'give the namespace its identity',
        body: { identity: identityWith(facts.resource?.identity) },
        signal,
        progress
      })
    },
    remove: {
      contents: async (found, inventory, signal) => [
        ...(await inventory.usersOf(found.id, signal)),
        ...((await contents?.(found, signal)) ?? [])
      ],
      ...(contents && { tellsContents: true }),
      ...(goesAfter && { goesAfter })
    }
  })
}

/** The identity with one of its own; those that are attached stay. */
function identityWith(found: Identity | undefined): Identity {
  const attached = Object.keys(found?.userAssignedIdentities ?? {})
  if (attached.length === 0) return { type: SYSTEM_ASSIGNED }
  return {
    type: `${SYSTEM_ASSIGNED},UserAssigned`,
    userAssignedIdentities: Object.fromEntries(attached.map((id) => [id, {}]))
  }
}
