import { ArmError } from '../../armError.ts'
import { notFound } from '../../errors.ts'
import { readSigned, type SignedChain } from '../../externalChain.ts'
import { key } from '../../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../../kernel.ts'
import { type Authority, createIssuing, thumbprint } from '../../pki.ts'
import { checkBody } from '../../strict.ts'
import { requireGroup } from '../../world.ts'
import { HOST, namespaceId } from '../addresses.ts'
import { versionOf } from '../generation.ts'
import { object, text } from '../schemas.ts'
import { AUTHORITY, AUTHORITY_ACTION, authorityId } from './authorityAddress.ts'
import type { Chosen } from './authorityChoice.ts'
import { requireParent } from './children.ts'
import { authorityOf, ISSUING_DAYS, takeCertificate } from './issuance.ts'

const schema = object({ certificateChain: text }, ['certificateChain'])

/** How an issuing CA gets another certificate: one that somebody else signed, or a new one of Microsoft's (contract B, 6.3 and 6.4). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, clock, random } = kernel

  const find = (call: Call, right: string, issuerType: string): Resource => {
    const id = authorityId(call)
    rbac.require(call.caller, `${AUTHORITY_ACTION}/${right}/action`, id)
    requireGroup(world, id, true)
    const found = world.resources.get(key(id))
    if (!found) throw notFound(id)
    requireParent(kernel, call, id)
    const { issuer } = found.body.properties as Chosen
    if (issuer?.issuerType === issuerType) return found
    throw new ArmError(
      400,
      'InvalidOperation', // [INF] the code
      `The action needs an issuing certificate authority whose issuer is ${issuerType}.`
    )
  }
  const begin = (call: Call, effect: () => Promise<void>) =>
    operations.begin({
      resourceId: authorityId(call),
      provider: 'Microsoft.DeviceRegistry',
      location: String(world.resources.get(key(authorityId(call)))?.body.location),
      latency: 'authorityWrite',
      style: 'location',
      apiVersion: versionOf(call),
      effect
    })

  routes.on(HOST, 'POST', `${AUTHORITY}/activate`, async (call) => {
    const authority = find(call, 'activate', 'External')
    checkBody(schema, call.body)
    const { certificateChain } = call.body as { certificateChain: string }
    const { issuer } = authority.body.properties as { issuer: Record<string, unknown> }
    const signed = await readSigned(
      certificateChain,
      String(issuer.certificateSigningRequest),
      clock.now()
    )
    if ('code' in signed) throw new ArmError(400, signed.code, signed.message)
    const headers = begin(call, async () => {
      const present = world.resources.get(key(authority.id))
      if (present) await activate(kernel, namespaceId(call), present, signed)
    })
    return { status: 202, headers }
  })

  routes.on(HOST, 'POST', `${AUTHORITY}/revokeAndRotate`, (call) => {
    const authority = find(call, 'revokeAndRotate', 'Microsoft')
    if (call.body !== undefined)
      throw new ArmError(400, 'InvalidRequestContent', 'The request takes no body.')
    const { issuer } = authority.body.properties as Chosen
    const headers = begin(call, async () => {
      const present = world.resources.get(key(authority.id))
      const root = authorityOf(
        world.resources.get(key(issuer?.certificateAuthorityResourceId ?? ''))
      )
      if (!present || !root) return
      const name = String(present.body.name)
      const made = await createIssuing(root, name, random.hex(16), clock.now(), ISSUING_DAYS)
      takeCertificate(kernel, namespaceId(call), present, made)
    })
    return { status: 202, headers }
  })
}

async function activate(
  kernel: Kernel,
  namespaceId: string,
  authority: Resource,
  { certificate, above }: SignedChain
): Promise<void> {
  const keys = authority.secret.keys as Authority['keys']
  takeCertificate(kernel, namespaceId, authority, { certificate, above, keys })
  const { issuer } = authority.body.properties as { issuer: Record<string, unknown> }
  Object.assign(issuer, { status: 'Active', thumbprint: await thumbprint(certificate) })
}
