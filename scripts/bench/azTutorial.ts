// Microsoft's tutorial, command by command, as the requests that its commands send: run as a process by azOverAction.ts
import { randomUUID } from 'node:crypto'
import { arm, command, finish, type Json, send, signed } from './azClient.ts'

/** Versions of the tutorial's extension (contract 1). */
const RESOURCES = '2021-04-01'
const IDENTITIES = '2024-11-30'
const AUTHORIZATION = '2022-04-01'
const REGISTRY = '2025-11-01-preview'
const HUBS = '2025-08-01-preview'
const SERVICES = '2025-02-01-preview'
const SERVICE_DATA = '2025-07-01-preview'

/** The IoT Hub application, the same in every tenant (contract 5.3). */
const IOT_HUB_APP = '89d10474-74af-4874-99a7-c23c2f643083'
const LOCATION = 'westeurope'
const HUB_LOCATION = 'northeurope'
const SERVICE_KEY = 'provisioningserviceowner'

const GROUP = `/subscriptions/${process.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/rg-hand`
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-hand`
const NAMESPACE = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/adr-hand`
const CREDENTIAL = `${NAMESPACE}/credentials/default`
const POLICY = `${CREDENTIAL}/policies/default`
const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub-by-hand`
const DPS = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps-by-hand`
const HOST = 'dps-by-hand.azure-devices-provisioning.net'
const ATTACHED = { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } }

const read = async (id: string, version: string): Promise<Json> =>
  (await arm('GET', id, version)).body
const show = (id: string, version: string) => command(() => read(id, version))

/** Looks the role up by its name, and gives it (azure-cli's `create_role_assignment`). */
async function assign(principalId: string, role: string, scope: string): Promise<void> {
  const filter = encodeURIComponent(`roleName eq '${role}'`)
  const at = `${scope}/providers/Microsoft.Authorization`
  const { value } = await read(`${at}/roleDefinitions?$filter=${filter}`, AUTHORIZATION)
  const properties = {
    roleDefinitionId: value[0].id,
    principalId,
    principalType: 'ServicePrincipal'
  }
  await arm('PUT', `${at}/roleAssignments/${randomUUID()}`, AUTHORIZATION, { properties })
}

// Resource group, permissions and managed identity.
await command(() => arm('PUT', GROUP, RESOURCES, { location: LOCATION }))
await command(async () => {
  const filter = encodeURIComponent(`servicePrincipalNames/any(c:c eq '${IOT_HUB_APP}')`)
  const url = `https://graph.microsoft.com/v1.0/servicePrincipals?$filter=${filter}`
  const { body } = await send('GET', url)
  await assign(body.value[0].id, 'Contributor', GROUP)
})
await command(() => arm('PUT', IDENTITY, IDENTITIES, { location: LOCATION }))
await show(IDENTITY, IDENTITIES)

// Namespace, then credential, then policy: one command (contract 7.1).
await command(async () => {
  const identity = { type: 'SystemAssigned' }
  await finish('PUT', NAMESPACE, REGISTRY, { location: LOCATION, identity, properties: {} })
  await finish('PUT', CREDENTIAL, REGISTRY, { location: LOCATION, properties: {} })
  await finish('PUT', POLICY, REGISTRY, { location: LOCATION, properties: {} })
})
await show(NAMESPACE, REGISTRY)
await show(CREDENTIAL, REGISTRY)
await show(POLICY, REGISTRY)
const { properties: ofIdentity } = await show(IDENTITY, IDENTITIES)
await show(NAMESPACE, REGISTRY)
await command(() => assign(ofIdentity.principalId, 'Azure Device Registry Contributor', NAMESPACE))

// Hub, which gives the namespace its roles once it is made (contract 6.4).
await command(async () => {
  await finish('PUT', HUB, HUBS, {
    location: HUB_LOCATION,
    sku: { name: 'GEN2', capacity: 1 },
    identity: ATTACHED,
    properties: {
      eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } },
      deviceRegistry: { namespaceResourceId: NAMESPACE, identityResourceId: IDENTITY }
    }
  })
  const { identity } = await read(NAMESPACE, REGISTRY)
  await assign(identity.principalId, 'Contributor', HUB)
  await assign(identity.principalId, 'IoT Hub Registry Contributor', HUB)
})
await show(HUB, HUBS)

// DPS, and its link with the hub (contract 9).
await command(() =>
  finish('PUT', DPS, SERVICES, {
    location: LOCATION,
    sku: { name: 'S1', capacity: 1 },
    identity: ATTACHED,
    properties: {
      deviceRegistryNamespace: {
        resourceId: NAMESPACE,
        authenticationType: 'UserAssigned',
        selectedUserAssignedIdentityResourceId: IDENTITY
      }
    }
  })
)
await show(DPS, SERVICES)
await command(async () => {
  const { location, properties } = await read(HUB, HUBS)
  const { body: key } = await arm('POST', `${HUB}/IotHubKeys/iothubowner/listkeys`, HUBS)
  const now = await read(DPS, SERVICES)
  const connectionString = `HostName=${properties.hostName};SharedAccessKeyName=iothubowner;SharedAccessKey=${key.primaryKey}`
  await finish('PUT', DPS, SERVICES, {
    location: now.location,
    sku: { name: now.sku.name, capacity: now.sku.capacity },
    identity: ATTACHED,
    properties: {
      deviceRegistryNamespace: now.properties.deviceRegistryNamespace,
      iotHubs: [{ connectionString, location }]
    }
  })
})
await show(DPS, SERVICES)

// Synchronized again by its person for as long as the hub shows nothing.
for (;;) {
  await command(() => finish('POST', `${CREDENTIAL}/synchronize`, REGISTRY))
  const { value } = await show(`${HUB}/certificates`, HUBS)
  if (value.length > 0) break
}

// Enrollment group (contract 10).
await command(async () => {
  await read(DPS, SERVICES)
  const { body: key } = await arm('POST', `${DPS}/keys/${SERVICE_KEY}/listkeys`, SERVICES)
  await send('PUT', `https://${HOST}/enrollmentGroups/enroll-hand?api-version=${SERVICE_DATA}`, {
    authorization: signed(HOST, SERVICE_KEY, key.primaryKey),
    body: {
      enrollmentGroupId: 'enroll-hand',
      attestation: { type: 'symmetricKey' },
      credentialPolicyName: 'default'
    }
  })
})
