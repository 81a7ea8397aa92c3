import { at } from '../facts.ts'
import { sent } from '../stage.ts'
import type { Viewer } from './viewer.ts'

/** A namespace, which core `az` only knows as a resource. */
export async function shownNamespace(view: Viewer, version: string) {
  const { azure, run, of, resource, fields, tags } = view
  const body = sent(run, `/namespaces/${of('namespace')}`)
  const theirs = await resource(of('namespace-id'), version)
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
  return theirs
}
