import { ArmError } from '../../armError.ts'
import { inProgress, notFound, parentNotFound } from '../../errors.ts'
import { key, sameLocation } from '../../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../../kernel.ts'
import { createRoot } from '../../pki.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import {
  CREDENTIAL,
  credentialId,
  HOST,
  namespaceId,
  REGISTRY_VERSION as VERSION
} from '../addresses.ts'
import { refusesAtWork } from '../namespaceAtWork.ts'
import { registerRemoval } from '../removal.ts'
import { envelope, object, tags, text } from '../schemas.ts'

const putSchema = object(
  {
    ...envelope,
    location: text,
    tags,
    properties: object({ provisioningState: { readOnly: true } })
  },
  ['location']
)
const patchSchema = object({ tags })

/** The namespace that a child lives in: there, done, and in the region that the child names. */
export function requireNamespace(kernel: Kernel, call: Call, childId: string): Resource {
  const namespace = kernel.world.resources.get(key(namespaceId(call)))
  if (!namespace) throw parentNotFound(childId)
  const { location } = (call.body ?? {}) as { location?: string }
  if (location !== undefined && !sameLocation(location, String(namespace.body.location))) {
    throw new ArmError(
      400,
      'InvalidResourceLocation', // [INF] code; the rule is that of contract 7.2
      `The location '${location}' differs from that of the namespace, '${namespace.body.location}'.`
    )
  }
  return namespace
}

/** The same for a child that is written. */
export function requireParent(kernel: Kernel, call: Call, childId: string): Resource {
  const namespace = requireNamespace(kernel, call, childId)
  if (refusesAtWork(kernel, namespace.id)) throw inProgress(namespace.id)
  return namespace
}

/** The root CA of a namespace (contract 7.2). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, clock, random } = kernel

  routes.on(HOST, 'GET', CREDENTIAL, (call) => {
    const id = credentialId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/credentials/read', id)
    requireGroup(world, id, false)
    const found = world.resources.get(key(id))
    if (!found) throw requireNamespace(kernel, call, id) && notFound(id)
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'PUT', CREDENTIAL, (call) => {
    const id = credentialId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/credentials/write', id)
    requireGroup(world, id, true)
    const stored = world.resources.get(key(id))
    checkBody(putSchema, call.body, { stored: stored?.body })
    const namespace = requireParent(kernel, call, id)
    const { principalId } = (namespace.body.identity ?? {}) as { principalId?: string }
    if (!principalId) {
      throw new ArmError(
        400,
        'NamespaceIdentityRequired', // [INF] the tutorial makes the credential only with the identity
        'A credential needs a namespace with a system-assigned identity.'
      )
    }
    const there = [...world.resources.values()].filter(
      ({ id: other, body }) =>
        /\/credentials\/default$/i.test(other) &&
        sameLocation(String(body.location), String(namespace.body.location))
    )
    if (!stored && there.length >= kernel.config().quotas.credentials) {
      throw new ArmError(
        409, // [INF] the status; the code is that of contract 3
        'CredentialQuotaExceeded',
        `The number of credentials in '${namespace.body.location}' has reached its limit.`
      )
    }
    const wanted = call.body as { tags?: object }
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: String(namespace.body.location),
      latency: 'credentialWrite',
      style: 'async',
      apiVersion: VERSION,
      effect: async () => {
        const credential = world.resources.get(key(id))
        if (!credential) return
        credential.secret.root ??= await createRoot(random.hex(32), random.hex(16), clock.now())
        ;(credential.body.properties as Record<string, unknown>).provisioningState = 'Succeeded'
      }
    })
    const body = {
      id,
      name: 'default',
      type: 'Microsoft.DeviceRegistry/namespaces/credentials',
      location: namespace.body.location,
      tags: wanted.tags ?? {},
      properties: { provisioningState: 'Accepted' }
    }
    world.resources.set(key(id), { id, body, secret: stored?.secret ?? {} })
    return { status: stored ? 200 : 201, body: structuredClone(body), headers }
  })

  routes.on(HOST, 'PATCH', CREDENTIAL, (call) => {
    const id = credentialId(call)
    rbac.require(call.caller, 'Microsoft.DeviceRegistry/namespaces/credentials/write', id)
    const stored = world.resources.get(key(id))
    if (!stored) throw notFound(id)
    checkBody(patchSchema, call.body)
    stored.body.tags = (call.body as { tags?: object }).tags ?? stored.body.tags
    return { status: 200, body: stored.body }
  })

  registerRemoval(routes, kernel, {
    path: CREDENTIAL,
    idOf: credentialId,
    action: 'Microsoft.DeviceRegistry/namespaces/credentials/delete',
    provider: 'Microsoft.DeviceRegistry',
    latency: 'namespaceDelete',
    style: 'location'
  })
}
