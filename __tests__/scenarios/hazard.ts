import type { Built, Estate } from './estate.ts'

/** What a hazard did to an estate. */
export interface Planted {
  /** Ids that no environment may delete from then on. */
  readonly theirs: readonly string[]
  /** Where it stands: what is deleted at or below one of these is deleted beside it. */
  readonly beside: readonly string[]
}

/** @returns undefined where it has no place */
export type Hazard = (estate: Estate, environment: Built, pick: number) => Planted | undefined
