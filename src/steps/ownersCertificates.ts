import type { See, Step } from '../engine/step.ts'
import { cannot, type Verdict } from '../engine/verdict.ts'
import type { Claim } from '../resources/claim.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { TrackedResource } from '../resources/model.ts'
import { isOurs } from '../resources/ownership.ts'

interface Missing {
  readonly kind: string
  readonly id: string
  /** What one can do who does not own the namespace. */
  readonly otherwise: string
}

/** The certificates of a shared namespace are its owner's to make: they must exist and are only read. */
export function ownersCertificates(
  claim: Claim,
  { kind, id, otherwise }: Missing,
  namespace: Step<ArmFacts<TrackedResource>>,
  see: See
): Verdict | undefined {
  const parent = see(namespace).resource
  if (parent === undefined || isOurs(claim, parent)) return undefined
  return cannot({
    what: `${kind} ${id} does not exist, and its namespace is shared, so it is not made here`,
    advice: `Let the owner of the namespace make it, or ${otherwise}.`
  })
}
