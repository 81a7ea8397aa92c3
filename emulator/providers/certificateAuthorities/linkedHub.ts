import type { Kernel, Resource } from '../../kernel.ts'
import { refuse } from '../devices.ts'
import { linkOf } from './endpoints.ts'
import { inboundPrincipal } from './principals.ts'

/** The identity that an active link uses stays on its hub (contract B, 4.1). */
export function checkLinkedHub(
  { world }: Kernel,
  hub: Resource,
  identity: Record<string, unknown>
): void {
  const link = linkOf(world, hub.id)
  if (link?.endpoint.inboundCallerIdentity === undefined) return
  if (inboundPrincipal(link.endpoint, identity) !== undefined) return
  // [INF] the code
  throw refuse(400, '400000', 'The identity is used by the link to a namespace of the hub.')
}
