import { fileURLToPath } from 'node:url'
import { at } from '../facts.ts'
import { python } from '../python.ts'
import { type Stage, sent, stepsTo, succeeded, writes } from '../stage.ts'
import { MODEL, VERSION } from './versions.ts'

const SCRIPT = fileURLToPath(new URL('../sdks/certificate_authorities.py', import.meta.url))
const INPUTS = { ...MODEL, environment: 'sdks', location: 'westeurope', tags: 'team=iot' }

/** Microsoft's Python SDKs read with their own models what the action made, and add what is not the action's. */
export async function bySdks(stage: Stage): Promise<void> {
  const { azure, facts } = stage
  const run = succeeded(await stage.run(INPUTS))
  const of = (output: string) => run.outputs[output] ?? ''
  const asked = {
    group: of('resource-group'),
    namespace: of('namespace'),
    hub: of('hub'),
    dps: of('dps'),
    version: VERSION
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
    'identity.tenantId': azure.env.AZURE_TENANT_ID,
    'properties.provisioningState': 'Succeeded'
  })
  agree('namespaces', [asked.namespace], seen.namespaces)

  const hub = sent(run, `/IotHubs/${asked.hub}`)
  fields('hub', {
    id: of('hub-id'),
    location: hub.location,
    tags: hub.tags,
    'sku.name': at(hub, 'sku.name'),
    'sku.capacity': at(hub, 'sku.capacity'),
    'sku.tier': 'Standard',
    'identity.type': at(hub, 'identity.type'),
    'properties.hostName': of('hub-hostname'),
    'properties.state': 'Active',
    'properties.minTlsVersion': at(hub, 'properties.minTlsVersion'),
    'properties.eventHubEndpoints': at(hub, 'properties.eventHubEndpoints'),
    'properties.deviceRegistry.namespaceResourceId': of('namespace-id')
  })
  const [certificate, ...others] = seen.certificates.value
  agree('certificates | others', [], others)
  agree('certificates | verified', true, certificate?.properties.isVerified)
  agree(
    'certificates | the authority of each',
    of('certificate-authority-id'),
    certificate?.properties.certificateAuthorityResourceId
  )

  const dps = sent(run, `/provisioningServices/${asked.dps}`)
  const mirror = 'properties.deviceRegistryNamespaces[0]'
  fields('dps', {
    id: of('dps-id'),
    location: dps.location,
    tags: sent(run, `/provisioningServices/${asked.dps}`, 'PATCH').tags,
    'sku.name': at(dps, 'sku.name'),
    'identity.type': at(dps, 'identity.type'),
    'properties.idScope': of('dps-id-scope'),
    'properties.serviceOperationsHostName': of('dps-hostname'),
    'properties.deviceProvisioningHostName': of('dps-device-hostname'),
    'properties.iotHubs': [],
    [`${mirror}.resourceId`]: of('namespace-id'),
    [`${mirror}.authenticationType`]: 'SystemAssigned',
    [`${mirror}.linkingState`]: 'Succeeded'
  })
  agree('services', [asked.dps], seen.services)
  agree('a credential, which a namespace of this model has not', 404, seen.credential?.[0])
  agree('what is not there', [404, 'ResourceNotFound'], seen.absent)

  for (const what of ['namespace', 'hub', 'dps'])
    agree(`changed | ${what} | tag`, 'sdk', at(seen.changed, `${what}.tags.by`))
  const next = succeeded(await stage.run(INPUTS))
  agree('next run | what differs', stepsTo(next, 'change', 'create', 'act'), [])
  agree('next run | writes', writes(next), [])
}
