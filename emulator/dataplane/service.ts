import { key } from '../ids.ts'
import type { Call, Handler, Kernel, Reply, Resource, Routes } from '../kernel.ts'
import { pageOf } from '../lists.ts'
import { keysOf } from '../providers/devices.ts'
import { linksOf } from '../providers/links.ts'
import { dpsAt } from '../providers/provisioning.ts'
import { isCurrent, readSignature } from '../sas.ts'
import { problems } from '../strict.ts'
import { bornAt } from '../world.ts'
import { DpsError } from './errors.ts'
import { enrollmentGroup, query } from './schemas.ts'
import { completed } from './twin.ts'

const HOST = '*.azure-devices-provisioning.net'
const GROUP = '/enrollmentGroups/:id'
const VERSION = '2025-07-01-preview'
/** The grant that lets a DPS reach the namespace. */
const DATA_ACTION =
  'Microsoft.DeviceRegistry/namespaces/credentials/policies/issueCertificate/action'

/** The data actions of Microsoft's list; keys have one of their own. */
const RIGHTS = {
  read: 'enrollmentGroups/read',
  write: 'enrollmentGroups/write',
  delete: 'enrollmentGroups/delete',
  keys: 'attestationmechanism/details/action'
}
type Right = keyof typeof RIGHTS

type Group = Record<string, unknown>
interface SymmetricKey {
  readonly primaryKey?: string
  readonly secondaryKey?: string
}

