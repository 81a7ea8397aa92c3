import { type Change, cannot, type Verdict } from '../engine/verdict.ts'
import type { TrackedResource } from './model.ts'

/** Compares regions as ARM does: `East US` is `eastus` (contract 2.1). */
export function sameLocation(a: string | undefined, b: string | undefined): boolean {
  return normalLocation(a) === normalLocation(b)
}

export function normalLocation(location: string | undefined): string | undefined {
  return location?.replaceAll(' ', '').toLowerCase()
}

/** The list of one difference, or none when both sides agree. */
export function differs(
  property: string,
  before: unknown,
  after: unknown,
  same = before === after
): readonly Change[] {
  return same ? [] : [{ property, before, after }]
}

/** A region can only be chosen at creation; without an input there is nothing to compare. */
export function locationDiffers(
  resource: TrackedResource,
  wanted: string | undefined
): readonly Change[] {
  const same = wanted === undefined || sameLocation(resource.location, wanted)
  return differs('location', resource.location, wanted, same)
}

/** The obstacle to creating a resource while no input says where. */
export function missingLocation(
  kind: string,
  id: string,
  input: string,
  location: string | undefined
): Verdict | undefined {
  if (location !== undefined) return undefined
  return cannot({
    what: `${kind} ${id} does not exist and input \`${input}\` is empty`,
    advice: `Set \`${input}\` to the Azure region in which to create it, for example \`westeurope\`.`
  })
}
