import { enrollments } from '../enrollmentGroup.ts'
import { at } from '../facts.ts'
import { sent } from '../stage.ts'
import { type Body, byText, fieldsOf, type Viewer } from './viewer.ts'

const DURATIONS = [
  'properties.storageEndpoints.$default.sasTtlAsIso8601',
  'properties.messagingEndpoints.fileNotifications.lockDurationAsIso8601',
  'properties.messagingEndpoints.fileNotifications.ttlAsIso8601',
  'properties.cloudToDevice.defaultTtlAsIso8601',
  'properties.cloudToDevice.feedback.lockDurationAsIso8601'
]

/** Of every enrollment group. */
const GROUP = [
  'enrollmentGroupId',
  'attestation.type',
  'provisioningStatus',
  'iotHubs',
  'reprovisionPolicy.updateHubAssignment',
  'reprovisionPolicy.migrateDeviceData'
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
  const { az, azure, run, of, inGroup, fields, tags, agree } = view
  return {
    /** @param own what else it has, by the model of the service */
    async hub(own: Body = {}) {
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
      fields('iot hub show', fieldsOf(body, places), theirs)
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
        ...own
      }
      fields('iot hub show', ours, theirs)
      tags('iot hub show', body, theirs)
    },

    /** @param subjects of the CAs that issue to devices */
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
      return theirs
    },

    /** @param places of a group's body that the model of the service has @param version of its data plane */
    async enrollmentGroup(version: string, places: readonly string[]) {
      const name = of('enrollment-group')
      const body = sent(run, `/enrollmentGroups/${name}`)
      const service = await enrollments(az, of('dps'), of('resource-group'), version)
      fields(
        'rest, enrollment group',
        fieldsOf(body, [...GROUP, ...places]),
        await service.show(name)
      )
    }
  }
}
