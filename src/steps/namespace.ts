import { sameText } from '../azure/answer.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import { differs, locationDiffers, missingLocation, type Tracked } from '../resources/ownership.ts'
import { provisioned } from '../resources/state.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import { type GroupFacts, home } from './resourceGroup.ts'

export interface Namespace extends Tracked {
  readonly identity?: { readonly type?: string; readonly principalId?: string }
}
export type NamespaceFacts = TrackedFacts<Namespace>

/** ADR namespace with a system-assigned identity, which acts on the hubs when certificates are synchronized. */
export function namespaceStep(
  context: Context,
  group: Step<GroupFacts>,
  providers: AnyStep
): Step<NamespaceFacts> {
  const { azure, environment, neighbours } = context
  const { namespace, location } = environment
  const kind = 'Device Registry namespace'
  const apiVersion = VERSIONS.deviceRegistry
  return trackedStep<Namespace>(context, {
    id: 'namespace',
    kind,
    phase: 'namespace',
    resource: namespace.id,
    target: namespace,
    apiVersion,
    input: 'namespace',
    needs: [group, providers],
    ...home(context, namespace, group),
    obstacle: () => missingLocation(kind, namespace.id, 'location', location),
    body: () => ({ location, identity: { type: 'SystemAssigned' }, properties: {} }),
    unknown: ['identity.principalId'],
    differences: (found) => ({
      fixed: locationDiffers(found, location),
      mutable: differs(
        'identity.type',
        found.identity?.type,
        'SystemAssigned',
        sameText(found.identity?.type, 'SystemAssigned')
      )
    }),
    repair: async (_changes, { signal, progress }) => {
      await azure.arm.patch(namespace.id, {
        apiVersion,
        operation: 'give the namespace its identity',
        body: { identity: { type: 'SystemAssigned' } },
        signal,
        progress
      })
    },
    contents: async ({ id }, signal) => (await neighbours?.usersOf(id, signal)) ?? [],
    checks: (namespace) => [
      {
        what: 'has a system-assigned identity',
        holds: Boolean(namespace.identity?.principalId),
        remedy: 'Run `operation: apply` with the phase `namespace`.'
      },
      provisioned(namespace)
    ],
    // The answer to the creation may lack the principal id (contract 7.1).
    late: ({ identity }) =>
      identity?.principalId ? undefined : 'the principal id of its identity',
    outputs: ({ id, identity }) => ({
      'namespace-id': id,
      namespace: namespace.name,
      ...(identity?.principalId && { 'namespace-principal-id': identity.principalId })
    })
  })
}
