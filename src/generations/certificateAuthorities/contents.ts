import type { Azure } from '../../azure/azure.ts'
import type { Unmanaged } from '../../engine/step.ts'
import { listAuthorities } from './authorities.ts'
import { registryDevices } from './devices.ts'
import { ENDPOINT_TYPES, endpointsOf, isLink, type Placed } from './endpoints.ts'
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
  // Devices of a hub come to it by the DPS, and by certificates of any of these authorities.
  const serving = [
    ...exist.filter(({ kind }) => kind === ENDPOINT_TYPES.provisioning).map((one) => one.resource),
    ...authorities.flatMap((one) => [one.id, ...one.policies.map((policy) => policy.id)])
  ]
  return [
    ...exist.map((one) => ({
      ...one,
      uses: one.kind === ENDPOINT_TYPES.messaging ? [id, ...serving] : [id]
    })),
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
  azure: Pick<Azure, 'arm' | 'versions'>,
  namespace: LinkingNamespace,
  signal: AbortSignal
): Promise<readonly Unmanaged[]> {
  const found = endpointsOf(namespace)
    .filter(isLink)
    .map(async (one) => {
      const { resourceId: resource = '' } = one.endpoint
      const lives = await isAlive(azure, one, signal)
      return lives ? [{ kind: ENDPOINT_TYPES[one.section], resource }] : []
    })
  return (await Promise.all(found)).flat()
}

/** Whether the hub or DPS of a link is there. */
export async function isAlive(
  { arm, versions }: Pick<Azure, 'arm' | 'versions'>,
  { section, endpoint: { resourceId } }: Placed,
  signal: AbortSignal
): Promise<boolean> {
  if (resourceId === undefined) return false
  const apiVersion = section === 'messaging' ? versions.iotHub : versions.provisioning
  const operation = 'read what is linked'
  return (await arm.get(resourceId, apiVersion, { operation, signal })) !== undefined
}

/** What a write that dropped one endpoint, or another write at the same time, took besides; others may drop what is gone as well. */
export async function lostBetween(
  azure: Pick<Azure, 'arm' | 'versions'>,
  [before, after]: readonly [LinkingNamespace, LinkingNamespace | undefined],
  dropped: Placed,
  signal: AbortSignal
): Promise<Placed | undefined> {
  const key = ({ section, name }: Placed) => `${section}/${name}`
  const kept = [dropped, ...endpointsOf(after)].map(key)
  for (const one of endpointsOf(before)) {
    if (kept.includes(key(one))) continue
    if (!isLink(one) || (await isAlive(azure, one, signal))) return one
  }
  return undefined
}
