import { key } from '../ids.ts'
import type { Begin, Call, Kernel, Resource, Routes, World } from '../kernel.ts'
import { checkRemoval, removeResource } from '../world.ts'
import { HOST } from './addresses.ts'
import { versionOf } from './generation.ts'

/** How one type of resource is deleted. */
export interface Removal extends Pick<Begin, 'provider' | 'latency' | 'style'> {
  readonly path: string
  readonly idOf: (call: Call) => string
  /** The right that it takes. */
  readonly action: string
  /** What its properties say from then on, until it is gone; Azure says nothing when absent. */
  readonly says?: Readonly<Record<string, string>>
  /** What the answer shows of the resource; nothing when absent. */
  readonly shown?: (body: Resource['body'], call: Call) => unknown
}

/** Where a resource is; one without a location is where its namespace is. */
function locationOf({ resources }: World, { id, body }: Resource): string {
  const namespace = /^.*\/namespaces\/[^/]+(?=\/)/i.exec(id)?.[0] ?? ''
  return String(body.location ?? resources.get(key(namespace))?.body.location)
}

/** DELETE is accepted, and the resource gone once the operation has ended; what is gone already answers 204 (contract 12). */
export function registerRemoval(routes: Routes, kernel: Kernel, removal: Removal): void {
  const { world, operations, rbac } = kernel
  const { path, idOf, action, says, shown, ...begin } = removal
  routes.on(HOST, 'DELETE', path, (call) => {
    const id = idOf(call)
    rbac.require(call.caller, action, id)
    const stored: Resource | undefined = world.resources.get(key(id))
    if (!stored) return { status: 204 }
    checkRemoval(world, id)
    Object.assign(stored.body.properties as object, says)
    const headers = operations.begin({
      ...begin,
      resourceId: id,
      apiVersion: versionOf(call),
      location: locationOf(world, stored),
      effect: () => removeResource(world, id)
    })
    return {
      status: 202,
      headers,
      ...(shown && { body: structuredClone(shown(stored.body, call)) })
    }
  })
}
