import { at } from '../facts.ts'
import { type Run, type Stage, sent } from '../stage.ts'
import { enrollments } from './enrollmentGroup.ts'
import { HUBS, REGISTRY, ROLES, SERVICES } from './versions.ts'

type Body = Readonly<Record<string, unknown>>
interface Grant {
  readonly roleDefinitionName: string
  readonly principalId: string
  readonly principalType: string
}

const DURATIONS = [
  'properties.storageEndpoints.$default.sasTtlAsIso8601',
  'properties.messagingEndpoints.fileNotifications.lockDurationAsIso8601',
  'properties.messagingEndpoints.fileNotifications.ttlAsIso8601',
  'properties.cloudToDevice.defaultTtlAsIso8601',
  'properties.cloudToDevice.feedback.lockDurationAsIso8601'
]

const byText = (a: string, b: string): number => (a < b ? -1 : 1)

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

/** What one run made, looked at by somebody else. @param subject begins the name of each fact */
export function shown(stage: Stage, run: Run, subject: string) {
  const { az, facts, azure } = stage
  const outputs = run.outputs
  const of = (name: string): string => {
    const value = outputs[name]
    if (value === undefined) throw new Error(`the action has no output '${name}'`)
    return value
  }
  const inGroup = ['--resource-group', of('resource-group')]
  const resource = (id: string, version: string) =>
    az.ask('resource', 'show', '--ids', id, '--api-version', version)
  const fields = (what: string, ours: Body, theirs: unknown) =>
    facts.fields(`${subject} | ${what}`, ours, theirs)
  /** One by one: there is another mark on each. */
  const tags = (what: string, body: Body, theirs: unknown) => {
    const ours = body.tags as Body
    fields(
      what,
      Object.fromEntries(Object.keys(ours).map((tag) => [`tags.${tag}`, ours[tag]])),
      theirs
    )
    facts.agree(
      `${subject} | ${what} | tags, all`,
      Object.keys(ours).sort(byText),
      Object.keys(at(theirs, 'tags') as Body).sort(byText)
    )
  }

  return {
    async group() {
      const body = sent(run, `/resourceGroups/${of('resource-group')}`)
      const theirs = await az.ask('group', 'show', '--name', of('resource-group'))
      const ours = {
        id: of('resource-group-id'),
        name: of('resource-group'),
        location: body.location,
        'properties.provisioningState': 'Succeeded'
      }
      fields('group show', ours, theirs)
      tags('group show', body, theirs)
      facts.agree(
        `${subject} | group exists`,
        true,
        await az.ask('group', 'exists', '--name', of('resource-group'))
      )
      const list = (await az.ask('resource', 'list', ...inGroup)) as readonly { id: string }[]
      facts.agree(
        `${subject} | resource list | what lies in the group`,
        ['identity-id', 'namespace-id', 'hub-id', 'dps-id']
          .map((name) => of(name).toLowerCase())
          .sort(byText),
        list
          .map(({ id }) => id.toLowerCase())
          .filter((id) => !/\/namespaces\/[^/]+\//.test(id))
          .sort(byText)
      )
    },

    async identity() {
      const name = of('identity')
      const body = sent(run, `/userAssignedIdentities/${name}`)
      const theirs = await az.ask('identity', 'show', '--name', name, ...inGroup)
      const ours = {
        id: of('identity-id'),
        name,
        location: body.location,
        principalId: of('identity-principal-id'),
        clientId: of('identity-client-id'),
        tenantId: azure.env.AZURE_TENANT_ID,
        resourceGroup: of('resource-group')
      }
      fields('identity show', ours, theirs)
      tags('identity show', body, theirs)
    },

    /** Every grant at three scopes, and that there are no others. */
    async grants() {
      const uami = of('identity-principal-id')
      const namespace = of('namespace-principal-id')
      const wanted = {
        'resource-group-id': [[ROLES.contributor, hubApp(run)]],
        'namespace-id': [
          [ROLES.registryContributor, uami],
          [ROLES.onboarding, uami]
        ],
        'hub-id': [
          [ROLES.contributor, namespace],
          [ROLES.hubContributor, namespace]
        ]
      } as const
      for (const [scope, grants] of Object.entries(wanted)) {
        const list = (await az.ask(
          'role',
          'assignment',
          'list',
          '--scope',
          of(scope)
        )) as readonly Grant[]
        const what = `${subject} | role assignment list at the ${scope}`
        facts.agree(`${what} | how many`, grants.length, list.length)
        for (const [role, principal] of grants) {
          const found = list.find((one) => one.roleDefinitionName === role)
          facts.agree(`${what} | ${role} | principal`, principal, found?.principalId)
          facts.agree(`${what} | ${role} | type`, 'ServicePrincipal', found?.principalType)
        }
      }
    },

    async namespace() {
      const body = sent(run, `/namespaces/${of('namespace')}`)
      const theirs = await resource(of('namespace-id'), REGISTRY)
      const ours = {
        id: of('namespace-id'),
        name: of('namespace'),
        location: body.location,
        type: 'Microsoft.DeviceRegistry/namespaces',
        'identity.type': at(body, 'identity.type'),
        'identity.principalId': of('namespace-principal-id'),
        'identity.tenantId': azure.env.AZURE_TENANT_ID,
        'properties.provisioningState': 'Succeeded'
      }
      fields('resource show, namespace', ours, theirs)
      tags('resource show, namespace', body, theirs)
      const list = await az.ask(
        ...['rest', '--method', 'get', '--url'],
        `${of('resource-group-id')}/providers/Microsoft.DeviceRegistry/namespaces?api-version=${REGISTRY}`
      )
      facts.agree(
        `${subject} | rest, namespaces | ids`,
        [of('namespace-id')],
        list.value.map(({ id }: { id: string }) => id)
      )
    },

    async credential() {
      const body = sent(run, '/credentials/default')
      const theirs = await resource(of('credential-id'), REGISTRY)
      const ours = {
        id: of('credential-id'),
        name: 'default',
        location: body.location,
        'properties.provisioningState': 'Succeeded'
      }
      fields('resource show, credential', ours, theirs)
      tags('resource show, credential', body, theirs)
    },

    async policy(name: string) {
      const body = sent(run, `/policies/${name}`)
      const theirs = await resource(`${of('credential-id')}/policies/${name}`, REGISTRY)
      const certificate = 'properties.certificate'
      const places = [
        'location',
        `${certificate}.certificateAuthorityConfiguration.keyType`,
        `${certificate}.leafCertificateConfiguration.validityPeriodInDays`
      ]
      const what = `resource show, policy ${name}`
      fields(what, Object.fromEntries(places.map((place) => [place, at(body, place)])), theirs)
      fields(what, { id: `${of('credential-id')}/policies/${name}`, name }, theirs)
      tags(what, body, theirs)
      return at(theirs, `${certificate}.certificateAuthorityConfiguration.subject`)
    },

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
        facts.agree(
          `${subject} | iot hub show | ${place}, in seconds`,
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
      facts.agree(
        `${subject} | resource show, DPS | identities`,
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
      const what = `${subject} | iot hub certificate list`
      const bare = (name: unknown) => String(name).replace(/^CN=/, '')
      facts.agree(
        `${what} | subjects`,
        subjects.map(bare).sort(byText),
        found.map(({ properties }) => bare(properties.subject)).sort(byText)
      )
      facts.agree(
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
      facts.agree(`${subject} | iot dps linked-hub list | how many`, 1, links.length)
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

/** Whom the grant at the group was made to: the action asks the directory for the IoT Hub application. */
function hubApp(run: Run): unknown {
  const grant = run.requests.find(
    ({ method, url, requestBody }) =>
      method === 'PUT' &&
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Authorization\//i.test(
        new URL(url).pathname
      ) &&
      requestBody !== undefined
  )
  return at(grant?.requestBody, 'properties.principalId')
}
