import type { Resource } from '../kernel.ts'

/** How a registration ended. */
export interface Outcome {
  readonly status: 'assigned' | 'failed'
  readonly state: Record<string, unknown>
}

/** How one ended, and how its operation was called. */
interface Registration extends Outcome {
  readonly operationId: string
}

/** What devices registered at a DPS, by registration id in lower case. */
export function registrationsOf(dps: Resource): Map<string, Registration> {
  dps.secret.registrations ??= new Map<string, Registration>()
  return dps.secret.registrations as Map<string, Registration>
}
