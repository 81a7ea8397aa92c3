import { isDeepStrictEqual } from 'node:util'
import { key } from '../../ids.ts'
import type { Call, Kernel, Reply, Resource } from '../../kernel.ts'
import { checkBody } from '../../strict.ts'
import { refuse } from '../devices.ts'
import { generationOf, versionOf } from '../generation.ts'
import { dpsPatch } from '../provisioningSchema.ts'
import { dpsView } from '../view.ts'
import { type Link, linkOf } from './endpoints.ts'

interface Wanted {
  readonly identity?: { readonly type?: string }
  readonly properties: { readonly iotHubs?: readonly unknown[] }
}

/** What a PUT of version 2026-11-01 may not change in a DPS that is there (contract B, 4.2). */
export function checkIdentity(stored: Resource, wanted: Wanted): void {
  const { type: present = 'None' } = (stored.body.identity ?? {}) as { type?: string }
  if ((wanted.identity?.type ?? 'None') !== present) throw identityRefused()
}

/**
 * The hubs that a DPS lists itself are read-only once a namespace links it (contract B, 4.2). That it is so in every version
 * is inferred: the hubs are the DPS's, and the rule is told of none.
 */
export function checkLinkedHubs({ world }: Kernel, stored: Resource, wanted: Wanted): void {
  const { iotHubs = [] } = stored.body.properties as { iotHubs?: readonly unknown[] }
  const { iotHubs: next = [] } = wanted.properties
  if (linkOf(world, stored.id) && !isDeepStrictEqual(next, iotHubs)) {
    throw refuse(
      409,
      'IH409313',
      'The linked IoT hubs of a provisioning service in a namespace are read-only.'
    )
  }
}

function identityRefused() {
  return refuse(400, 'IH400158', 'The identity of a provisioning service cannot be changed.')
}

/** The namespace that the data plane of a DPS knows of; it learns of a link by a PATCH of the tags (contract B, 4.2). */
export function knownLink({ world, config }: Kernel, dps: Resource): Link | undefined {
  const link = linkOf(world, dps.id)
  if (link === undefined) return undefined
  const pushed = dps.secret.pushedFor === uuidOf(link.namespace)
  return pushed || !config().registry.pushNeeded ? link : undefined
}

function uuidOf({ body }: Resource): unknown {
  return (body.properties as { uuid?: string }).uuid
}

/** PATCH of a DPS: tags alone, at once in older versions. */
export function patchDps(kernel: Kernel, call: Call, dps: Resource): Reply {
  const { world, operations, random } = kernel
  const generation = generationOf(call)
  const wanted = (call.body ?? {}) as { tags?: object; identity?: unknown }
  if (generation === 'B' && wanted.identity !== undefined) throw identityRefused()
  checkBody(dpsPatch, call.body, { flat: true })
  if (generation === 'B') {
    operations.begin({
      resourceId: dps.id,
      provider: 'Microsoft.Devices',
      location: String(dps.body.location),
      latency: 'dpsUpdate',
      style: 'location',
      apiVersion: versionOf(call),
      effect: () => {
        const patched = world.resources.get(key(dps.id))
        if (!patched) return
        const link = linkOf(world, dps.id)
        if (link) patched.secret.pushedFor = uuidOf(link.namespace)
        Object.assign(patched.body.properties as object, { provisioningState: 'Succeeded' })
      }
    })
    Object.assign(dps.body.properties as object, { provisioningState: 'Accepted' })
    dps.body.etag = random.hex(12)
  }
  dps.body.tags = wanted.tags ?? {}
  return { status: 200, body: structuredClone(dpsView(dps.body, generation)) }
}
