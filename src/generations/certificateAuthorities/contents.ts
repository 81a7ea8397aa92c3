import type { Azure } from '../../azure/azure.ts'
import type { Unmanaged } from '../../engine/step.ts'
import { listAuthorities } from './authorities.ts'
import { registryDevices } from './devices.ts'
import { ENDPOINT_TYPES, endpointsOf, isLink } from './endpoints.ts'
import type { LinkingNamespace } from './model.ts'

/**
 * What lies in a namespace and keeps it: Azure takes nothing along (contract B section 10). Hubs and DPSs that are linked,
 * endpoints of other kinds, certificate authorities, policies and registry devices.
 */
export async function contentsOf(
  azure: Pick<Azure, 'arm' | 'versions'>,
  namespace: LinkingNamespace,
  signal: AbortSignal
): Promise<readonly Unmanaged[]> {
  const { id } = namespace
  const [authorities, devices, exist] = await Promise.all([
    listAuthorities(azure, id, signal),
    registryDevices(azure, id, signal),
    linkedThatExist(azure, namespace, signal)
  ])
  const endpoints = endpointsOf(namespace).filter((one) => !isLink(one))
  return [
    ...exist.map((one) => ({ ...one, uses: [id] })),
    ...endpoints.map(({ name }) => ({ kind: 'Endpoint', resource: `${id}#${name}` })),
    ...authorities.flatMap((authority) => [
      { kind: 'Certificate authority', resource: authority.id },
      ...authority.policies.map((policy) => ({ kind: 'Certificate policy', resource: policy.id }))
    ]),
    ...devices.map((device) => ({ kind: 'Registry device', resource: device.id }))
  ]
}

/** An endpoint whose hub or DPS is gone keeps nothing. */
async function linkedThatExist(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  namespace: LinkingNamespace,
  signal: AbortSignal
): Promise<readonly Unmanaged[]> {
  const links = endpointsOf(namespace).filter(isLink)
  const found = links.map(async ({ section, endpoint }) => {
    const { resourceId } = endpoint
    if (resourceId === undefined) return []
    const apiVersion = section === 'messaging' ? versions.iotHub : versions.provisioning
    const operation = 'read what is linked'
    const there = await arm.get(resourceId, apiVersion, { operation, signal })
    return there ? [{ kind: ENDPOINT_TYPES[section], resource: resourceId }] : []
  })
  return (await Promise.all(found)).flat()
}
