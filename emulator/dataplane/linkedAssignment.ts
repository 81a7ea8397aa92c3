import { createHash } from 'node:crypto'
import { key } from '../ids.ts'
import type { Kernel, Resource } from '../kernel.ts'
import { der, isRequestFor, issueLeaf } from '../pki.ts'
import { validityOf } from '../providers/certificateAuthorities/certificatePolicies.ts'
import type { Link } from '../providers/certificateAuthorities/endpoints.ts'
import { authorityOf } from '../providers/certificateAuthorities/issuance.ts'
import {
  assignedHost,
  linkedHubs,
  namesOf
} from '../providers/certificateAuthorities/linkedHubs.ts'
import {
  inboundPrincipal,
  systemPrincipal
} from '../providers/certificateAuthorities/principals.ts'
import {
  DEVICE_ACTION,
  registerDevice
} from '../providers/certificateAuthorities/registryDevices.ts'
import { DpsError } from './errors.ts'
import { requireIssuing } from './groupReferences.ts'

/** A certificate chain, or why there is no device: `errorCode` and `errorMessage` of a registration. */
export type Assigned = { readonly assignedHub: string; readonly chain?: readonly string[] }

const WRITE_IDENTITY = 'Microsoft.Devices/IotHubs/devices/write'

/** Contract B, 9: the name is the registration's, the key on P-384. @throws DpsError 400 */
export function checkRequest(csr: string, registrationId: string): void {
  if (isRequestFor(csr, registrationId)) return
  throw new DpsError(400001, 'The certificate signing request is not valid.')
}

/**
 * Sends a device to a hub of the linked namespace, which gets to know it, and issues its certificate (contract B, 9).
 *
 * @throws DpsError what the registration fails with
 */
export async function assignLinked(
  kernel: Kernel,
  dps: Resource,
  {
    group,
    link,
    id,
    csr
  }: {
    readonly group: Resource
    readonly link: Link
    readonly id: string
    readonly csr: string | undefined
  }
): Promise<Assigned> {
  const { rbac, config } = kernel
  const { namespace } = link
  const { provisioningState } = namespace.body.properties as { provisioningState: string }
  const able = rbac.allows(
    systemPrincipal(namespace, 'B') ?? '',
    `${DEVICE_ACTION}/write`,
    namespace.id
  )
  if (!able || provisioningState === 'Failed')
    throw new DpsError(403000, 'The namespace cannot create the device.')
  const hub = pick(kernel, namespace, group, id)
  if (!hub) throw new DpsError(401001, 'IoTHub not found.')
  const principal = inboundPrincipal(link.endpoint, dps.body.identity) ?? ''
  if (
    config().registry.hubGrantNeeded &&
    !rbac.allows(principal, WRITE_IDENTITY, hub.id, 'dataAction')
  )
    throw new DpsError(403000, 'The provisioning service has no access to the IoT hub.')
  const chain =
    csr === undefined || group.body.certificatePolicyName === undefined
      ? undefined
      : await issue(kernel, dps, group, link, id, csr)
  registerDevice(kernel, namespace, hub, id)
  return { assignedHub: assignedHost(kernel, hub), ...(chain && { chain }) }
}

/** Hashed over the group's hubs, or over all that are linked. */
function pick(
  kernel: Kernel,
  namespace: Resource,
  group: Resource,
  id: string
): Resource | undefined {
  const named = ((group.body.iotHubs ?? []) as readonly string[]).map(key)
  const hubs = linkedHubs(kernel, namespace).filter(
    (hub) => named.length === 0 || namesOf(kernel, hub).some((name) => named.includes(key(name)))
  )
  const hash = createHash('sha256').update(id).digest().readUInt32BE()
  return hubs[hash % Math.max(1, hubs.length)]
}

async function issue(
  kernel: Kernel,
  dps: Resource,
  { body }: Resource,
  link: Link,
  id: string,
  csr: string
): Promise<readonly string[]> {
  const { world, clock, random } = kernel
  requireIssuing(kernel, dps, link)
  const authorities = `${key(link.namespace.id)}/certificateauthorities`
  const own = world.resources.get(`${authorities}/${key(String(body.certificateAuthorityName))}`)
  const policy = world.resources.get(
    `${key(own?.id ?? '')}/certificatepolicies/${key(String(body.certificatePolicyName))}`
  )
  const issuer = authorityOf(own)
  if (!own || !issuer || !policy)
    throw new DpsError(
      400208,
      `The certificate policy '${body.certificatePolicyName}' does not exist.`
    ) // [INF]
  const leaf = await issueLeaf(issuer, csr, id, random.hex(16), {
    now: clock.now(),
    days: validityOf(policy),
    until: issuer.certificate.notAfter
  })
  if (!leaf) throw new DpsError(400001, 'The certificate signing request is not valid.')
  return [leaf, issuer.certificate, ...(issuer.above ?? [])].map(der)
}
