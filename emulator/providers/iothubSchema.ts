import { deviceIdentity, envelope, object, tags, text, whereaboutsSent } from './schemas.ts'

const duration = { type: 'string', pattern: '^P' }
const queue = object({
  lockDurationAsIso8601: duration,
  ttlAsIso8601: duration,
  maxDeliveryCount: { type: 'integer', minimum: 1, maximum: 100 }
})

const hubOf = (skus: readonly string[], properties: object): object =>
  object(
    {
      ...envelope,
      ...whereaboutsSent,
      location: text,
      tags,
      etag: { readOnly: true },
      sku: object(
        {
          name: { enum: skus },
          tier: { readOnly: true },
          capacity: { type: 'integer', minimum: 1 }
        },
        ['name']
      ),
      identity: deviceIdentity,
      properties: object(
        {
          provisioningState: { readOnly: true },
          state: { readOnly: true },
          hostName: { readOnly: true },
          locations: { readOnly: true },
          minTlsVersion: text,
          disableLocalAuth: { type: 'boolean' },
          eventHubEndpoints: {
            type: 'object',
            properties: {
              events: object({
                retentionTimeInDays: { type: 'integer', minimum: 1 },
                partitionCount: { type: 'integer', minimum: 1 }
              })
            },
            required: ['events']
          },
          storageEndpoints: {
            type: 'object',
            additionalProperties: object(
              {
                sasTtlAsIso8601: duration,
                connectionString: { type: 'string' },
                containerName: { type: 'string' }
              },
              ['connectionString', 'containerName']
            )
          },
          messagingEndpoints: { type: 'object', additionalProperties: queue },
          enableFileUploadNotifications: { type: 'boolean' },
          cloudToDevice: object({
            maxDeliveryCount: { type: 'integer', minimum: 1, maximum: 100 },
            defaultTtlAsIso8601: duration,
            feedback: queue
          }),
          ...properties
        },
        // Required in create and update (contract 8.2).
        ['eventHubEndpoints']
      )
    },
    ['location', 'sku', 'properties']
  )

const CLASSIC = ['F1', 'S1', 'S2', 'S3', 'B1', 'B2', 'B3']

/** Body of a PUT of an IoT hub, as far as contract 8.2 goes. */
export const hubPut = hubOf([...CLASSIC, 'GEN2'], {
  deviceRegistry: object({ namespaceResourceId: text, identityResourceId: text }, [
    'namespaceResourceId',
    'identityResourceId'
  ])
})

/** The same in version 2026-11-01: the link is the namespace's (contract B, 4.1). */
export const linkableHubPut = hubOf(CLASSIC, {
  deviceRegistry: { readOnly: true },
  deviceHostName: { readOnly: true },
  serviceHostName: { readOnly: true },
  iotHubDetails: { readOnly: true },
  publicNetworkAccess: { enum: ['Enabled', 'Disabled'] }
})

/** A PATCH takes tags only. */
export const hubPatch = object({ tags })
