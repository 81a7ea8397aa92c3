import { fileURLToPath } from 'node:url'
import { at } from '../facts.ts'
import { python } from '../python.ts'
import { planOf, type Stage, sent, stepsTo, succeeded, writes } from '../stage.ts'
import { HUBS, MODEL, SERVICES } from './versions.ts'

const SCRIPT = fileURLToPath(new URL('../sdks/credentials_and_policies.py', import.meta.url))
const INPUTS = {
  ...MODEL,
  environment: 'sdks',
  location: 'westeurope',
  'hub-location': 'northeurope',
  tags: 'team=iot'
}

/** Microsoft's Python SDKs read with their own models what the action made; what they change is found by the next run. */
export async function bySdks(stage: Stage): Promise<void> {
  const { azure, facts } = stage
  const run = succeeded(await stage.run(INPUTS))
  const of = (output: string) => run.outputs[output] ?? ''
  const asked = {
    group: of('resource-group'),
    namespace: of('namespace'),
    policy: 'default',
    hub: of('hub'),
    dps: of('dps'),
    hubs: HUBS,
    services: SERVICES
  }
  const seen = await python(stage.sdks, SCRIPT, asked, azure.env)
  const fields = (what: string, ours: Readonly<Record<string, unknown>>) =>
    facts.fields(`SDKs | ${what}`, ours, seen[what])
  const agree = (what: string, ours: unknown, theirs: unknown) =>
    facts.agree(`SDKs | ${what}`, ours, theirs)

  const namespace = sent(run, `/namespaces/${asked.namespace}`)
  fields('namespace', {
    id: of('namespace-id'),
    name: of('namespace'),
    location: namespace.location,
    tags: namespace.tags,
    'identity.type': at(namespace, 'identity.type'),
    'identity.principalId': of('namespace-principal-id'),
    'identity.tenantId': azure.env.AZURE_TENANT_ID,
    'properties.provisioningState': 'Succeeded'
  })
  agree('namespaces', [asked.namespace], seen.namespaces)
  const credential = sent(run, '/credentials/default')
  fields('credential', {
    id: of('credential-id'),
    location: credential.location,
    tags: credential.tags,
    'properties.provisioningState': 'Succeeded'
  })
  const policy = sent(run, '/policies/default')
  agree('policies | how many', 1, seen.policies.length)
  for (const place of [
    'properties.certificate.certificateAuthorityConfiguration.keyType',
    'properties.certificate.leafCertificateConfiguration.validityPeriodInDays'
  ])
    agree(`policies | ${place}`, at(policy, place), at(seen.policies[0], place))

  const hub = sent(run, `/IotHubs/${asked.hub}`)
  fields('hub', {
    id: of('hub-id'),
    location: hub.location,
    tags: hub.tags,
    'sku.name': at(hub, 'sku.name'),
    'sku.capacity': at(hub, 'sku.capacity'),
    'sku.tier': 'Generation2',
    'identity.type': at(hub, 'identity.type'),
    'properties.hostName': of('hub-hostname'),
    'properties.state': 'Active',
    'properties.eventHubEndpoints': at(hub, 'properties.eventHubEndpoints'),
    'properties.deviceRegistry.namespaceResourceId': of('namespace-id'),
    'properties.deviceRegistry.identityResourceId': of('identity-id')
  })
  const [certificate, ...others] = seen.certificates.value
  agree('certificates | others', [], others)
  agree('certificates | verified', true, certificate?.properties.isVerified)
  agree(
    'certificates | the policy of each',
    `${of('credential-id')}/policies/default`,
    certificate?.properties.PolicyResourceId
  )
  agree('key | name', 'iothubowner', seen.key.keyName)

  const dps = sent(run, `/provisioningServices/${asked.dps}`)
  fields('dps', {
    id: of('dps-id'),
    location: dps.location,
    tags: dps.tags,
    'sku.name': at(dps, 'sku.name'),
    'identity.type': at(dps, 'identity.type'),
    'properties.idScope': of('dps-id-scope'),
    'properties.serviceOperationsHostName': of('dps-hostname'),
    'properties.deviceProvisioningHostName': of('dps-device-hostname'),
    'properties.iotHubs[0].name': of('hub-hostname'),
    'properties.iotHubs[0].location': 'northeurope',
    'properties.deviceRegistryNamespace.resourceId': of('namespace-id'),
    'properties.deviceRegistryNamespace.selectedUserAssignedIdentityResourceId': of('identity-id')
  })
  agree(
    'a version that is not offered',
    [400, 'NoRegisteredProviderFound'],
    seen.hubsOfItsOwnVersion
  )
  agree('what is not there', [404, 'ResourceNotFound'], seen.absent)

  for (const what of ['namespace', 'hub', 'dps'])
    agree(`changed | ${what} | tag`, 'sdk', at(seen.changed, `${what}.tags.by`))
  agree(
    'changed | policy',
    60,
    at(
      seen.changed.policy,
      'properties.certificate.leafCertificateConfiguration.validityPeriodInDays'
    )
  )
  const next = succeeded(await stage.run(INPUTS))
  agree('next run | what differs', stepsTo(next, 'change', 'create', 'act'), ['policy/default'])
  agree(
    'next run | in which properties',
    planOf(next).flatMap(({ action, changes = [] }) =>
      action === 'change' ? changes.map(({ property }) => property) : []
    ),
    ['properties.certificate.leafCertificateConfiguration.validityPeriodInDays']
  )
  agree(
    'next run | writes',
    writes(next).map((line) => line.split('/').slice(-2).join('/')),
    ['policies/default']
  )
}
