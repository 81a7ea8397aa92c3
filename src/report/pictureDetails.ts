import type { WantedEnvironment } from '../settings/settings.ts'

/** What the picture of an environment tells besides its steps, by the ids of steps. */
export interface PictureDetails {
  /** In a few words: a region, a validity. */
  readonly details: Readonly<Record<string, string>>
  /** The policy that issues the certificates of an enrollment group's devices. */
  readonly issuedBy: Readonly<Record<string, string>>
}

export function pictureDetails({
  location,
  hubs,
  policies,
  enrollmentGroups
}: Pick<WantedEnvironment, 'location' | 'hubs' | 'policies' | 'enrollmentGroups'>): PictureDetails {
  return {
    details: Object.fromEntries([
      ...(location ? [['namespace', location]] : []),
      ...hubs.flatMap(({ name, location }) => (location ? [[`hub/${name}`, location]] : [])),
      ...policies.map(({ name, leafValidityDays: days }) => [
        `policy/${name}`,
        `${days} ${days === 1 ? 'day' : 'days'}`
      ])
    ]),
    issuedBy: Object.fromEntries(
      enrollmentGroups.flatMap(({ name, policy }) =>
        policy === undefined ? [] : [[`enrollment-group/${name}`, `policy/${policy}`]]
      )
    )
  }
}