/** The DPS service data plane: enrollment groups (contract section 10). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, clock, random, rbac } = kernel

  const serve =
    (right: Right, work: (dps: Resource, call: Call) => Reply): Handler =>
    (call) => {
      const dps = dpsAt(kernel, call.host)
      if (!dps) throw new DpsError(404001, 'There is no such provisioning service.')
      if (call.url.searchParams.get('api-version') !== VERSION) {
        throw new DpsError(400004, 'The api-version is not supported.')
      }
      authorize(dps, call, right)
      return work(dps, call)
    }
  const keyOf = (call: Call) => `${call.host}/${(call.params.id ?? '').toLowerCase()}`
  const find = (call: Call): Resource => {
    const found = world.enrollmentGroups.get(keyOf(call))
    if (!found) throw new DpsError(404201, `Enrollment group '${call.params.id}' not found.`)
    return found
  }

  routes.on(
    HOST,
    'GET',
    GROUP,
    serve('read', (_dps, call) => {
      const { body } = find(call)
      return { status: 200, body, headers: { etag: String(body.etag) } }
    })
  )

  routes.on(
    HOST,
    'POST',
    `${GROUP}/attestationmechanism`,
    serve('keys', (_dps, call) => ({
      status: 200,
      body: withKeys(find(call)).attestation
    }))
  )

  routes.on(
    HOST,
    'POST',
    '/enrollmentGroups/query',
    serve('read', (_dps, call) => {
      check(query, call.body)
      const groups = new Map(
        [...world.enrollmentGroups]
          .filter(([name]) => name.startsWith(`${call.host}/`))
          .map(([name, { body }]) => [name, body])
      )
      // The caller may ask for less at a time, not for more than the service gives (contract 10).
      const asked = Number(call.headers['x-ms-max-item-count'] ?? Number.POSITIVE_INFINITY)
      if (!(asked >= 1)) throw new DpsError(400001, 'x-ms-max-item-count is not valid.')
      const size = Math.min(asked, kernel.config().pageSize)
      const { items, next } = pageOf(groups, size, call.headers['x-ms-continuation'])
      return {
        status: 200,
        body: items,
        headers: {
          'x-ms-item-type': 'EnrollmentGroup',
          ...(next !== undefined && { 'x-ms-continuation': next })
        }
      }
    })
  )

  routes.on(
    HOST,
    'PUT',
    GROUP,
    serve('write', (dps, call) => {
      const stored = world.enrollmentGroups.get(keyOf(call))
      check(enrollmentGroup, call.body, stored?.body)
      const wanted = call.body as Group
      checkMatch(call, stored)
      checkReferences(dps, wanted, call.params.id ?? '')
      const now = new Date(clock.now()).toISOString()
      const attestation = wanted.attestation as { type: string; symmetricKey?: SymmetricKey }
      const { symmetricKey, ...shown } = attestation
      const newKey = () => Buffer.from(random.bytes(64)).toString('base64')
      const group: Resource = {
        id: `${dps.id}/enrollmentGroups/${call.params.id}`,
        body: {
          ...wanted,
          ...(kernel.config().twinsCompleted && { initialTwin: completed(wanted.initialTwin) }),
          attestation: shown,
          etag: `"${random.hex(12)}"`,
          createdDateTimeUtc: stored?.body.createdDateTimeUtc ?? now,
          lastUpdatedDateTimeUtc: now
        },
        // An update without keys gets new ones: the nastier reading of an open question (contract 18.9).
        secret: {
          symmetricKey: {
            primaryKey: symmetricKey?.primaryKey ?? newKey(),
            secondaryKey: symmetricKey?.secondaryKey ?? newKey()
          }
        }
      }
      world.enrollmentGroups.set(keyOf(call), group)
      return { status: 200, body: withKeys(group), headers: { etag: String(group.body.etag) } }
    })
  )

  routes.on(
    HOST,
    'DELETE',
    GROUP,
    serve('delete', (_dps, call) => {
      checkMatch(call, find(call))
      world.enrollmentGroups.delete(keyOf(call))
      return { status: 204 }
    })
  )

  function authorize(dps: Resource, call: Call, right: Right): void {
    const signature = readSignature(call.headers.authorization)
    if (signature) {
      const policy = keysOf(dps).find(({ keyName }) => keyName === signature.policy)
      const rights = policy?.rights.split(', ') ?? []
      const good =
        policy !== undefined &&
        (signature.isBy(policy.primaryKey) || signature.isBy(policy.secondaryKey)) &&
        key(signature.resource) === call.host &&
        isCurrent(signature, kernel) &&
        (right === 'read'
          ? rights.some((one) => one.startsWith('Enrollment'))
          : rights.includes('EnrollmentWrite'))
      if (!good) throw new DpsError(401002, 'Unauthorized: the signature does not hold.')
      return
    }
    const action = `Microsoft.Devices/provisioningServices/${RIGHTS[right]}`
    const able = call.caller && rbac.allows(call.caller.objectId, action, dps.id, 'dataAction')
    if (!able) throw new DpsError(401002, 'Unauthorized')
  }

  function checkReferences(dps: Resource, group: Group, id: string): void {
    if (key(String(group.enrollmentGroupId)) !== key(id)) {
      throw new DpsError(400001, 'enrollmentGroupId differs from the address.')
    }
    const hosts = (group.iotHubs ?? []) as readonly string[]
    const linked = linksOf(dps).map(({ name }) => key(name))
    const stranger = hosts.find((host) => !linked.includes(key(host)))
    if (stranger) throw new DpsError(400002, `The IoT hub '${stranger}' is not linked.`)
    const { credentialPolicyName } = group
    if (credentialPolicyName === undefined) return
    const { deviceRegistryNamespace } = dps.body.properties as {
      deviceRegistryNamespace?: {
        resourceId: string
        selectedUserAssignedIdentityResourceId?: string
      }
    }
    if (!deviceRegistryNamespace) {
      throw new DpsError(400004, 'A namespace is required on this DPS instance.')
    }
    const { resourceId, selectedUserAssignedIdentityResourceId = '' } = deviceRegistryNamespace
    requireReach(resourceId, selectedUserAssignedIdentityResourceId, dps)
    const policy = `${key(resourceId)}/credentials/default/policies/${key(String(credentialPolicyName))}`
    if (!world.resources.has(policy)) {
      // [INF] at PUT or at the first registration is not known (contract 10)
      throw new DpsError(400003, `The credential policy '${credentialPolicyName}' does not exist.`)
    }
  }

  /** The data plane learns of a grant later than ARM: 403000 until then (contract 11.4). */
  function requireReach(namespaceId: string, identityId: string, dps: Resource): void {
    const identity = world.resources.get(key(identityId))
    const { principalId = '' } = (identity?.body.properties ?? {}) as { principalId?: string }
    const settled = bornAt(world, dps.id) + kernel.latency('dpsGrantPropagation')
    if (rbac.allows(principalId, DATA_ACTION, namespaceId, 'dataAction') && settled <= clock.now())
      return
    throw new DpsError(403000, 'The provisioning service has no access to the namespace.')
  }
}

function withKeys(group: Resource): Group {
  const attestation = group.body.attestation as { type: string }
  return {
    ...group.body,
    attestation:
      attestation.type === 'symmetricKey'
        ? { ...attestation, symmetricKey: group.secret.symmetricKey }
        : attestation
  }
}

function check(schema: object, body: unknown, stored?: unknown): void {
  const found = problems(schema, body, stored)
  if (found.length > 0) throw new DpsError(400001, found.join(' '))
}

function checkMatch(call: Call, stored: Resource | undefined): void {
  const ifMatch = call.headers['if-match']
  if (ifMatch === undefined || ifMatch === '*') return
  if (ifMatch !== stored?.body.etag) throw new DpsError(412001, 'The etag does not match.')
}
