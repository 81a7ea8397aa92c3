import { parseResourceId } from '../settings/resourceId.ts'

export const GROUP_TYPE = 'Microsoft.Resources/resourceGroups'

/** Full type of an ARM id: Event Hubs and Service Bus have `namespaces` too. */
export function typeOf(id: string): string {
  return isGroup(id) ? GROUP_TYPE : (parseResourceId(id)?.type ?? '')
}

function isGroup(id: string): boolean {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id)
}
