/** Pieces that the bodies of several services share. */
export const text = { type: 'string', minLength: 1 }
export const tags = { type: 'object', additionalProperties: { type: 'string', maxLength: 256 } }

/** What GET shows of a resource beyond what a request may choose; sent back unchanged it is accepted. */
export const envelope = {
  id: { readOnly: true },
  name: { readOnly: true },
  type: { readOnly: true },
  systemData: { readOnly: true }
}

/** What hub and DPS show besides: sent back unchanged by clients that send whole resources. */
export const whereaboutsSent = {
  resourcegroup: { readOnly: true },
  subscriptionid: { readOnly: true }
}

/** An object in which these properties may stand, the required ones must. */
export function object(properties: object, required: readonly string[] = []): object {
  return { type: 'object', properties, required }
}

/** Identity of a resource of Microsoft.Devices. */
export const deviceIdentity = {
  type: 'object',
  properties: {
    type: { enum: ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned'] },
    principalId: { readOnly: true },
    tenantId: { readOnly: true },
    userAssignedIdentities: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { principalId: { type: 'string' }, clientId: { type: 'string' } }
      }
    }
  },
  required: ['type']
}
