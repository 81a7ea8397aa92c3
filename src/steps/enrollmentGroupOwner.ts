import type { Azure } from '../azure/azure.ts'
import type { EnrollmentGroup } from '../azure/clients/enrollmentGroup.ts'
import type { See, Step } from '../engine/step.ts'
import type { Claim } from '../resources/claim.ts'
import { isOurs } from '../resources/ownership.ts'
import type { EnrollmentGroupSpec, HubSpec } from '../settings/settings.ts'
import { includesHost, isSymmetric } from './enrollmentGroupBody.ts'
import { type HubFacts, hostNameOf } from './hub.ts'

/** Whose an enrollment group is, as far as the hubs that it lists tell: it has no tags. */
export class EnrollmentGroupOwner {
  readonly #azure: Pick<Azure, 'cloud'>
  readonly #claim: Claim
  readonly #hubs: ReadonlyMap<HubSpec, Step<HubFacts>>

  /** @param hubs all of the environment */
  constructor(
    azure: Pick<Azure, 'cloud'>,
    claim: Claim,
    hubs: ReadonlyMap<HubSpec, Step<HubFacts>>
  ) {
    this.#azure = azure
    this.#claim = claim
    this.#hubs = hubs
  }

  /** Every hub that it lists is this environment's, or is one that this environment is about to make. */
  listsOnlyOurs(group: EnrollmentGroup, see: See): boolean {
    return this.#listsOnly(group, see, ({ given }) => !given)
  }

  /** Why a group on a DPS that is not ours cannot be told to be ours; undefined when it is. */
  notProven(spec: EnrollmentGroupSpec, group: EnrollmentGroup, see: See): string | undefined {
    if ((group.iotHubs ?? []).length === 0)
      return 'on a shared DPS, a group that lists no hub serves all'
    if (!this.#listsOnly(group, see, () => false))
      return 'it lists a hub that is not this environment’s'
    if (!isSymmetric(group)) return 'this action makes none of its attestation'
    return spec.recognised === false
      ? 'its name is neither derived from the environment nor given; give it with the input `enrollment-group`'
      : undefined
  }

  /** @param missing whether a hub that is not there counts as ours */
  #listsOnly(
    { iotHubs = [] }: EnrollmentGroup,
    see: See,
    missing: (hub: HubSpec) => boolean
  ): boolean {
    const ours = [...this.#hubs]
      .filter(([hub, step]) => {
        const { resource } = see(step)
        return resource ? isOurs(this.#claim, resource) : missing(hub)
      })
      .map(([hub, step]) => hostNameOf(this.#azure, hub, step, see))
    return iotHubs.length > 0 && iotHubs.every((host) => includesHost(ours, host))
  }
}
