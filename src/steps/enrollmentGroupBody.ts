import { sameText } from '../azure/answer.ts'
import type { EnrollmentGroup } from '../azure/clients/enrollmentGroup.ts'
import type { Check } from '../engine/step.ts'
import type { Change } from '../engine/verdict.ts'
import { differs } from '../resources/differences.ts'
import type { Dps } from '../resources/model.ts'
import type { EnrollmentGroupSpec } from '../settings/settings.ts'
import { hasTwin } from './initialTwin.ts'

/**
 * What a request says of a wanted group. Always with this environment's hubs: on a shared DPS another branch's hub would
 * get the devices otherwise.
 *
 * @param hubs host names
 */
export function wantedBody(spec: EnrollmentGroupSpec, hubs: readonly string[], binding: Binding) {
  return {
    ...binding,
    ...(spec.allocationPolicy !== undefined && { allocationPolicy: spec.allocationPolicy }),
    ...(spec.iotEdge !== undefined && { capabilities: { iotEdge: spec.iotEdge } }),
    ...(spec.initialTwin !== undefined && { initialTwin: spec.initialTwin }),
    iotHubs: hubs
  }
}

/** What a group says of the policy that issues its device certificates, by property; empty when it is bound to none. */
export type Binding = Readonly<Record<string, string>>

/** How a group differs from what is wanted; what the inputs leave open is no difference. */
export function changesOf(
  spec: EnrollmentGroupSpec,
  group: EnrollmentGroup,
  hubs: readonly string[],
  binding: Binding
): readonly Change[] {
  return [
    ...Object.entries(binding).flatMap(([property, name]) =>
      wordDiffers(property, bound(group, property), name)
    ),
    ...wordDiffers('allocationPolicy', group.allocationPolicy, spec.allocationPolicy),
    ...(spec.iotEdge === undefined
      ? []
      : differs('capabilities.iotEdge', group.capabilities?.iotEdge ?? false, spec.iotEdge)),
    ...(spec.initialTwin === undefined
      ? []
      : differs(
          'initialTwin',
          group.initialTwin,
          spec.initialTwin,
          hasTwin(group.initialTwin, spec.initialTwin)
        )),
    ...differs('iotHubs', group.iotHubs, hubs, sameHosts(group.iotHubs ?? [], hubs))
  ]
}

/** Devices get their certificates by the policy that is wanted. */
export function boundCheck(policy: string, group: EnrollmentGroup, binding: Binding): Check {
  const others = Object.entries(binding).filter(
    ([property, name]) => !sameText(bound(group, property), name)
  )
  const found = others.map(([property]) => `${property} is ${bound(group, property) ?? 'none'}`)
  return {
    what: `is bound to the policy ${policy}`,
    holds: others.length === 0,
    found: found.join(', '),
    remedy: 'Run `operation: apply` with the phase `enrollment`.'
  }
}

/** What the group says of a property by which it is bound. */
function bound(group: EnrollmentGroup, property: string): string | undefined {
  const value = Object.entries(group).find(([name]) => name === property)?.[1]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function wordDiffers(
  property: string,
  before: string | undefined,
  after: string | undefined
): readonly Change[] {
  return after === undefined ? [] : differs(property, before, after, sameText(before, after))
}

/** The group without what the service alone writes. */
export function writable(group: EnrollmentGroup): Readonly<Record<string, unknown>> {
  const readOnly = ['createdDateTimeUtc', 'lastUpdatedDateTimeUtc', 'etag']
  return Object.fromEntries(Object.entries(group).filter(([name]) => !readOnly.includes(name)))
}

/** Host names compare without case. */
export function includesHost(hosts: readonly string[], host: string): boolean {
  return hosts.some((other) => other.toLowerCase() === host.toLowerCase())
}

export function sameHosts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((host) => includesHost(b, host))
}

/** It serves every linked hub, as the tutorial makes it, and none but these are linked: as good as listed. */
export function servesAllAlone(
  { iotHubs = [] }: EnrollmentGroup,
  dps: Dps | undefined,
  hubs: readonly string[]
): boolean {
  const linked = (dps?.properties?.iotHubs ?? []).map(({ name = '' }) => name)
  return iotHubs.length === 0 && linked.length > 0 && sameHosts(linked, hubs)
}

/** On a shared DPS, a group of our name with other hubs, or with none and so with all, is somebody else's. */
export function servesOthers({ iotHubs = [] }: EnrollmentGroup, hubs: readonly string[]): boolean {
  return iotHubs.length === 0 || iotHubs.some((host) => !includesHost(hubs, host))
}

/** This action makes groups of no other attestation. */
export function isSymmetric({ attestation }: EnrollmentGroup): boolean {
  return sameText(attestation?.type, 'symmetricKey')
}
