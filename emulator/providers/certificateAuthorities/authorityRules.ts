import { ArmError } from '../../armError.ts'
import { key } from '../../ids.ts'
import type { Kernel, Resource } from '../../kernel.ts'
import { guardRemoval, onRemove } from '../../world.ts'
import { certificatesOf } from '../hubCertificates.ts'
import type { Chosen } from './authorityChoice.ts'

function siblings({ world }: Kernel, namespaceId: string): readonly Resource[] {
  const below = `${key(namespaceId)}/certificateauthorities/`
  return [...world.resources.values()].filter(
    ({ id }) => key(id).startsWith(below) && !key(id).slice(below.length).includes('/')
  )
}

const propertiesOf = ({ body }: Resource) =>
  body.properties as Chosen & {
    readonly provisioningState?: string
  }

/** Whether a new certificate authority can be made (contract B, 6.6 and 15.4, row 11); the codes are [INF]. */
export function checkAuthority(kernel: Kernel, namespace: Resource, chosen: Chosen): void {
  const { rootAuthorities, issuingAuthorities } = kernel.config().quotas
  const { certificateAuthorityType, issuer } = chosen
  const alike = siblings(kernel, namespace.id).filter(
    (one) => propertiesOf(one).certificateAuthorityType === certificateAuthorityType
  )
  const most = certificateAuthorityType === 'Root' ? rootAuthorities : issuingAuthorities
  if (alike.length >= most) {
    throw new ArmError(
      409,
      'CertificateAuthorityLimitExceeded',
      `The namespace has all the certificate authorities of type ${certificateAuthorityType} that it may have: ${most}.`
    )
  }
  if ((certificateAuthorityType === 'ICA') !== (issuer !== undefined))
    throw invalid('An issuing certificate authority has an issuer, a root has none.')
  if (issuer === undefined) return
  const { issuerType, certificateAuthorityResourceId } = issuer
  if ((issuerType === 'Microsoft') !== (certificateAuthorityResourceId !== undefined))
    throw invalid('The issuer Microsoft names its certificate authority, External does not.')
  if (certificateAuthorityResourceId === undefined) return
  const root = siblings(kernel, namespace.id).find(
    ({ id }) => key(id) === key(certificateAuthorityResourceId)
  )
  if (root && propertiesOf(root).certificateAuthorityType === 'Root' && root.secret.authority)
    return
  throw invalid(`'${certificateAuthorityResourceId}' is no root that is ready in this namespace.`)
}

function invalid(message: string): ArmError {
  return new ArmError(400, 'InvalidRequestContent', message)
}

/** Certificate authorities go bottom-up, and from the hubs with them [INF] (contract B, 6.6). */
export function guardAuthorities(kernel: Kernel): void {
  const { world } = kernel

  guardRemoval(world, ({ id, body }, going) => {
    if (!/\/certificateauthorities\/[^/]+$/i.test(id) || key(going) !== key(id)) return
    const { certificateAuthorityType } = body.properties as Chosen
    const isBelow = (one: Resource) => {
      const { issuer } = (one.body.properties ?? {}) as Partial<Chosen>
      return (
        key(one.id).startsWith(`${key(id)}/`) ||
        (certificateAuthorityType === 'Root' &&
          key(issuer?.certificateAuthorityResourceId ?? '') === key(id))
      )
    }
    const child = [...world.resources.values()].find(isBelow)
    if (child === undefined) return
    throw new ArmError(
      409,
      'CannotDeleteResource',
      `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${child.id}'. Please delete all nested resources before deleting this resource.`
    )
  })

  onRemove(world, ({ id }) => {
    if (!/\/certificateauthorities\/[^/]+$/i.test(id)) return
    for (const hub of world.resources.values()) {
      if (!/\/iothubs\/[^/]+$/i.test(hub.id)) continue
      for (const [name, { properties }] of certificatesOf(hub)) {
        const { certificateAuthorityResourceId = '' } = properties
        if (key(String(certificateAuthorityResourceId)) === key(id))
          certificatesOf(hub).delete(name)
      }
    }
  })
}
