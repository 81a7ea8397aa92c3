import { fileURLToPath } from 'node:url'
import { at } from './facts.ts'
import { python } from './python.ts'
import { type Stage, sent, succeeded } from './stage.ts'

/** A run, and what Microsoft's Python SDKs read of it with their own models. */
export async function readBySdks(
  stage: Stage,
  script: string,
  inputs: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>
) {
  const { azure, facts } = stage
  const run = succeeded(await stage.run(inputs))
  const of = (output: string) => run.outputs[output] ?? ''
  const asked = {
    group: of('resource-group'),
    namespace: of('namespace'),
    hub: of('hub'),
    dps: of('dps'),
    ...more
  }
  const path = fileURLToPath(new URL(`sdks/${script}`, import.meta.url))
  const seen = await python(stage.sdks, path, asked, azure.env)
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

  const hub = sent(run, `/IotHubs/${asked.hub}`)
  fields('hub', {
    id: of('hub-id'),
    location: hub.location,
    tags: hub.tags,
    'sku.name': at(hub, 'sku.name'),
    'sku.capacity': at(hub, 'sku.capacity'),
    'identity.type': at(hub, 'identity.type'),
    'properties.hostName': of('hub-hostname'),
    'properties.state': 'Active',
    'properties.eventHubEndpoints': at(hub, 'properties.eventHubEndpoints'),
    'properties.deviceRegistry.namespaceResourceId': of('namespace-id')
  })
  const [certificate, ...others] = seen.certificates.value
  agree('certificates | others', [], others)
  agree('certificates | verified', true, certificate?.properties.isVerified)

  const dps = sent(run, `/provisioningServices/${asked.dps}`)
  fields('dps', {
    id: of('dps-id'),
    location: dps.location,
    'sku.name': at(dps, 'sku.name'),
    'identity.type': at(dps, 'identity.type'),
    'properties.idScope': of('dps-id-scope'),
    'properties.serviceOperationsHostName': of('dps-hostname'),
    'properties.deviceProvisioningHostName': of('dps-device-hostname')
  })
  agree('what is not there', [404, 'ResourceNotFound'], seen.absent)
  for (const what of ['namespace', 'hub', 'dps'])
    agree(`changed | ${what} | tag`, 'sdk', at(seen.changed, `${what}.tags.by`))
  return { run, of, asked, seen, certificate, bodies: { hub, dps }, fields, agree }
}
