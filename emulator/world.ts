import { ArmError } from './armError.ts'
import { notFound } from './errors.ts'
import { groupId, key, within } from './ids.ts'
import type { Resource, World } from './kernel.ts'

/** Something that happens with the end of a resource. */
export type RemovalHook = (resource: Resource) => void
/** Something that forbids it. @param going the id at and below which everything goes at once */
export type RemovalGuard = (resource: Resource, going: string) => void

interface Hooks {
  readonly guards: RemovalGuard[]
  readonly effects: RemovalHook[]
  /** When each resource came to be, so that lists can lag behind. */
  readonly born: Map<string, number>
}

const hooksOf = new WeakMap<World, Hooks>()

function hooks(world: World): Hooks {
  const known = hooksOf.get(world)
  if (!known) throw new Error('this world was not made by createWorld')
  return known
}

/** Remembers when a key was first set, whoever sets it. */
class DatedMap extends Map<string, Resource> {
  readonly #born: Map<string, number>
  readonly #now: () => number

  constructor(born: Map<string, number>, now: () => number) {
    super()
    this.#born = born
    this.#now = now
  }

  override set(id: string, resource: Resource): this {
    if (!this.has(id)) this.#born.set(id, this.#now())
    return super.set(id, resource)
  }
}

/** An empty world. `now` is the emulated clock. */
export function createWorld(now: () => number): World {
  const born = new Map<string, number>()
  const world: World = {
    resources: new DatedMap(born, now),
    roleAssignments: new DatedMap(born, now),
    roleDefinitions: new Map(),
    locks: new Map(),
    enrollmentGroups: new Map(),
    comments: new Map(),
    principals: new Map()
  }
  hooksOf.set(world, { guards: [], effects: [], born })
  return world
}

/** The emulated instant at which a resource or role assignment was created. */
export function bornAt(world: World, id: string): number {
  return hooks(world).born.get(key(id)) ?? 0
}

/** Registers a guard: it throws an ArmError when the resource must stay (a namespace in use). */
export function guardRemoval(world: World, guard: RemovalGuard): void {
  hooks(world).guards.push(guard)
}

/** Registers an effect of a removal on other things (a host name becomes free, a link dies). */
export function onRemove(world: World, effect: RemovalHook): void {
  hooks(world).effects.push(effect)
}

/** Asks every guard; a provider calls it before it accepts a DELETE, and so does a deletion of its group, `going` with all. */
export function checkRemoval(world: World, id: string, going = id): void {
  const resource = world.resources.get(key(id))
  if (!resource) return
  for (const guard of hooks(world).guards) guard(resource, going)
}

/**
 * Takes a resource away with everything that goes with it: children first, grants and locks at or below it,
 * its identity's directory entry. Grants that its identity held elsewhere stay, as in Azure.
 */
export function removeResource(world: World, id: string): void {
  const ids = [...world.resources.values()]
    .map((resource) => resource.id)
    .filter((other) => within(other, id))
    .sort((a, b) => b.length - a.length)
  for (const gone of ids) {
    const resource = world.resources.get(key(gone))
    if (!resource) continue
    world.resources.delete(key(gone))
    hooks(world).born.delete(key(gone))
    const identity = resource.body.identity as { principalId?: string } | undefined
    if (identity?.principalId) world.principals.delete(identity.principalId)
    for (const effect of hooks(world).effects) effect(resource)
  }
  for (const [name, assignment] of world.roleAssignments) {
    const { scope } = assignment.body.properties as { scope: string }
    if (within(scope, id)) world.roleAssignments.delete(name)
  }
  for (const [name, lock] of world.locks) if (within(lock.id, id)) world.locks.delete(name)
}

/** What is left of a resource whose creation, change or deletion came to nothing. */
export function giveUp(world: World, id: string, end: 'Failed' | 'Canceled'): void {
  const properties = world.resources.get(key(id))?.body.properties as
    | { provisioningState?: string; state?: string }
    | undefined
  if (!properties || properties.provisioningState === 'Succeeded') return
  properties.provisioningState = end
  // The names that Microsoft.Devices has for it, in the enum of its specification.
  if (properties.state === 'Activating') properties.state = 'ActivationFailed'
  if (properties.state === 'Deleting') properties.state = 'DeletionFailed'
}

/** Empties the world and keeps the hooks. */
export function clearWorld(world: World): void {
  for (const map of Object.values(world) as Map<string, unknown>[]) map.clear()
  hooks(world).born.clear()
}

/** A copy of everything there is, for `restoreWorld`. */
export function copyWorld(world: World): World {
  return copy({ ...world })
}

/** Adds everything that was copied once. */
export function restoreWorld(world: World, copied: World): void {
  const maps = Object.entries(copy(copied)) as [keyof World, Map<string, never>][]
  for (const [name, map] of maps) for (const [id, one] of map) world[name].set(id, one)
}

/** Keys and certificates have classes of their own and never change: they are shared. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T
  if (value instanceof Map) return new Map([...value].map(([id, one]) => [id, copy(one)])) as T
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copy(one)])) as T
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A scope below a group must exist, or there is nothing to grant on or to lock. */
export function requireScope(world: World, scope: string): void {
  if (/\/resourcegroups\//i.test(scope) && !world.resources.has(key(scope))) throw notFound(scope)
}

/** Throws the 404 or 409 that a missing or dying resource group gives to everything below it. */
export function requireGroup(world: World, id: string, write: boolean): void {
  const wanted = groupId(id)
  if (!wanted) return
  const group = world.resources.get(key(wanted))
  const name = wanted.split('/').at(-1)
  if (!group) {
    throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`)
  }
  const { provisioningState } = group.body.properties as { provisioningState: string }
  if (write && provisioningState === 'Deleting') {
    throw new ArmError(
      409,
      'ResourceGroupBeingDeleted',
      `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`
    )
  }
}
