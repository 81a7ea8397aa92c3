import { ifAnswered } from '../azure/errors/ifAnswered.ts'
import type { AnyStep, Step, Unmanaged } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import { locationDiffers, missingLocation } from '../resources/differences.ts'
import type { Joining } from '../resources/joining.ts'
import { type Dps, usedByDps } from '../resources/model.ts'
import { type TrackedFacts, trackedStep } from '../resources/tracked.ts'
import { sameId } from '../settings/resourceId.ts'
import { dpsQuota } from './quotas.ts'
import { type GroupFacts, home } from './resourceGroup.ts'

export type DpsFacts = TrackedFacts<Dps>

/** Enrollment groups of a DPS of ours, and its links of hubs that are none of this environment's. */
async function contents(
  { azure, environment }: Context,
  { id, properties }: Dps,
  signal: AbortSignal
): Promise<readonly Unmanaged[]> {
  const { serviceOperationsHostName: hostName, iotHubs = [] } = properties ?? {}
  const groups =
    hostName === undefined ? [] : await azure.data.list({ ...environment.dps, hostName }, signal)
  return [
    ...groups.map(({ enrollmentGroupId }) => ({
      kind: 'Enrollment group',
      resource: `${id}/enrollmentGroups/${enrollmentGroupId}`
    })),
    ...iotHubs
      .map(({ name = '' }) => name.split('.')[0] ?? '')
      .filter((name) => !environment.hubs.some((hub) => sameId(hub.name, name)))
      .map((name) => ({ kind: 'Link of hub', resource: `${id}#${name}` }))
  ]
}

/** The Device Provisioning Service, in the namespace's region, made part of its environment as the model wants it. */
export function dpsStep(
  context: Context,
  group: Step<GroupFacts>,
  needs: readonly AnyStep[],
  joining: Joining<Dps>
): Step<DpsFacts> {
  const { azure, environment } = context
  const { dps, location } = environment
  const kind = 'Device Provisioning Service'
  const apiVersion = azure.versions.provisioning
  return trackedStep<Dps>(context, {
    id: 'dps',
    kind,
    phase: 'dps',
    resource: dps.id,
    target: dps,
    apiVersion,
    input: 'dps',
    needs,
    ...home(context, dps, group),
    obstacle: () => missingLocation(kind, dps.id, 'location', location),
    checkName: (signal) => ifAnswered(() => azure.sdk.checkDpsName(dps.name, signal)),
    quota: (_see, signal) => dpsQuota(context, signal),
    body: () => ({
      location,
      sku: joining.sku,
      identity: joining.identity,
      properties: joining.properties
    }),
    unknown: ['properties.idScope', 'properties.serviceOperationsHostName'],
    // That a service which never lived has no id scope is inferred.
    neverLived: (found) => !found.properties?.idScope,
    differences: (found) => ({
      fixed: [...locationDiffers(found, location), ...joining.differences(found)]
    }),
    // Shortly after creation the id scope may still be missing (contract 11.6).
    incomplete: (found) => (found.properties?.idScope ? undefined : 'Azure to tell its id scope'),
    uses: usedByDps,
    contents: (found, _neighbours, signal) => contents(context, found, signal),
    tellsContents: true,
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
      dps: dps.name,
      ...(properties?.serviceOperationsHostName && {
        'dps-hostname': properties.serviceOperationsHostName
      }),
      ...(properties?.idScope && { 'dps-id-scope': properties.idScope }),
      ...(properties?.deviceProvisioningHostName && {
        'dps-device-hostname': properties.deviceProvisioningHostName
      })
    })
  })
}
