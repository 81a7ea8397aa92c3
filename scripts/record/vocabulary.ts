import { builtIn } from '../../emulator/roles.ts'

/** What is the service's own, the same for everybody: it stays in a recording, and is what a comparison compares. */

/** Properties whose values are words of the service: states, kinds, codes. */
const WORDS: ReadonlySet<string> = new Set(
  [
    ...['provisioningState', 'provisioningStatus', 'registrationState', 'state', 'status'],
    ...['code', 'errorCode', 'error', 'reason', 'type', 'kind', 'location', 'locations'],
    ...['resourceType', 'apiVersions', 'defaultApiVersion', 'capabilities', 'tier'],
    ...['allocationPolicy', 'authenticationType', 'keyType', 'rights', 'principalType'],
    ...['publicNetworkAccess', 'minTlsVersion', 'servicePrincipalType'],
    ...['endpointType', 'linkingState', 'availability', 'gatewayVersion', 'substatus'],
    ...['certificateAuthorityType', 'issuerType', 'createdByType', 'lastModifiedByType'],
    ...['actions', 'notActions', 'dataActions', 'notDataActions', 'registrationPolicy'],
    ...['grant_type', 'client_assertion_type', 'token_type', 'conditionVersion', 'query']
  ].map((name) => name.toLowerCase())
)

/** Whether the values of a property are the service's own words. @param parent the property that it lies in */
export function isWord(property: string, parent: string): boolean {
  return (
    WORDS.has(property.toLowerCase()) || (property === 'name' && parent.toLowerCase() === 'sku')
  )
}

/** Properties below which every key is a name that somebody gave. */
const NAMED = /^(tags|desired|userAssignedIdentities)$/i
/** Properties of a namespace whose `endpoints` have the names of what is linked; those of a hub's routing have kinds. */
const LINKING = /^(messaging|provisioning|updating)$/i

/** Whether the keys below a property are names that somebody gave. @param parent the property that it lies in */
export function hasOwnKeys(property: string, parent: string): boolean {
  return NAMED.test(property) || (/^endpoints$/i.test(property) && LINKING.test(parent))
}

/** Names that Azure, Microsoft's tutorial or the action gives to everybody's things. */
const NAMES: ReadonlySet<string> = new Set(
  [
    ...[
      'default',
      'iothubowner',
      'provisioningserviceowner',
      'service',
      'events',
      'fileNotifications'
    ],
    ...['$default', 'operationsMonitoringEvents', 'managed-by', 'provision-azure-iot'],
    ...[
      'iot-repository-id',
      'iot-repository',
      'iot-environment',
      'iot-service-version',
      'iot-mark'
    ],
    ...['iot-expires', 'iot-branch', 'iot-namespace-pushed']
  ].map((name) => name.toLowerCase())
)

/** Of an interface: the action writes into a tag which one it used. */
const VERSION = /^\d{4}-\d\d-\d\d(-preview)?$/

export function isPublicName(name: string): boolean {
  return NAMES.has(name.toLowerCase()) || VERSION.test(name)
}

/** Built-in roles, and the applications of the IoT Hub service and of Microsoft Graph. */
const GUIDS: ReadonlySet<string> = new Set([
  ...builtIn.map(({ id }) => id.toLowerCase()),
  '89d10474-74af-4874-99a7-c23c2f643083',
  '00000003-0000-0000-c000-000000000000'
])

export function isPublicGuid(guid: string): boolean {
  return GUIDS.has(guid.toLowerCase())
}

/** Hosts that are everybody's. */
export function isPublicHost(host: string): boolean {
  // The registry has one host a region: the region is told of each resource anyway.
  if (/^[a-z0-9]+\.api\.deviceregistry\.com$/i.test(host)) return true
  return /^(management\.azure\.com|graph\.microsoft\.com|login\.microsoftonline\.com|global\.azure-devices-provisioning\.net|management\.core\.windows\.net|iothubs\.azure\.net|azure-devices-provisioning\.net)$/.test(
    host.toLowerCase()
  )
}

/** Parameters of an address whose values are the service's own. */
export function isPublicParameter(name: string): boolean {
  return /^(api-version|asyncinfo|asyncoperationinfo|\$top|\$select|\$expand|\$count)$/i.test(name)
}
