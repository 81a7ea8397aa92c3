import type { Azure } from '../../azure/azure.ts'
import type { AnyStep, Step } from '../../engine/step.ts'
import type { Purpose } from '../../resources/context.ts'
import type { ArmFacts } from '../../resources/life.ts'
import { untilGone } from '../../resources/removal.ts'
import { ownerOf } from '../../settings/ownerTags.ts'
import { placeIn } from '../../settings/resourceId.ts'
import type { Environment, Target } from '../../settings/settings.ts'
import type { LinkingNamespace, RegistryDevice } from './model.ts'

export interface DevicesFacts {
  readonly devices: readonly RegistryDevice[]
}

/** Devices that registered with the namespace. */
export async function registryDevices(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  namespaceId: string,
  signal: AbortSignal
): Promise<readonly RegistryDevice[]> {
  const operation = 'list registry devices'
  const path = `${namespaceId}/registryDevices`
  return arm.list<RegistryDevice>(path, versions.deviceRegistry, { operation, signal })
}

/**
 * The registry devices of a namespace that is to go: Azure makes one when a device registers, and refuses to delete a
 * namespace that has one (contract B section 10). Those of a shared namespace are its owner's: Azure does not tell on which
 * hub a device is, and a branch that leaves takes none along.
 *
 * @param spec `destroyDevices`: whether they are deleted with the environment; otherwise they keep it
 */
export function devicesStep(
  azure: Pick<Azure, 'arm' | 'time' | 'versions'>,
  purpose: Purpose,
  spec: Pick<Environment, 'ownership' | 'destroyDevices'>,
  {
    of,
    namespace,
    others
  }: {
    readonly of: Target
    readonly namespace: Step<ArmFacts<LinkingNamespace>>
    /** All that a device uses: it goes after the devices. */
    readonly others: readonly AnyStep[]
  }
): Step<DevicesFacts> {
  const resource = `${of.id}/registryDevices`
  const apiVersion = azure.versions.deviceRegistry
  return {
    id: 'registry-devices',
    kind: 'Registry devices',
    resource,
    place: placeIn(resource),
    phase: 'namespace',
    needs: [namespace, ...others],
    reads: [namespace],
    exceptional: true,
    observe: async (see, signal) => {
      const { resource: found } = see(namespace)
      const may =
        purpose.does === 'take down' &&
        found !== undefined &&
        ownerOf(found, spec.ownership) === 'ours'
      return { devices: may ? await registryDevices(azure, of.id, signal) : [] }
    },
    unmetRequirement: () => undefined,
    judge: () => ({ action: 'keep' }),
    apply: async ({ facts }) => facts,
    teardown: {
      judge: ({ devices }) => {
        if (devices.length === 0) return undefined
        if (spec.destroyDevices) return { action: 'remove' }
        const some = devices.length === 1 ? 'one is there' : `${devices.length} are there`
        const reason = `${some}; \`destroy-devices: true\` in the config file takes them too`
        return { action: 'leave', reason }
      },
      onlyWith: () => namespace,
      uses: () => others.map((step) => step.resource),
      remove: async ({ signal, progress }) => {
        const devices = await registryDevices(azure, of.id, signal)
        for (const { id } of devices) {
          const operation = 'delete registry device'
          await azure.arm.delete(id, { apiVersion, operation, signal, progress })
          const look = () =>
            azure.arm.get(id, apiVersion, { operation: 'read registry device', signal })
          const waitingFor = 'Azure to finish deleting a registry device'
          await untilGone(look, waitingFor, { time: azure.time, progress, signal })
        }
      }
    }
  }
}
