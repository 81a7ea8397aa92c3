import { at } from '../facts.ts'
import { sent } from '../stage.ts'
import { enrollments } from './enrollmentGroup.ts'
import { HUBS, SERVICES } from './versions.ts'
import { type Body, byText, type Viewer } from './viewer.ts'

const DURATIONS = [
  'properties.storageEndpoints.$default.sasTtlAsIso8601',
  'properties.messagingEndpoints.fileNotifications.lockDurationAsIso8601',
  'properties.messagingEndpoints.fileNotifications.ttlAsIso8601',
  'properties.cloudToDevice.defaultTtlAsIso8601',
  'properties.cloudToDevice.feedback.lockDurationAsIso8601'
]

/** Of a duration as Azure has it, `PT1H5S`, or as the CLI prints it, `1:00:05`. */
function seconds(text: unknown): number | undefined {
  const [found, ...parts] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(String(text)) ??
    /^(\d+):(\d+):(\d+)$/.exec(String(text)) ??
    []
  return found === undefined
    ? undefined
    : parts.reduce((sum, part) => sum * 60 + Number(part ?? 0), 0)
}

/** Hub, DPS, and what is in them. */
export function shownDevices(view: Viewer) {
  const { az, azure, run, of, inGroup, resource, fields, tags, agree } = view
  return {
    async hub() {
      const body = sent(run, `/IotHubs/${of('hub')}`)
      const theirs = await az.ask('iot', 'hub', 'show', '--name', of('hub'), ...inGroup)
      const places = [
        'location',
        'sku.name',
        'sku.capacity',
        'identity.type',
        'properties.eventHubEndpoints.events.partitionCount',
        'properties.eventHubEndpoints.events.retentionTimeInDays',
        'properties.enableFileUploadNotifications',
        'properties.storageEndpoints.$default.containerName',
        'properties.messagingEndpoints.fileNotifications.maxDeliveryCount',
        'properties.cloudToDevice.maxDeliveryCount',
        'properties.cloudToDevice.feedback.maxDeliveryCount'
      ]
      fields(
        'iot hub show',
        Object.fromEntries(places.map((place) => [place, at(body, place)])),
        theirs
      )
      for (const place of DURATIONS)
        agree(
          `iot hub show | ${place}, in seconds`,
          seconds(at(body, place)),
          seconds(at(theirs, place))
        )
      const ours = {
        id: of('hub-id'),
        name: of('hub'),
        resourcegroup: of('resource-group'),
        subscriptionid: azure.env.AZURE_SUBSCRIPTION_ID,
        'properties.hostName': of('hub-hostname'),
        'properties.state': 'Active',
        'properties.provisioningState': 'Succeeded',
        'identity.userAssignedIdentities': {
          [of('identity-id')]: {
            clientId: of('identity-client-id'),
            principalId: of('identity-principal-id')
          }
        }
      }
      fields('iot hub show', ours, theirs)
      tags('iot hub show', body, theirs)
    },

    /** What the CLI's own version of the service does not know yet. */
    async joins() {
      const hub = await resource(of('hub-id'), HUBS)
      const own = {
        'properties.deviceRegistry.namespaceResourceId': of('namespace-id'),
        'properties.deviceRegistry.identityResourceId': of('identity-id'),
        'sku.tier': 'Generation2'
      }
      fields('resource show, hub', own, hub)
      const dps = await resource(of('dps-id'), SERVICES)
      const joined = 'properties.deviceRegistryNamespace'
      const ours = {
        'identity.type': 'UserAssigned',
        [`${joined}.resourceId`]: of('namespace-id'),
        [`${joined}.authenticationType`]: 'UserAssigned',
        [`${joined}.selectedUserAssignedIdentityResourceId`]: of('identity-id')
      }
      fields('resource show, DPS', ours, dps)
      agree(
        `resource show, DPS | identities`,
        [of('identity-id')],
        Object.keys(dps.identity.userAssignedIdentities)
      )
    },

    /** @param subjects of the policies' CAs */
    async certificates(subjects: readonly unknown[]) {
      const { value } = await az.ask(
        'iot',
        'hub',
        'certificate',
        'list',
        '--hub-name',
        of('hub'),
        ...inGroup
      )
      const found = value as readonly { name: string; properties: Body }[]
      const what = `iot hub certificate list`
      const bare = (name: unknown) => String(name).replace(/^CN=/, '')
      agree(
        `${what} | subjects`,
        subjects.map(bare).sort(byText),
        found.map(({ properties }) => bare(properties.subject)).sort(byText)
      )
      agree(
        `${what} | verified`,
        subjects.map(() => true),
        found.map(({ properties }) => properties.isVerified)
      )
      return found
    },

    async dps() {
      const first = sent(run, `/provisioningServices/${of('dps')}`)
      const theirs = await az.ask('iot', 'dps', 'show', '--name', of('dps'), ...inGroup)
      const ours = {
        id: of('dps-id'),
        name: of('dps'),
        location: first.location,
        'sku.name': at(first, 'sku.name'),
        'sku.capacity': at(first, 'sku.capacity'),
        resourcegroup: of('resource-group'),
        subscriptionid: azure.env.AZURE_SUBSCRIPTION_ID,
        'properties.idScope': of('dps-id-scope'),
        'properties.serviceOperationsHostName': of('dps-hostname'),
        'properties.deviceProvisioningHostName': of('dps-device-hostname'),
        'properties.state': 'Active',
        'properties.provisioningState': 'Succeeded'
      }
      fields('iot dps show', ours, theirs)
      tags('iot dps show', first, theirs)
      const links = (await az.ask(
        'iot',
        'dps',
        'linked-hub',
        'list',
        '--dps-name',
        of('dps'),
        ...inGroup
      )) as readonly Body[]
      const [wanted] = at(first, 'properties.iotHubs') as readonly Body[]
      agree(`iot dps linked-hub list | how many`, 1, links.length)
      const link = {
        name: of('hub-hostname'),
        location: wanted?.location,
        applyAllocationPolicy: wanted?.applyAllocationPolicy,
        allocationWeight: wanted?.allocationWeight
      }
      fields('iot dps linked-hub list', link, links[0])
    },

    async enrollmentGroup() {
      const name = of('enrollment-group')
      const body = sent(run, `/enrollmentGroups/${name}`)
      const service = await enrollments(az, of('dps'), of('resource-group'))
      const theirs = await service.show(name)
      const places = [
        'enrollmentGroupId',
        'attestation.type',
        'provisioningStatus',
        'credentialPolicyName',
        'iotHubs',
        'reprovisionPolicy.updateHubAssignment',
        'reprovisionPolicy.migrateDeviceData'
      ]
      fields(
        'rest, enrollment group',
        Object.fromEntries(places.map((place) => [place, at(body, place)])),
        theirs
      )
    }
  }
}
