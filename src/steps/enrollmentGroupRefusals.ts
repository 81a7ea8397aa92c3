import { AzureError, isDenied } from '../azure/errors/azureError.ts'
import { SignInError } from '../azure/signIn/signInError.ts'
import type { Problem } from '../engine/verdict.ts'
import type { EnrollmentGroupSpec, Target } from '../settings/settings.ts'

/** The DPS lets nobody read without a key of its, or a role on it (contract 10); nor does Entra where the tenant lacks it. */
export function isRefused(error: unknown): boolean {
  return (error instanceof SignInError && error.denied) || isDenied(error, [401, 403])
}

/** What a run that only looks says of a group that it may not read. */
export function notSeen({ name }: EnrollmentGroupSpec, dps: Target): Problem {
  return {
    what: `Enrollment group ${name} on ${dps.name}: the identity of this run may not read it`,
    advice: `Let it read enrollment groups with \`az role assignment create --assignee-object-id OBJECT_ID --assignee-principal-type ServicePrincipal --role "Device Provisioning Service Data Reader" --scope ${dps.id}\`, or leave the phase \`enrollment\` out of \`phases\`.`
  }
}

/** What is said of a group on a shared DPS that serves whatever hub is linked, today this environment's alone. @param hubs host names */
export function listsNoHub(
  { name }: EnrollmentGroupSpec,
  dps: Target,
  hubs: readonly string[]
): string {
  return `Enrollment group ${name} on the shared DPS ${dps.name} lists no hub, so its devices go to whatever hub is linked there: today to this environment's alone. Let its owner list ${hubs.join(', ')}, or set \`adopt: true\` if the DPS is to belong to this environment.`
}

/** 400002: it lists a hub whose link was lost since it was made (inferred; the contract names no code for it). */
export function isUnlinked(error: unknown): boolean {
  return error instanceof AzureError && error.code === '400002' && /not linked/i.test(error.reason)
}

/** 403000: grants not in effect; 400004 is transient only while it speaks of the namespace (contract 10). */
export function isPending(error: unknown): boolean {
  if (!(error instanceof AzureError)) return false
  return error.code === '403000' || (error.code === '400004' && /namespace/i.test(error.reason))
}
