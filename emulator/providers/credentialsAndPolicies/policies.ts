import { ArmError } from '../../armError.ts'
import { notFound, parentNotFound } from '../../errors.ts'
import { key } from '../../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../../kernel.ts'
import { listed } from '../../lists.ts'
import { type Authority, createIssuing } from '../../pki.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import { CREDENTIAL, credentialId, HOST, REGISTRY_VERSION as VERSION } from '../addresses.ts'
import { checkPolicyLimit } from '../policyLimit.ts'
import { registerRemoval } from '../removal.ts'
import { envelope, object, tags, text } from '../schemas.ts'
import { requireParent } from './credentials.ts'

const POLICY = `${CREDENTIAL}/policies/:policy`
const ACTION = 'Microsoft.DeviceRegistry/namespaces/credentials/policies'

const leaf = object({ validityPeriodInDays: { type: 'integer', minimum: 7, maximum: 90 } }, [
  'validityPeriodInDays'
])
const authority = object(
  {
    keyType: { enum: ['ECC'] },
    subject: { readOnly: true },
    validityNotBefore: { readOnly: true },
    validityNotAfter: { readOnly: true }
  },
  ['keyType']
)
const properties = (required: readonly string[]) =>
  object({
    provisioningState: { readOnly: true },
    certificate: object(
      { certificateAuthorityConfiguration: authority, leafCertificateConfiguration: leaf },
      required
    )
  })
const putSchema = object(
  {
    ...envelope,
    location: text,
    tags,
    properties: properties(['certificateAuthorityConfiguration', 'leafCertificateConfiguration'])
  },
  ['location']
)
const patchSchema = object({ tags, properties: properties([]) })

/** [INF] what the service takes when a policy names nothing (contract 7.1). */
const DEFAULT_DAYS = 30

/** The issuing CA of a policy, once its creation has ended. */
export function issuingCa(policy: Resource): Authority | undefined {
  return policy.secret.authority as Authority | undefined
}

/** Policies: one issuing CA each (contract 7.3). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, clock, random } = kernel
  const policyId = (call: Call) => `${credentialId(call)}/policies/${call.params.policy}`

  routes.on(HOST, 'GET', `${CREDENTIAL}/policies`, (call) => {
    const id = credentialId(call)
    rbac.require(call.caller, `${ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(id))) throw parentNotFound(`${id}/policies/x`)
    const policies = [...world.resources.values()].filter((other) =>
      key(other.id).startsWith(`${key(id)}/policies/`)
    )
    return listed(kernel, call, policies)
  })

  routes.on(HOST, 'GET', POLICY, (call) => {
    const id = policyId(call)
    rbac.require(call.caller, `${ACTION}/read`, id)
    requireGroup(world, id, false)
    const found = world.resources.get(key(id))
    if (!world.resources.has(key(credentialId(call)))) throw parentNotFound(id)
    if (!found) throw notFound(id)
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'PUT', POLICY, (call) => {
    const id = policyId(call)
    rbac.require(call.caller, `${ACTION}/write`, id)
    requireGroup(world, id, true)
    if (!/^[0-9a-zA-Z][a-zA-Z0-9-]{2,62}$/.test(call.params.policy ?? '')) {
      throw new ArmError(
        400,
        'InvalidResourceName',
        `The policy name '${call.params.policy}' is not valid.`
      )
    }
    const stored = world.resources.get(key(id))
    checkBody(putSchema, call.body, { stored: stored?.body })
    const namespace = requireParent(kernel, call, id)
    const credential = world.resources.get(key(credentialId(call)))
    const root = credential?.secret.root as Authority | undefined
    if (!root) throw parentNotFound(id)
    checkPolicyLimit(kernel, id, 'policies', 'request')
    const wanted = call.body as {
      tags?: object
      properties?: {
        certificate?: { leafCertificateConfiguration: { validityPeriodInDays: number } }
      }
    }
    const days =
      wanted.properties?.certificate?.leafCertificateConfiguration.validityPeriodInDays ??
      DEFAULT_DAYS
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(namespace.body.location),
      latency: 'policyWrite',
      style: 'async',
      apiVersion: VERSION,
      effect: async () => {
        const policy = world.resources.get(key(id))
        if (!policy) return
        checkPolicyLimit(kernel, id, 'policies', 'operation')
        const made =
          issuingCa(policy) ??
          (await createIssuing(root, random.hex(32), random.hex(16), clock.now()))
        policy.secret.authority = made
        policy.body.properties = {
          provisioningState: 'Succeeded',
          certificate: {
            certificateAuthorityConfiguration: {
              keyType: 'ECC',
              subject: made.certificate.subject,
              validityNotBefore: made.certificate.notBefore.toISOString(),
              validityNotAfter: made.certificate.notAfter.toISOString()
            },
            leafCertificateConfiguration: { validityPeriodInDays: days }
          }
        }
      }
    })
    const body = {
      id,
      name: call.params.policy,
      type: 'Microsoft.DeviceRegistry/namespaces/credentials/policies',
      location: namespace.body.location,
      tags: wanted.tags ?? {},
      properties: stored?.body.properties ?? {
        provisioningState: 'Accepted',
        certificate: {
          certificateAuthorityConfiguration: { keyType: 'ECC' },
          leafCertificateConfiguration: { validityPeriodInDays: days }
        }
      }
    }
    world.resources.set(key(id), { id, body, secret: stored?.secret ?? {} })
    return { status: stored ? 200 : 201, body: structuredClone(body), headers }
  })

  routes.on(HOST, 'PATCH', POLICY, (call) => {
    const id = policyId(call)
    rbac.require(call.caller, `${ACTION}/write`, id)
    const stored = world.resources.get(key(id))
    if (!stored) throw notFound(id)
    checkBody(patchSchema, call.body, { stored: stored.body })
    const wanted = call.body as {
      tags?: object
      properties?: { certificate?: { leafCertificateConfiguration?: object } }
    }
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(stored.body.location),
      latency: 'policyUpdate',
      style: 'location',
      apiVersion: VERSION,
      effect: () => {
        if (wanted.tags) stored.body.tags = wanted.tags
        const leafConfiguration = wanted.properties?.certificate?.leafCertificateConfiguration
        const { certificate } = stored.body.properties as { certificate: Record<string, unknown> }
        if (leafConfiguration) certificate.leafCertificateConfiguration = leafConfiguration
      },
      result: () => stored.body
    })
    return { status: 202, headers }
  })

  registerRemoval(routes, kernel, {
    path: POLICY,
    idOf: policyId,
    action: `${ACTION}/delete`,
    provider: 'Microsoft.DeviceRegistry',
    latency: 'policyUpdate',
    style: 'location'
  })
}
