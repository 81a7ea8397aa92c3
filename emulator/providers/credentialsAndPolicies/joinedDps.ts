import { sameLocation } from '../../ids.ts'
import type { Kernel } from '../../kernel.ts'
import { linkOf } from '../certificateAuthorities/endpoints.ts'
import { refuse, requireJoinable } from '../devices.ts'

/** The namespace that a DPS of the first model names itself. */
export interface Joined {
  readonly resourceId: string
  readonly authenticationType: string
  readonly selectedUserAssignedIdentityResourceId?: string
}

/** Throws unless a DPS can join the namespace that it names (contract 9.2 and 11.2). */
export function checkJoined(
  kernel: Kernel,
  dpsId: string,
  { resourceId, authenticationType, selectedUserAssignedIdentityResourceId }: Joined,
  location: string,
  identity: Record<string, unknown>
): void {
  if (linkOf(kernel.world, dpsId) !== undefined) {
    // [INF] one namespace at most, whichever model joined it (contract B, 2)
    throw refuse(400, '400007', 'The provisioning service is linked by a namespace.')
  }
  if (
    (authenticationType === 'UserAssigned') !==
    (selectedUserAssignedIdentityResourceId !== undefined)
  ) {
    throw refuse(400, '400005', 'UserAssigned needs selectedUserAssignedIdentityResourceId.')
  }
  const namespace = requireJoinable(
    kernel,
    'provisioning service',
    resourceId,
    selectedUserAssignedIdentityResourceId ?? '',
    identity,
    location
  )
  if (!sameLocation(String(namespace.body.location), location)) {
    throw refuse(400, '400006', 'The namespace must be in the region of the provisioning service.')
  }
}
