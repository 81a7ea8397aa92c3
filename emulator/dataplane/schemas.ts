import { object, text } from '../providers/schemas.ts'

const base64Key = { type: 'string', pattern: '^[A-Za-z0-9+/]{22,}={0,2}$' }

const groupOf = (properties: object): object =>
  object(
    {
      enrollmentGroupId: text,
      attestation: object(
        {
          type: { enum: ['none', 'tpm', 'x509', 'symmetricKey'] },
          symmetricKey: object({ primaryKey: base64Key, secondaryKey: base64Key }),
          x509: { type: 'object' }
        },
        ['type']
      ),
      capabilities: object({ iotEdge: { type: 'boolean' } }, ['iotEdge']),
      iotHubHostName: { type: 'string' },
      ...properties,
      initialTwin: { type: 'object' },
      etag: { type: 'string' },
      provisioningStatus: { enum: ['enabled', 'disabled'] },
      reprovisionPolicy: object(
        { updateHubAssignment: { type: 'boolean' }, migrateDeviceData: { type: 'boolean' } },
        ['updateHubAssignment', 'migrateDeviceData']
      ),
      createdDateTimeUtc: { readOnly: true },
      lastUpdatedDateTimeUtc: { readOnly: true },
      allocationPolicy: { enum: ['hashed', 'geoLatency', 'static', 'custom'] },
      iotHubs: { type: 'array', items: text }
    },
    ['enrollmentGroupId', 'attestation']
  )

/** Body of a PUT of an enrollment group (contract section 10). */
export const enrollmentGroup = groupOf({ credentialPolicyName: text })

/** The same in version 2026-11-01: three names that travel together, and are empty to clear them (contract B, 8). */
export const linkedEnrollmentGroup = groupOf({
  namespaceName: { type: 'string' },
  certificateAuthorityName: { type: 'string' },
  certificatePolicyName: { type: 'string' }
})

export const query = object({ query: text }, ['query'])

/** Body of a device registration (contract 14.1). */
export const registration = object({
  registrationId: text,
  csr: text,
  payload: { type: 'object' }
})
