import { key } from '../ids.ts'
import type { Begin, Call, Kernel, Resource, Routes } from '../kernel.ts'
import { checkRemoval, removeResource } from '../world.ts'
import { HOST } from './addresses.ts'

/** How one type of resource is deleted. */
export interface Removal extends Pick<Begin, 'provider' | 'latency' | 'style' | 'apiVersion'> {
  readonly path: string
  readonly idOf: (call: Call) => string
  /** The right that it takes. */
  readonly action: string
  /** What its properties say from then on, until it is gone; Azure says nothing when absent. */
  readonly says?: Readonly<Record<string, string>>
  /** The answer shows the resource. */
  readonly shown?: boolean
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
      location: String(stored.body.location),
      effect: () => removeResource(world, id)
    })
    return { status: 202, headers, ...(shown && { body: structuredClone(stored.body) }) }
  })
}
