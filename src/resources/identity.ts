import { isAmong } from '../azure/answer.ts'
import type { Identity } from './model.ts'

export const SYSTEM_ASSIGNED = 'SystemAssigned'

/** ADR writes several kinds without a blank, hub and DPS with one (contract B 3.1). */
export function hasOwnIdentity(identity: Identity | undefined): boolean {
  const kinds = identity?.type?.split(',').map((kind) => kind.trim()) ?? []
  return isAmong(kinds, SYSTEM_ASSIGNED)
}

/** It has an identity of its own, whose principal id Azure has not told. */
export function awaitsPrincipal(identity: Identity | undefined): boolean {
  return hasOwnIdentity(identity) && !identity?.principalId
}
