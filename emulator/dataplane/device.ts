import { createHash, createHmac } from 'node:crypto'
import { key } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { der, issueLeaf, thumbprint } from '../pki.ts'
import type { Link } from '../providers/certificateAuthorities/endpoints.ts'
import { knownLink } from '../providers/certificateAuthorities/linkedDps.ts'
import { issuingCa } from '../providers/credentialsAndPolicies/policies.ts'
import { certificatesOf } from '../providers/hubCertificates.ts'
import { type Link as ClassicLink, hubAt, isAlive, linksOf } from '../providers/links.ts'
import { isCurrent, readSignature } from '../sas.ts'
import { problems } from '../strict.ts'
import { DpsError } from './errors.ts'
import { assignLinked, checkRequest } from './linkedAssignment.ts'
import { type Outcome, registrationsOf } from './registrations.ts'
import { registration as schema } from './schemas.ts'
import { checkVersion } from './versions.ts'

const HOST = 'global.azure-devices-provisioning.net'
const REGISTRATION = '/:scope/registrations/:registration'

/** The DPS device data plane: a device asks for a hub and a certificate (contract section 14). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, clock, random } = kernel

  routes.on(HOST, 'PUT', `${REGISTRATION}/register`, async (call) => {
    const dps = dpsOf(call)
    const group = authorize(dps, call)
    const found = problems(schema, call.body ?? {})
    if (found.length > 0) throw new DpsError(400001, found.join(' '))
    const { csr } = (call.body ?? {}) as { csr?: string }
    const link = linkFor(dps, group)
    if (link && csr !== undefined) checkRequest(csr, call.params.registration ?? '')
    const operationId = `4.${random.hex(16)}.${random.guid()}`
    const id = call.params.registration ?? ''
    const outcome = link
      ? await assignByLink(dps, { group, link, id, csr })
      : await assign(dps, group, id, csr)
    registrationsOf(dps).set(key(id), { operationId, ...outcome })
    return {
      status: 202,
      body: { operationId, status: 'assigning' },
      headers: { 'retry-after': '2' }
    }
  })

  routes.on(HOST, 'GET', `${REGISTRATION}/operations/:operation`, (call) => {
    const dps = dpsOf(call)
    authorize(dps, call)
    const known = registrationsOf(dps).get(key(call.params.registration ?? ''))
    if (known === undefined || known.operationId !== call.params.operation)
      throw new DpsError(404002, 'Operation not found.')
    const { operationId, status, state } = known
    return { status: 200, body: { operationId, status, registrationState: state } }
  })

  routes.on(HOST, 'POST', REGISTRATION, (call) => {
    const dps = dpsOf(call)
    authorize(dps, call)
    if ((call.body as { csr?: string } | undefined)?.csr !== undefined) {
      throw new DpsError(400001, 'A lookup takes no csr.')
    }
    const known = registrationsOf(dps).get(key(call.params.registration ?? ''))
    if (!known) throw new DpsError(404003, 'Registration not found.')
    const { issuedCertificateChain: _never, ...state } = known.state
    return { status: 200, body: state }
  })

  function dpsOf(call: Call): Resource {
    checkVersion(kernel, call)
    const dps = [...world.resources.values()].find(
      ({ body }) => (body.properties as { idScope?: string })?.idScope === call.params.scope
    )
    if (!dps) throw new DpsError(404001, 'There is no such ID scope.')
    return dps
  }

  /** The enrollment group whose key, derived for this registration, signed the request. */
  function authorize(dps: Resource, call: Call): Resource {
    const signature = readSignature(call.headers.authorization)
    const id = call.params.registration ?? ''
    const resource = `${call.params.scope}/registrations/${id}`
    const group = [...world.enrollmentGroups.values()].find((one) => {
      const { primaryKey, secondaryKey } = (one.secret.symmetricKey ?? {}) as Record<string, string>
      return (
        key(one.id).startsWith(key(dps.id)) &&
        [primaryKey, secondaryKey].some((base) => base && signature?.isBy(derive(base, id)))
      )
    })
    const good =
      group !== undefined &&
      group.body.provisioningStatus !== 'disabled' &&
      signature?.resource === resource &&
      signature.policy === 'registration' &&
      isCurrent(signature, kernel)
    if (!good) throw new DpsError(401002, 'Unauthorized')
    return group
  }

  /** The namespace that decides over a device; a DPS with hubs of its own, or a namespace of the first model, decides itself. */
  function linkFor(dps: Resource, group: Resource): Link | undefined {
    const { deviceRegistryNamespace } = dps.body.properties as { deviceRegistryNamespace?: unknown }
    const isOwn = deviceRegistryNamespace !== undefined && group.body.namespaceName === undefined
    return isOwn ? undefined : knownLink(kernel, dps)
  }

  async function assignByLink(
    dps: Resource,
    asked: Parameters<typeof assignLinked>[2]
  ): Promise<Outcome> {
    const base = begun(asked.id)
    try {
      const { assignedHub, chain } = await assignLinked(kernel, dps, asked)
      return {
        status: 'assigned',
        state: {
          ...base,
          status: 'assigned',
          substatus: 'initialAssignment',
          assignedHub,
          deviceId: asked.id,
          etag: random.hex(12),
          ...(chain && { issuedCertificateChain: chain })
        }
      }
    } catch (error) {
      if (!(error instanceof DpsError)) throw error
      return failed(base, Number(error.code), error.message)
    }
  }

  function begun(registrationId: string) {
    const now = new Date(clock.now()).toISOString()
    return { registrationId, createdDateTimeUtc: now, lastUpdatedDateTimeUtc: now }
  }

  async function assign(
    dps: Resource,
    group: Resource,
    id: string,
    csr: string | undefined
  ): Promise<Outcome> {
    const base = begun(id)
    const fail = (errorCode: number, errorMessage: string) => failed(base, errorCode, errorMessage)
    const policyName = group.body.credentialPolicyName as string | undefined
    const link = pick(dps, group, id)
    if (!link) return fail(400207, 'No linked IoT hub can take the device.')
    const assigned = {
      ...base,
      status: 'assigned',
      substatus: 'initialAssignment',
      assignedHub: link.name,
      deviceId: id,
      etag: random.hex(12)
    }
    if (policyName === undefined || csr === undefined)
      return { status: 'assigned', state: assigned }

    const { deviceRegistryNamespace } = dps.body.properties as {
      deviceRegistryNamespace: { resourceId: string }
    }
    const credentialId = `${key(deviceRegistryNamespace.resourceId)}/credentials/default`
    const policy = world.resources.get(`${credentialId}/policies/${key(policyName)}`)
    const issuer = policy && issuingCa(policy)
    const root = world.resources.get(credentialId)?.secret.root as typeof issuer
    if (!issuer || !root)
      return fail(400208, `The credential policy '${policyName}' does not exist.`)
    const hub = hubAt(world, link.name)
    const mark = await thumbprint(issuer.certificate)
    const trusted =
      hub &&
      [...certificatesOf(hub).values()].some(({ properties }) => properties.thumbprint === mark)
    if (!trusted)
      return fail(400209, `The IoT hub '${link.name}' does not trust the policy '${policyName}'.`)
    const { certificate } = policy.body.properties as {
      certificate: { leafCertificateConfiguration: { validityPeriodInDays: number } }
    }
    const leaf = await issueLeaf(issuer, csr, id, random.hex(16), {
      now: clock.now(),
      days: certificate.leafCertificateConfiguration.validityPeriodInDays
    })
    if (!leaf) return fail(400210, 'The certificate signing request is not valid.')
    const chain = [leaf, issuer.certificate, root.certificate].map(der)
    return { status: 'assigned', state: { ...assigned, issuedCertificateChain: chain } }
  }

  /** Hashed allocation over the group's hubs, or over all linked ones; a link with a dead key takes nobody. */
  function pick(dps: Resource, group: Resource, id: string): ClassicLink | undefined {
    const named = ((group.body.iotHubs ?? []) as readonly string[]).map(key)
    const links = linksOf(dps).filter(
      (link) => (named.length === 0 || named.includes(key(link.name))) && isAlive(world, link)
    )
    const hash = createHash('sha256').update(id).digest().readUInt32BE()
    return links[hash % Math.max(1, links.length)]
  }
}

function failed(base: object, errorCode: number, errorMessage: string): Outcome {
  return { status: 'failed', state: { ...base, status: 'failed', errorCode, errorMessage } }
}

/** A device's own key (contract 14.1). */
function derive(groupKey: string, registrationId: string): string {
  return createHmac('sha256', Buffer.from(groupKey, 'base64'))
    .update(registrationId)
    .digest('base64')
}
