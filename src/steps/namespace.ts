import { sameText } from '../azure/answer.ts'
import type { Azure } from '../azure/azure.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import { armResource } from '../resources/armResource.ts'
import type { Tools } from '../resources/context.ts'
import { differs, locationDiffers, missingLocation } from '../resources/differences.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { Namespace } from '../resources/model.ts'
import { provisioned } from '../resources/state.ts'
import type { Target } from '../settings/settings.ts'
import type { GroupFacts } from './resourceGroup.ts'

export type NamespaceFacts = ArmFacts<Namespace>

interface NamespaceSpec {
  readonly target: Target
  readonly location: string | undefined
}

/** ADR namespace with a system-assigned identity, which acts on the hubs when certificates are synchronized. */
export function namespaceStep(
  tools: Tools,
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  { target, location }: NamespaceSpec,
  { group, providers }: { readonly group: Step<GroupFacts>; readonly providers: AnyStep }
): Step<NamespaceFacts> {
  const kind = 'Device Registry namespace'
  const apiVersion = versions.deviceRegistry
  const identity = { type: 'SystemAssigned' }
  return armResource<Namespace>(tools, {
    id: 'namespace',
    kind,
    phase: 'namespace',
    target,
    group,
    apiVersion,
    input: 'namespace',
    needs: [group, providers],
    create: {
      obstacle: () => missingLocation(kind, target.id, 'location', location),
      body: () => ({ location, identity, properties: {} }),
      unknown: ['identity.principalId']
    },
    present: {
      differences: (found) => ({
        fixed: locationDiffers(found, location),
        mutable: differs(
          'identity.type',
          found.identity?.type,
          identity.type,
          sameText(found.identity?.type, identity.type)
        )
      }),
      // The answer to the creation may lack the principal id (contract 7.1).
      late: ({ identity: own }) =>
        sameText(own?.type, identity.type) && !own?.principalId
          ? 'the principal id of its identity'
          : undefined,
      checks: (found) => [
        {
          what: 'has a system-assigned identity',
          holds: Boolean(found.identity?.principalId),
          remedy: 'Run `operation: apply` with the phase `namespace`.'
        },
        provisioned(found)
      ],
      outputs: ({ id, identity: own }) => ({
        'namespace-id': id,
        namespace: target.name,
        ...(own?.principalId && { 'namespace-principal-id': own.principalId })
      })
    },
    update: async (_changes, { signal, progress }) => {
      await arm.patch(target.id, {
        apiVersion,
        operation: 'give the namespace its identity',
        body: { identity },
        signal,
        progress
      })
    },
    remove: { contents: ({ id }, neighbours, signal) => neighbours.usersOf(id, signal) }
  })
}
