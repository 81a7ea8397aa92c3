import type { Azure } from '../azure/azure.ts'
import type { DpsHost, EnrollmentGroup } from '../azure/clients/enrollmentGroup.ts'
import type { EnrollmentGroupSpec } from '../settings/settings.ts'
import {
  type Binding,
  changesOf,
  servesOthers,
  wantedBody,
  writable
} from './enrollmentGroupBody.ts'

/** What an enrollment group is written with, besides what the settings say of it. */
interface Writing {
  readonly dps: DpsHost
  /** Host names of the hubs that it is to list. */
  readonly hubs: readonly string[]
  readonly names: Binding
  readonly dpsIsOurs: boolean
  readonly signal: AbortSignal
}

/**
 * Makes an enrollment group, or changes what differs. Looks at once before it writes: the group could not be seen while the
 * DPS was not ready, or has just been written.
 *
 * @throws Error when somebody else made it meanwhile; AzureError
 */
export async function writeGroup(
  data: Azure['data'],
  spec: EnrollmentGroupSpec,
  { dps, hubs, names, dpsIsOurs, signal }: Writing
): Promise<EnrollmentGroup> {
  const present = await data.get(dps, spec.name, signal)
  if (present === undefined) {
    const body = {
      enrollmentGroupId: spec.name,
      attestation: { type: 'symmetricKey' },
      provisioningStatus: 'enabled',
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: true },
      ...wantedBody(spec, hubs, names)
    }
    return data.put(dps, spec.name, body, undefined, signal)
  }
  if (!dpsIsOurs && servesOthers(present, hubs)) {
    throw new Error(
      `Enrollment group ${spec.name} on the shared DPS ${dps.name} was made by somebody else while this run was at work. Give another name with the input \`enrollment-group\`.`
    )
  }
  if (changesOf(spec, present, hubs, names).length === 0) return present
  const body = {
    ...writable(present),
    // An update without keys may get new ones, and every device would be locked out (contract 10, inferred).
    attestation: await data.keys(dps, spec.name, signal),
    ...wantedBody(spec, hubs, names)
  }
  return data.put(dps, spec.name, body, present.etag, signal)
}
