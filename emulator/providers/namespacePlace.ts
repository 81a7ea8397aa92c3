import { ArmError } from '../armError.ts'
import { sameLocation } from '../ids.ts'
import type { Resource } from '../kernel.ts'

/** Throws unless a namespace can have this name, and is where it has been (contract 3, contract B, 3). */
export function checkPlace(name: string, stored: Resource | undefined, location: string): void {
  if (!/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(name) || name.length < 3 || name.length > 64)
    throw new ArmError(400, 'InvalidResourceName', `The namespace name '${name}' is not valid.`)
  if (stored === undefined || sameLocation(String(stored.body.location), location)) return
  throw new ArmError(
    409,
    'InvalidResourceLocation',
    `The resource '${name}' already exists in location '${stored.body.location}'. It cannot be created in location '${location}'.`
  )
}
