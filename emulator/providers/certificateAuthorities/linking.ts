import { key } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import { pushToHub } from './certificatePush.ts'
import { type Endpoint, isDps, type Link, linksIn, unearth } from './endpoints.ts'
import { linkVerdict, rejected } from './linkVerdict.ts'
import { mirror } from './mirrors.ts'

/** Whether a namespace is being written, or still settles what a write began (contract B, 15.3). */
export function isSettling({ operations }: Kernel, namespace: Resource): boolean {
  return (
    operations.busy(namespace.id) ||
    linksIn(namespace).some(({ name }) => operations.busy(operationOf(namespace, name)))
  )
}

function operationOf({ id }: Resource, name: string): string {
  return `${id}/links/${name}`
}

/**
 * Links the endpoints of a write: the DPS first, then all hubs together. Once all have ended, so has the namespace: `Failed`
 * when one of its links is (contract B, 15.3).
 */
export function linkAll(
  kernel: Kernel,
  namespace: Resource,
  names: readonly string[],
  apiVersion: string
): void {
  const links = linksIn(namespace).filter(({ name }) => names.includes(name))
  const services = links.filter(({ endpoint }) => isDps(endpoint))
  const hubs = links.filter(({ endpoint }) => !isDps(endpoint))
  const inTurn = (rounds: readonly (readonly Link[])[]): void => {
    const [round = [], ...rest] = rounds
    if (round.length === 0) {
      if (rest.length > 0) inTurn(rest)
      else settle(kernel, namespace.id, links.length > 0)
      return
    }
    let running = round.length
    for (const link of round) {
      linkOne(kernel, link, apiVersion, () => {
        running--
        if (running === 0) inTurn(rest)
      })
    }
  }
  inTurn([services, hubs])
}

function linkOne(kernel: Kernel, link: Link, apiVersion: string, ended: () => void): void {
  const { world, operations } = kernel
  const { namespace, name, section } = link
  const { uuid } = namespace.body.properties as { uuid: string }
  const present = (): Link | undefined => {
    const found = world.resources.get(key(namespace.id))
    if ((found?.body.properties as { uuid?: string } | undefined)?.uuid !== uuid) return undefined
    return found && linksIn(found).find((one) => one.section === section && one.name === name)
  }
  // What the service finds when it begins decides, not what is granted while it works.
  const linkingError = linkVerdict(kernel, link)
  operations.begin({
    resourceId: operationOf(namespace, name),
    provider: 'Microsoft.DeviceRegistry',
    location: String(namespace.body.location),
    latency: isDps(link.endpoint) ? 'dpsLink' : 'hubLink',
    style: 'location',
    apiVersion,
    effect: () => {
      const found = present()
      if (found) conclude(kernel, found, linkingError)
      ended()
    }
  })
}

function conclude(kernel: Kernel, link: Link, found: Endpoint['linkingError']): void {
  const { endpoint } = link
  const target = kernel.world.resources.get(key(endpoint.resourceId ?? ''))
  // It may have gone meanwhile.
  const linkingError = found ?? (target === undefined ? rejected(endpoint) : undefined)
  if (linkingError) {
    Object.assign(endpoint, { linkingState: 'Failed', linkingError })
    return
  }
  endpoint.linkingState = 'Succeeded'
  unearth(link.namespace, link.name)
  delete endpoint.linkingError
  const { deviceHostName, serviceHostName } = (target?.body.properties ?? {}) as {
    deviceHostName?: string
    serviceHostName?: string
  }
  if (!isDps(endpoint)) {
    Object.assign(endpoint, { address: serviceHostName, deviceAddress: deviceHostName })
    if (kernel.config().registry.hubsLearnAtLink) pushToHub(kernel, link)
  }
  mirror(kernel, link)
}

function settle({ world, config }: Kernel, id: string, hasLinked: boolean): void {
  const namespace = world.resources.get(key(id))
  if (!namespace) return
  const isFailed = linksIn(namespace).some(({ endpoint }) => endpoint.linkingState !== 'Succeeded')
  const isSick = hasLinked && config().registry.healNeeded && namespace.secret.sickened !== true
  if (!isFailed && isSick) namespace.secret.sickened = true
  const provisioningState = isFailed || isSick ? 'Failed' : 'Succeeded'
  Object.assign(namespace.body.properties as object, { provisioningState })
}
