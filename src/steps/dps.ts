import type { Azure } from '../azure/azure.ts'
import { undefinedIfForbidden } from '../azure/errors/undefinedIfForbidden.ts'
import type { AnyStep, Step, Unmanaged } from '../engine/step.ts'
import { armResource } from '../resources/armResource.ts'
import type { Tools } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { Joining } from '../resources/joining.ts'
import type { ArmFacts } from '../resources/life.ts'
import { type Dps, usedByDps } from '../resources/model.ts'
import { sameId } from '../settings/resourceId.ts'
import type { Target } from '../settings/settings.ts'
import { dpsQuota } from './quotas.ts'
import type { GroupFacts } from './resourceGroup.ts'

export type DpsFacts = ArmFacts<Dps>

interface DpsStepOptions {
  readonly target: Target
  readonly location: string | undefined
  readonly joining: Joining<Dps>
  readonly subscriptionId: string
  /** The environment's hubs, whose links end with the DPS. */
  readonly hubs: readonly Target[]
}

/** What Azure has not told yet of what devices and enrollment groups are reached by. */
function untold({ properties }: Dps): string | undefined {
  if (!properties?.idScope) return 'its ID scope'
  if (!properties.serviceOperationsHostName) return 'its service host name'
  return properties.deviceProvisioningHostName ? undefined : 'its device host name'
}

/** The Device Provisioning Service, in the namespace's region, made part of its environment as the model wants it. */
export function dpsStep(
  tools: Tools,
  { arm, sdk, data, versions }: Pick<Azure, 'arm' | 'sdk' | 'data' | 'versions'>,
  { target, location, joining, subscriptionId, hubs }: DpsStepOptions,
  { group, needs }: { readonly group: Step<GroupFacts>; readonly needs: readonly AnyStep[] }
): Step<DpsFacts> {
  const kind = 'Device Provisioning Service'
  const apiVersion = versions.provisioning
  return armResource<Dps>(tools, {
    id: 'dps',
    kind,
    phase: 'dps',
    target,
    group,
    apiVersion,
    input: 'dps',
    needs,
    create: {
      early: true,
      obstacle: () => missingLocation(kind, target.id, 'location', location),
      checkName: (signal) => undefinedIfForbidden(() => sdk.checkDpsName(target.name, signal)),
      quota: (_see, signal) => dpsQuota({ arm, versions }, subscriptionId, signal),
      body: () => ({
        location,
        sku: joining.sku,
        identity: joining.identity,
        properties: joining.properties
      }),
      shows: () => ({ location, 'sku.name': joining.sku.name }),
      unknown: ['properties.idScope', 'properties.serviceOperationsHostName'],
      // That a service which never lived has no id scope is inferred.
      safeToRecreate: (found) => !found.properties?.idScope
    },
    present: {
      differences: (found) => ({
        fixed: [...locationDiffers(found, location), ...joining.differences(found)],
        mutable: joining.again?.lost(found) ?? []
      }),
      // Shortly after creation the ID scope may still be missing (contract 11.6); that host names may is inferred.
      late: (found) => untold(found) ?? joining.late?.(found),
      checks: (found) => [
        ...joining.checks(found),
        {
          what: 'has an ID scope',
          holds: Boolean(found.properties?.idScope),
          remedy: 'Azure tells it soon after creation: run `operation: verify` again.'
        }
      ],
      outputs: ({ id, properties }) => ({
        'dps-id': id,
        dps: target.name,
        ...(properties?.serviceOperationsHostName && {
          'dps-hostname': properties.serviceOperationsHostName
        }),
        ...(properties?.idScope && { 'dps-id-scope': properties.idScope }),
        ...(properties?.deviceProvisioningHostName && {
          'dps-device-hostname': properties.deviceProvisioningHostName
        })
      })
    },
    update: async (_changes, task) => joining.again?.join(task),
    remove: {
      // What is in it can only be asked at its service host.
      foundBy: ({ properties }) =>
        properties?.serviceOperationsHostName ? undefined : 'its service host name',
      uses: usedByDps,
      contents: (dps, _neighbours, signal) => contents(dps, signal),
      tellsContents: true
    }
  })

  /** Its enrollment groups, and its links of hubs that are none of this environment's. */
  async function contents(
    { id, properties }: Dps,
    signal: AbortSignal
  ): Promise<readonly Unmanaged[]> {
    const { serviceOperationsHostName: hostName, iotHubs = [] } = properties ?? {}
    const groups = hostName === undefined ? [] : await data.list({ ...target, hostName }, signal)
    return [
      ...groups.map(({ enrollmentGroupId }) => ({
        kind: 'Enrollment group',
        resource: `${id}/enrollmentGroups/${enrollmentGroupId}`
      })),
      ...iotHubs
        .map(({ name = '' }) => name.split('.')[0] ?? '')
        .filter((name) => !hubs.some((hub) => sameId(hub.name, name)))
        .map((name) => ({ kind: 'Link of hub', resource: `${id}#${name}` }))
    ]
  }
}
