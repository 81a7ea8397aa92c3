import { key } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import { type Authority, createIssuing, createRequest, createRoot, newKeys } from '../../pki.ts'
import type { Chosen } from './authorityChoice.ts'
import { pushAuthority } from './certificatePush.ts'

/** [INF] the example of the specification has an issuing CA live for five years (contract B, 6.6). */
export const ISSUING_DAYS = 5 * 365

type Json = Record<string, unknown>

/** The certificate of a CA, once its creation has ended. */
export function authorityOf(resource: Resource | undefined): Authority | undefined {
  return resource?.secret.authority as Authority | undefined
}

/** Ends the creation of a certificate authority: it gets its certificate, or what somebody else is to sign. */
export async function issue(
  kernel: Kernel,
  namespaceId: string,
  resource: Resource
): Promise<void> {
  const { world, clock, random } = kernel
  const properties = resource.body.properties as Chosen & Json
  const name = String(resource.body.name)
  const { issuer } = properties
  if (issuer?.issuerType === 'External' && resource.secret.keys === undefined) {
    const keys = await newKeys()
    resource.secret.keys = keys
    Object.assign(issuer, {
      status: 'PendingActivation',
      certificateSigningRequest: await createRequest(name, keys)
    })
  } else if (issuer?.issuerType !== 'External' && !authorityOf(resource)) {
    const root = authorityOf(world.resources.get(key(issuer?.certificateAuthorityResourceId ?? '')))
    const made = root
      ? await createIssuing(root, name, random.hex(16), clock.now(), ISSUING_DAYS)
      : await createRoot(name, random.hex(16), clock.now())
    takeCertificate(kernel, namespaceId, resource, made)
  }
  properties.provisioningState = 'Succeeded'
}

/** What a certificate authority issues with from now on; linked hubs are told. */
export function takeCertificate(
  kernel: Kernel,
  namespaceId: string,
  resource: Resource,
  authority: Authority
): void {
  resource.secret.authority = authority
  const { certificate } = authority
  Object.assign(resource.body.properties as Json, {
    subject: certificate.subject,
    validityNotBefore: certificate.notBefore.toISOString(),
    validityNotAfter: certificate.notAfter.toISOString()
  })
  const namespace = kernel.world.resources.get(key(namespaceId))
  const { certificateAuthorityType } = resource.body.properties as Chosen
  if (namespace && certificateAuthorityType === 'ICA') pushAuthority(kernel, namespace, resource)
}
