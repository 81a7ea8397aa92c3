import { ArmError } from '../../armError.ts'
import { notFound, parentNotFound } from '../../errors.ts'
import { key } from '../../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../../kernel.ts'
import { listed } from '../../lists.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import { HOST } from '../addresses.ts'
import { versionOf } from '../generation.ts'
import { checkPolicyLimit } from '../policyLimit.ts'
import { registerRemoval } from '../removal.ts'
import { envelope, object, tags, text } from '../schemas.ts'
import { AUTHORITY, AUTHORITY_ACTION, AUTHORITY_NAME, authorityId } from './authorityAddress.ts'
import { requireParent } from './children.ts'

const POLICY = `${AUTHORITY}/certificatePolicies/:policy`
const ACTION = `${AUTHORITY_ACTION}/certificatePolicies`

const properties = object({
  provisioningState: { readOnly: true },
  uuid: { readOnly: true },
  certificate: object({ validityPeriodInDays: { type: 'integer', minimum: 1, maximum: 90 } }, [
    'validityPeriodInDays'
  ])
})
// A policy has neither; earlier forms of the model had both, so they are taken and dropped (contract B, 6.5).
const putSchema = object({ ...envelope, location: text, tags, properties }, ['properties'])
const patchSchema = object({ properties })

/** [INF] what the service takes when a policy names nothing. */
const DEFAULT_DAYS = 30

interface Wanted {
  readonly location?: string
  readonly properties?: { readonly certificate?: { readonly validityPeriodInDays: number } }
}

/** Days that the leaves of a policy live. */
export function validityOf({ body }: Resource): number {
  const { certificate } = body.properties as Wanted['properties'] & object
  return certificate?.validityPeriodInDays ?? DEFAULT_DAYS
}

/** Policies of issuing certificate authorities (contract B, 6.5). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, random } = kernel
  const policyId = (call: Call) => `${authorityId(call)}/certificatePolicies/${call.params.policy}`

  routes.on(HOST, 'GET', POLICY.replace('/:policy', ''), (call) => {
    const id = authorityId(call)
    rbac.require(call.caller, `${ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(id))) throw parentNotFound(`${id}/certificatePolicies/x`)
    const found = [...world.resources.values()].filter((one) =>
      key(one.id).startsWith(`${key(id)}/certificatepolicies/`)
    )
    return listed(kernel, call, found)
  })

  routes.on(HOST, 'GET', POLICY, (call) => {
    const id = policyId(call)
    rbac.require(call.caller, `${ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(authorityId(call)))) throw parentNotFound(id)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'PUT', POLICY, (call) => {
    const id = policyId(call)
    rbac.require(call.caller, `${ACTION}/write`, id)
    requireGroup(world, id, true)
    const name = call.params.policy ?? ''
    if (!AUTHORITY_NAME.test(name)) {
      throw new ArmError(400, 'InvalidResourceName', `The policy name '${name}' is not valid.`)
    }
    const stored = world.resources.get(key(id))
    checkBody(putSchema, call.body, { stored: stored?.body })
    const wanted = call.body as Wanted
    if (kernel.config().registry.policyLocationNeeded && wanted.location === undefined) {
      throw new ArmError(
        400,
        'LocationRequired',
        'The location property is required for this definition.'
      )
    }
    const namespace = requireParent(kernel, call, id)
    requireIssuing(call, id)
    checkPolicyLimit(kernel, id, 'certificatePolicies', 'request')
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(namespace.body.location),
      latency: 'certificatePolicyWrite',
      style: 'async',
      apiVersion: versionOf(call),
      effect: () => {
        const policy = world.resources.get(key(id))
        if (!policy) return
        checkPolicyLimit(kernel, id, 'certificatePolicies', 'operation')
        Object.assign(policy.body.properties as object, { provisioningState: 'Succeeded' })
      }
    })
    const { uuid = random.guid() } = (stored?.body.properties ?? {}) as { uuid?: string }
    const body = {
      id: stored?.id ?? id,
      name,
      type: ACTION,
      properties: {
        provisioningState: 'Accepted',
        uuid,
        certificate: wanted.properties?.certificate ?? { validityPeriodInDays: DEFAULT_DAYS }
      }
    }
    world.resources.set(key(id), { id: body.id, body, secret: {} })
    return { status: stored ? 200 : 201, body: structuredClone(body), headers }
  })

  routes.on(HOST, 'PATCH', POLICY, (call) => {
    const id = policyId(call)
    rbac.require(call.caller, `${ACTION}/write`, id)
    requireGroup(world, id, true)
    const stored = world.resources.get(key(id))
    if (!stored) throw notFound(id)
    checkBody(patchSchema, call.body, { stored: stored.body })
    const namespace = requireParent(kernel, call, id)
    const { certificate } = (call.body as Wanted).properties ?? {}
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(namespace.body.location),
      latency: 'policyUpdate',
      style: 'location',
      apiVersion: versionOf(call),
      effect: () => {
        const policy = world.resources.get(key(id))
        if (policy && certificate) Object.assign(policy.body.properties as object, { certificate })
      },
      result: () => world.resources.get(key(id))?.body
    })
    return { status: 202, headers }
  })

  registerRemoval(routes, kernel, {
    path: POLICY,
    idOf: policyId,
    action: `${ACTION}/delete`,
    provider: 'Microsoft.DeviceRegistry',
    latency: 'authorityDelete',
    style: 'location',
    says: { provisioningState: 'Deleting' }
  })

  /** Contract B, 6.6 and 15.4, row 12. */
  function requireIssuing(call: Call, id: string): void {
    const authority = world.resources.get(key(authorityId(call)))
    if (!authority) throw parentNotFound(id)
    const { certificateAuthorityType } = authority.body.properties as Record<string, unknown>
    if (certificateAuthorityType !== 'ICA') {
      throw new ArmError(
        409,
        'PolicyRequiresIssuingCa',
        `A certificate policy needs an issuing CA, '${authority.id}' is a root.`
      )
    }
    if (authority.secret.authority === undefined) {
      // [INF] a policy below a CA that cannot issue yet (contract B, 6.3)
      throw new ArmError(
        409,
        'ResourceProvisioningFailed',
        `The certificate authority '${authority.id}' has no certificate.`
      )
    }
  }
}
