import { envelope, object, tags, text } from '../schemas.ts'

const identity = object(
  {
    type: { enum: ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned,UserAssigned'] },
    principalId: { readOnly: true },
    tenantId: { readOnly: true },
    userAssignedIdentities: {
      type: 'object',
      additionalProperties: object({
        principalId: { readOnly: true },
        clientId: { readOnly: true }
      })
    }
  },
  ['type']
)
const callerIdentity = object(
  { type: { enum: ['SystemAssigned', 'UserAssigned'] }, userAssignedIdentity: text },
  ['type']
)
const endpoints = (properties: object, required: readonly string[] = []): object =>
  object({ endpoints: { type: 'object', additionalProperties: object(properties, required) } })

const linking = { linkingState: { readOnly: true }, linkingError: { readOnly: true } }
const properties = object({
  uuid: { readOnly: true },
  provisioningState: { readOnly: true },
  messaging: endpoints({
    endpointType: text,
    address: text,
    resourceId: text,
    deviceAddress: { readOnly: true },
    inboundCallerIdentity: callerIdentity,
    provisioning: object({
      availability: { enum: ['Available', 'Disabled'] },
      allocationWeight: { type: 'integer' }
    }),
    ...linking
  }),
  management: endpoints({ endpointType: text, address: text, scopeId: text, resourceId: text }, [
    'endpointType',
    'address',
    'scopeId',
    'resourceId'
  ]),
  provisioning: endpoints(
    {
      endpointType: { enum: ['Microsoft.Devices/provisioningServices'] },
      resourceId: text,
      inboundCallerIdentity: callerIdentity,
      ...linking
    },
    ['endpointType', 'resourceId', 'inboundCallerIdentity']
  ),
  outboundIdentity: callerIdentity
})

/** Body of a PUT of a namespace in version 2026-11-01 (contract B, 3.1 and 3.3). */
export const namespacePut = object({ ...envelope, location: text, tags, identity, properties }, [
  'location'
])

/** Body of a PATCH (contract B, 3.2 and 3.4). */
export const namespacePatch = object({ tags, identity, properties })
