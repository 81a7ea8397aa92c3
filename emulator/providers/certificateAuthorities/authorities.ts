import { isDeepStrictEqual } from 'node:util'
import { ArmError } from '../../armError.ts'
import { notFound, parentNotFound } from '../../errors.ts'
import { key, sameLocation } from '../../ids.ts'
import type { Kernel, Resource, Routes } from '../../kernel.ts'
import { listed } from '../../lists.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import { HOST, namespaceId } from '../addresses.ts'
import { versionOf } from '../generation.ts'
import { registerRemoval } from '../removal.ts'
import { envelope, object, tags, text } from '../schemas.ts'
import { AUTHORITY, AUTHORITY_ACTION, AUTHORITY_NAME, authorityId } from './authorityAddress.ts'
import { type Chosen, chosenOf } from './authorityChoice.ts'
import { checkAuthority, guardAuthorities } from './authorityRules.ts'
import { requireParent } from './children.ts'
import { issue } from './issuance.ts'

const putSchema = object(
  {
    ...envelope,
    location: text,
    tags,
    properties: object(
      {
        provisioningState: { readOnly: true },
        uuid: { readOnly: true },
        subject: { readOnly: true },
        validityNotBefore: { readOnly: true },
        validityNotAfter: { readOnly: true },
        certificateAuthorityType: { enum: ['Root', 'ICA'] },
        keyType: { enum: ['ECC'] },
        issuer: object(
          {
            issuerType: { enum: ['Microsoft', 'External'] },
            certificateAuthorityResourceId: text,
            certificateSigningRequest: { readOnly: true },
            thumbprint: { readOnly: true },
            status: { readOnly: true }
          },
          ['issuerType']
        )
      },
      ['certificateAuthorityType', 'keyType']
    )
  },
  ['location', 'properties']
)
const patchSchema = object({ tags })

/** Certificate authorities of a namespace: one root, and issuing ones (contract B, 6.1 to 6.3). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, random } = kernel
  guardAuthorities(kernel)

  routes.on(HOST, 'GET', AUTHORITY.replace('/:authority', ''), (call) => {
    const id = namespaceId(call)
    rbac.require(call.caller, `${AUTHORITY_ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(id))) throw parentNotFound(`${id}/certificateAuthorities/x`)
    const below = `${key(id)}/certificateauthorities/`
    const found = [...world.resources.values()].filter(
      (one) => key(one.id).startsWith(below) && !key(one.id).slice(below.length).includes('/')
    )
    return listed(kernel, call, found)
  })

  routes.on(HOST, 'GET', AUTHORITY, (call) => {
    const id = authorityId(call)
    rbac.require(call.caller, `${AUTHORITY_ACTION}/read`, id)
    requireGroup(world, id, false)
    if (!world.resources.has(key(namespaceId(call)))) throw parentNotFound(id)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'PUT', AUTHORITY, (call) => {
    const id = authorityId(call)
    rbac.require(call.caller, `${AUTHORITY_ACTION}/write`, id)
    requireGroup(world, id, true)
    const name = call.params.authority ?? ''
    if (!AUTHORITY_NAME.test(name)) {
      throw new ArmError(400, 'InvalidResourceName', `The CA name '${name}' is not valid.`)
    }
    const stored = world.resources.get(key(id))
    checkBody(putSchema, call.body, { stored: stored?.body })
    const namespace = requireParent(kernel, call, id)
    const wanted = call.body as { location: string; tags?: object; properties: Chosen }
    if (!sameLocation(wanted.location, String(namespace.body.location))) {
      throw new ArmError(
        400,
        'InvalidResourceLocation', // [INF] as for credentials of the first model
        `The location '${wanted.location}' differs from that of the namespace, '${namespace.body.location}'.`
      )
    }
    const chosen = chosenOf(wanted.properties)
    if (stored) checkUnchanged(stored, chosen)
    else checkAuthority(kernel, namespace, chosen)
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.DeviceRegistry',
      location: wanted.location,
      latency: 'authorityWrite',
      style: 'async',
      apiVersion: versionOf(call),
      effect: async () => {
        const authority = world.resources.get(key(id))
        if (authority) await issue(kernel, namespace.id, authority)
      }
    })
    const body = {
      id: stored?.id ?? id,
      name,
      type: AUTHORITY_ACTION,
      location: namespace.body.location,
      tags: wanted.tags ?? {},
      properties: {
        ...((stored?.body.properties as object | undefined) ?? {
          ...chosen,
          uuid: random.guid(),
          subject: `CN=${name}`
        }),
        provisioningState: 'Accepted'
      }
    }
    world.resources.set(key(id), { id: body.id, body, secret: stored?.secret ?? {} })
    return { status: stored ? 200 : 201, body: structuredClone(body), headers }
  })

  routes.on(HOST, 'PATCH', AUTHORITY, (call) => {
    const id = authorityId(call)
    rbac.require(call.caller, `${AUTHORITY_ACTION}/write`, id)
    requireGroup(world, id, true)
    const stored = world.resources.get(key(id))
    if (!stored) throw notFound(id)
    checkBody(patchSchema, call.body)
    stored.body.tags = (call.body as { tags?: object }).tags ?? stored.body.tags
    return { status: 200, body: stored.body }
  })

  registerRemoval(routes, kernel, {
    path: AUTHORITY,
    idOf: authorityId,
    action: `${AUTHORITY_ACTION}/delete`,
    provider: 'Microsoft.DeviceRegistry',
    latency: 'authorityDelete',
    style: 'location',
    says: { provisioningState: 'Deleting' }
  })
}

/** Contract B, 6.5: all of it is create-only; ids compare without regard to case. */
function checkUnchanged({ body }: Resource, chosen: Chosen): void {
  const plain = (one: Chosen) => JSON.parse(key(JSON.stringify(chosenOf(one)))) as unknown
  if (isDeepStrictEqual(plain(body.properties as Chosen), plain(chosen))) return
  // [INF] the code
  throw new ArmError(
    409,
    'PropertyChangeNotAllowed',
    'Type, key and issuer of a certificate authority cannot be changed.'
  )
}
