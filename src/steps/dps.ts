import { VERSIONS } from '../azure/versions.ts'
import type { AnyStep, Step } from '../engine/step.ts'
import type { Context } from './context.ts'
import { condition, creator, type DeviceService, ifAnswered, notActive } from './deviceService.ts'
import { differs, locationDiffers, missingLocation, sameId } from './ownership.ts'
import { type TrackedFacts, trackedStep } from './tracked.ts'

/** A hub as the DPS lists it; the key in its connection string is masked by Azure. */
export interface LinkedHub {
  /** Host name of the hub. */
  readonly name?: string
  readonly connectionString?: string
  readonly location?: string
}

export interface Dps extends DeviceService {
  readonly sku?: { readonly name?: string; readonly capacity?: number }
  readonly identity?: {
    readonly type?: string
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>>
  }
  readonly properties?: {
    readonly provisioningState?: string
    readonly state?: string
    readonly idScope?: string
    readonly serviceOperationsHostName?: string
    readonly deviceProvisioningHostName?: string
    readonly iotHubs?: readonly LinkedHub[]
    readonly deviceRegistryNamespace?: { readonly resourceId?: string }
  }
}
export type DpsFacts = TrackedFacts<Dps>

/** The Device Provisioning Service joined to the namespace, in the namespace's region. */
export function dpsStep(context: Context, needs: readonly AnyStep[]): Step<DpsFacts> {
  const { azure, environment } = context
  const { dps, namespace, identity, location } = environment
  const kind = 'Device Provisioning Service'
  const apiVersion = VERSIONS.provisioning
  return trackedStep<Dps>(context, {
    id: 'dps',
    kind,
    phase: 'dps',
    resource: dps.id,
    apiVersion,
    input: 'dps',
    needs,
    obstacle: () => missingLocation(kind, dps.id, 'location', location),
    nameTaken: (signal) => ifAnswered(() => azure.sdk.dpsNameTaken(dps.name, signal)),
    body: () => ({
      location,
      sku: { name: 'S1', capacity: 1 },
      // Only the creating PUT may attach the identity: later Azure refuses with IH400158 (contract 9.2).
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } },
      properties: {
        deviceRegistryNamespace: {
          resourceId: namespace.id,
          authenticationType: 'UserAssigned',
          selectedUserAssignedIdentityResourceId: identity.id
        }
      }
    }),
    make: creator(context, dps, apiVersion, kind),
    unknown: ['properties.idScope', 'properties.serviceOperationsHostName'],
    condition: (found) =>
      condition(environment, kind, found, found.properties?.serviceOperationsHostName),
    differences: (found) => ({
      fixed: [
        ...locationDiffers(found, location),
        ...differs(
          'properties.deviceRegistryNamespace.resourceId',
          found.properties?.deviceRegistryNamespace?.resourceId,
          namespace.id,
          sameId(found.properties?.deviceRegistryNamespace?.resourceId, namespace.id)
        )
      ]
    }),
    // Shortly after creation the id scope may still be missing (contract 11.6).
    incomplete: (found) =>
      notActive(found) ?? (found.properties?.idScope ? undefined : 'has no id scope yet'),
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
