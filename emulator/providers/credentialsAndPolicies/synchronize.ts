import { ArmError } from '../../armError.ts'
import { notFound } from '../../errors.ts'
import { key } from '../../ids.ts'
import type { Kernel, Resource, Routes } from '../../kernel.ts'
import {
  CREDENTIAL,
  credentialId,
  HOST,
  namespaceId,
  REGISTRY_VERSION as VERSION
} from '../addresses.ts'
import { installCertificate } from '../hubCertificates.ts'
import { isMirror } from '../view.ts'
import { issuingCa } from './policies.ts'

/** What the namespace identity needs on a hub: certificates by ARM, devices by the data plane (grants g4 and g5). */
const CERTIFICATES = 'Microsoft.Devices/IotHubs/certificates/write'
const DEVICES = 'Microsoft.Devices/IotHubs/devices/write'

/** Pushes every policy's issuing CA into the hubs of the namespace (contract 7.4). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac } = kernel

  const hubsOf = (namespace: string): Resource[] =>
    [...world.resources.values()].filter(({ body }) => {
      const { deviceRegistry, state } = (body.properties ?? {}) as {
        deviceRegistry?: { namespaceResourceId: string }
        state?: string
      }
      return (
        state === 'Active' &&
        deviceRegistry !== undefined &&
        !isMirror(deviceRegistry) &&
        key(deviceRegistry.namespaceResourceId) === key(namespace)
      )
    })

  routes.on(HOST, 'POST', `${CREDENTIAL}/synchronize`, (call) => {
    const id = credentialId(call)
    rbac.require(
      call.caller,
      'Microsoft.DeviceRegistry/namespaces/credentials/synchronize/action',
      id
    )
    const credential = world.resources.get(key(id))
    if (!credential) throw notFound(id)
    if (call.body !== undefined) {
      throw new ArmError(400, 'InvalidRequestContent', 'The request takes no body.')
    }
    const namespace = namespaceId(call)
    const headers = operations.begin({
      resourceId: `${id}/synchronize`,
      provider: 'Microsoft.DeviceRegistry',
      location: String(credential.body.location),
      latency: 'synchronize',
      style: 'location',
      apiVersion: VERSION,
      effect: async () => {
        const { identity } = world.resources.get(key(namespace))?.body ?? {}
        const { principalId = '' } = (identity ?? {}) as { principalId?: string }
        for (const hub of hubsOf(namespace)) {
          const able =
            rbac.allows(principalId, CERTIFICATES, hub.id) &&
            rbac.allows(principalId, DEVICES, hub.id, 'dataAction')
          if (!able) {
            // Whether it fails or does nothing is an open question (contract 18.8): both can be had.
            if (!kernel.config().synchronizeFails) continue
            throw new ArmError(
              403,
              'AuthorizationFailed',
              `The namespace identity '${principalId}' has no access to '${hub.id}'.`
            )
          }
          for (const policy of world.resources.values()) {
            if (!key(policy.id).startsWith(`${key(id)}/policies/`)) continue
            const authority = issuingCa(policy)
            if (authority)
              await installCertificate(kernel, hub, { PolicyResourceId: policy.id }, authority)
          }
        }
      }
    })
    return { status: 202, headers }
  })
}
