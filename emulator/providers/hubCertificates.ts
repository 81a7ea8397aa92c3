import { ArmError } from '../armError.ts'
import { notFound, parentNotFound } from '../errors.ts'
import { key } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { type Authority, der, thumbprint } from '../pki.ts'
import { requireGroup } from '../world.ts'
import { HOST, HUB, hubId } from './addresses.ts'
import { generationOf } from './generation.ts'

export interface HubCertificate {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly etag: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** The CA certificates that a hub trusts, by name. */
export function certificatesOf(hub: Resource): Map<string, HubCertificate> {
  hub.secret.certificates ??= new Map<string, HubCertificate>()
  return hub.secret.certificates as Map<string, HubCertificate>
}

/** What a certificate of a hub was pushed for: the live service spells the first with a capital P, unlike its specification (contract 8.4). */
export type Origin =
  | { readonly PolicyResourceId: string }
  | { readonly certificateAuthorityResourceId: string }

/** Puts the certificate of a CA onto a hub, in place of an older one of the same origin. */
export async function installCertificate(
  { clock, random }: Kernel,
  hub: Resource,
  origin: Origin,
  { certificate }: Authority
): Promise<void> {
  const certificates = certificatesOf(hub)
  const name = `adr-${Object.values(origin).join().split('/').at(-1)}` // [INF] no source tells how the service names them
  const present = certificates.get(name)
  const mark = await thumbprint(certificate)
  if (present?.properties.thumbprint === mark) return
  // RFC 1123, as the examples of the specification have it.
  const now = new Date(clock.now()).toUTCString()
  certificates.set(name, {
    id: `${hub.id}/certificates/${name}`,
    name,
    type: 'Microsoft.Devices/IotHubs/Certificates',
    etag: random.hex(12),
    properties: {
      subject: certificate.subject.replace(/^CN=/, ''),
      expiry: certificate.notAfter.toUTCString(),
      thumbprint: mark,
      isVerified: true,
      created: present?.properties.created ?? now,
      updated: now,
      certificate: der(certificate),
      ...origin
    }
  })
}

/** Neither model shows where a certificate of the other one comes from (contract B, 11). */
function view({ properties, ...rest }: HubCertificate, call: Call): object {
  const { PolicyResourceId, certificateAuthorityResourceId, ...own } = properties
  const generation = generationOf(call)
  return {
    ...rest,
    properties: {
      ...own,
      ...(generation === 'A' && PolicyResourceId !== undefined && { PolicyResourceId }),
      ...(generation === 'B' &&
        certificateAuthorityResourceId !== undefined && { certificateAuthorityResourceId })
    }
  }
}

/** Certificates of a hub (contract 8.4). */
export function register(routes: Routes, { world, rbac }: Kernel): void {
  const hubOf = (id: string): Resource => {
    requireGroup(world, id, false)
    const hub = world.resources.get(key(id))
    if (!hub) throw parentNotFound(`${id}/certificates/x`)
    return hub
  }

  // The one list that is never paged (contract 2.1).
  routes.on(HOST, 'GET', `${HUB}/certificates`, (call) => {
    const id = hubId(call)
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Certificates/Read', id)
    const shown = [...certificatesOf(hubOf(id)).values()].map((one) => view(one, call))
    return { status: 200, body: { value: shown } }
  })

  routes.on(HOST, 'GET', `${HUB}/certificates/:certificate`, (call) => {
    const id = hubId(call)
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Certificates/Read', id)
    const found = certificatesOf(hubOf(id)).get(call.params.certificate ?? '')
    if (!found) throw notFound(`${id}/certificates/${call.params.certificate}`)
    return { status: 200, body: view(found, call) }
  })

  routes.on(HOST, 'DELETE', `${HUB}/certificates/:certificate`, (call) => {
    const id = hubId(call)
    rbac.require(call.caller, 'Microsoft.Devices/IotHubs/Certificates/Delete', id)
    const certificates = certificatesOf(hubOf(id))
    const found = certificates.get(call.params.certificate ?? '')
    if (!found) return { status: 204 }
    if (call.headers['if-match'] !== found.etag) {
      throw new ArmError(412, 'PreconditionFailed', 'The etag does not match.', { flat: true })
    }
    certificates.delete(found.name)
    return { status: 200 }
  })
}
