import { key } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import type { Authority } from '../../pki.ts'
import { installCertificate } from '../hubCertificates.ts'
import { isDps, type Link, linksIn } from './endpoints.ts'

/** The issuing CAs of a namespace that can issue. */
export function issuingAuthorities(
  { world }: Pick<Kernel, 'world'>,
  namespaceId: string
): Resource[] {
  const below = `${key(namespaceId)}/certificateauthorities/`
  return [...world.resources.values()].filter(({ id, body, secret }) => {
    const rest = key(id).startsWith(below) ? key(id).slice(below.length) : '/'
    const { certificateAuthorityType } = (body.properties ?? {}) as Record<string, unknown>
    return !rest.includes('/') && certificateAuthorityType === 'ICA' && isActive(secret)
  })
}

function isActive({ authority }: Resource['secret']): boolean {
  return authority !== undefined
}

/** A new issuing CA becomes known to every linked hub (contract B, 7). */
export function pushAuthority(kernel: Kernel, namespace: Resource, authority: Resource): void {
  for (const link of linksIn(namespace)) {
    if (link.isAlive && !isDps(link.endpoint))
      push(kernel, link.endpoint.resourceId ?? '', authority.id)
  }
}

/** A newly linked hub learns of the issuing CAs that are there [INF]: plausible, not documented (contract B, 7). */
export function pushToHub(kernel: Kernel, { namespace, endpoint }: Link): void {
  for (const { id } of issuingAuthorities(kernel, namespace.id))
    push(kernel, endpoint.resourceId ?? '', id)
}

function push(kernel: Kernel, hubId: string, authorityId: string): void {
  const { world, clock, config } = kernel
  if (!config().registry.hubsLearn) return
  const install = async () => {
    const hub = world.resources.get(key(hubId))
    const authority = world.resources.get(key(authorityId))?.secret.authority
    if (!hub || authority === undefined) return
    const origin = { certificateAuthorityResourceId: authorityId }
    await installCertificate(kernel, hub, origin, authority as Authority)
  }
  const lag = kernel.latency('hubCertificatePush')
  if (lag === 0) void install()
  else clock.after(lag, () => void install())
}
