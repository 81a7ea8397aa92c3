import { deviceIdentity, envelope, object, tags, text, whereaboutsSent } from './schemas.ts'

const linkedHub = object(
  {
    name: { type: 'string' },
    connectionString: text,
    location: text,
    applyAllocationPolicy: { type: 'boolean' },
    allocationWeight: { type: 'integer', minimum: 0 }
  },
  ['connectionString', 'location']
)

const dpsOf = (properties: object): object =>
  object(
    {
      ...envelope,
      ...whereaboutsSent,
      location: text,
      tags,
      etag: { type: 'string' },
      sku: object(
        {
          name: { enum: ['S1'] },
          tier: { readOnly: true },
          capacity: { type: 'integer', minimum: 1 }
        },
        ['name']
      ),
      identity: deviceIdentity,
      properties: object({
        state: { readOnly: true },
        provisioningState: { readOnly: true },
        idScope: { readOnly: true },
        serviceOperationsHostName: { readOnly: true },
        deviceProvisioningHostName: { readOnly: true },
        allocationPolicy: { enum: ['Hashed', 'GeoLatency', 'Static'] },
        iotHubs: { type: 'array', items: linkedHub },
        ...properties
      })
    },
    ['location', 'sku', 'properties']
  )

/** Body of a PUT of a DPS (contract 9.2 and 9.3). */
export const dpsPut = dpsOf({
  deviceRegistryNamespace: object(
    {
      resourceId: text,
      authenticationType: { enum: ['UserAssigned', 'SystemAssigned'] },
      selectedUserAssignedIdentityResourceId: text
    },
    ['resourceId', 'authenticationType']
  )
})

/** The same in version 2026-11-01: the link is the namespace's (contract B, 4.2). */
export const linkableDpsPut = dpsOf({
  deviceRegistryNamespaces: { readOnly: true },
  disableLocalAuth: { type: 'boolean' },
  publicNetworkAccess: { enum: ['Enabled', 'Disabled'] }
})

/** A PATCH takes tags only. */
export const dpsPatch = object({ tags })
