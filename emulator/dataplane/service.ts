import { key } from '../ids.ts'
import type { Call, Handler, Kernel, Reply, Resource, Routes } from '../kernel.ts'
import { pageOf } from '../lists.ts'
import { keysOf } from '../providers/devices.ts'
import { generationOf } from '../providers/generation.ts'
import { dpsAt } from '../providers/provisioning.ts'
import { isCurrent, readSignature } from '../sas.ts'
import { problems } from '../strict.ts'
import { DpsError } from './errors.ts'
import { checkReferences, withoutEmptyNames } from './groupReferences.ts'
import { registrationsOf } from './registrations.ts'
import { enrollmentGroup, linkedEnrollmentGroup, query } from './schemas.ts'
import { completed } from './twin.ts'
import { checkVersion } from './versions.ts'

const HOST = '*.azure-devices-provisioning.net'
const GROUP = '/enrollmentGroups/:id'
const REGISTRATION = '/registrations/:id'
/** The data actions of Microsoft's list; keys have one of their own. */
const RIGHTS = {
  read: 'enrollmentGroups/read',
  write: 'enrollmentGroups/write',
  delete: 'enrollmentGroups/delete',
  keys: 'attestationmechanism/details/action',
  readRegistration: 'registrationStates/read',
  deleteRegistration: 'registrationStates/delete'
}
type Right = keyof typeof RIGHTS

/** The rights of a shared access policy that each needs; an owner of the service may do everything with registrations [INF]. */
const BY_KEY: Readonly<Record<Right, RegExp>> = {
  read: /^Enrollment(Read|Write)$/,
  write: /^EnrollmentWrite$/,
  delete: /^EnrollmentWrite$/,
  keys: /^EnrollmentWrite$/,
  readRegistration: /^(RegistrationStatus(Read|Write)|ServiceConfig)$/,
  deleteRegistration: /^(RegistrationStatusWrite|ServiceConfig)$/
}

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
      checkVersion(kernel, call)
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
      return { status: 200, body: view(body, call), headers: { etag: String(body.etag) } }
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
        body: items.map((group) => view(group, call)),
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
      const schema = generationOf(call) === 'B' ? linkedEnrollmentGroup : enrollmentGroup
      check(schema, call.body, stored?.body)
      const wanted = call.body as Group
      checkMatch(call, stored)
      checkReferences(kernel, dps, wanted, call)
      const now = new Date(clock.now()).toISOString()
      const attestation = wanted.attestation as { type: string; symmetricKey?: SymmetricKey }
      const { symmetricKey, ...open } = attestation
      const newKey = () => Buffer.from(random.bytes(64)).toString('base64')
      const group: Resource = {
        id: `${dps.id}/enrollmentGroups/${call.params.id}`,
        body: {
          ...withoutEmptyNames(wanted),
          ...(kernel.config().twinsCompleted && { initialTwin: completed(wanted.initialTwin) }),
          attestation: open,
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
      const shown = view(withKeys(group), call)
      return { status: 200, body: shown, headers: { etag: String(group.body.etag) } }
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

  routes.on(
    HOST,
    'GET',
    REGISTRATION,
    serve('readRegistration', (dps, call) => {
      const found = registrationsOf(dps).get(key(call.params.id ?? ''))
      if (!found) throw new DpsError(404201, `Registration '${call.params.id}' not found.`)
      const { issuedCertificateChain: _never, ...state } = found.state
      return { status: 200, body: state }
    })
  )

  routes.on(
    HOST,
    'DELETE',
    REGISTRATION,
    serve('deleteRegistration', (dps, call) => {
      registrationsOf(dps).delete(key(call.params.id ?? ''))
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
        rights.some((one) => BY_KEY[right].test(one))
      const { disableLocalAuth } = dps.body.properties as { disableLocalAuth?: boolean }
      if (!good || disableLocalAuth)
        throw new DpsError(401002, 'Unauthorized: the signature does not hold.')
      return
    }
    const action = `Microsoft.Devices/provisioningServices/${RIGHTS[right]}`
    const able = call.caller && rbac.allows(call.caller.objectId, action, dps.id, 'dataAction')
    if (!able) throw new DpsError(401002, 'Unauthorized')
  }
}

/** Neither model shows what a group refers to in the other one (contract B, 11). */
function view(group: Group, call: Call): Group {
  const { namespaceName, certificateAuthorityName, certificatePolicyName, ...rest } = group
  const { credentialPolicyName: _, ...linked } = group
  return generationOf(call) === 'B' ? linked : rest
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
