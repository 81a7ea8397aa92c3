import { ArmError } from './armError.ts'
import { key, within } from './ids.ts'
import type { Resource, World } from './kernel.ts'

export type LockLevel = 'CanNotDelete' | 'ReadOnly'

/** Puts a lock on a subscription, group or resource, as a person in the portal would. */
export function addLock(world: World, scope: string, level: LockLevel, name = 'lock'): Resource {
  const id = `${scope}/providers/Microsoft.Authorization/locks/${name}`
  const body = { id, name, type: 'Microsoft.Authorization/locks', properties: { level } }
  const lock: Resource = { id, body, secret: {} }
  world.locks.set(key(id), lock)
  return lock
}

/** What a lock hangs on. */
export function scopeOf({ id }: Resource): string {
  return id.replace(/\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i, '')
}

/**
 * Throws when a lock forbids an action. What Microsoft's documentation says of locks: they count after the caller's
 * rights, and below the scope that they hang on. Either level forbids every deletion, that of a container of the locked
 * scope included; ReadOnly forbids whatever is no read, a POST that lists keys included. Locks themselves stay free, or
 * none could be taken away.
 */
export function requireUnlocked(world: World, action: string, scope: string): void {
  const right = action.toLowerCase().split('/').at(-1)
  if (right === 'read' || /^Microsoft\.Authorization\/locks\//i.test(action)) return
  // What is attached is not asked itself: ARM checks the right alone [INF].
  if (/\/assign\/action$/i.test(action)) return
  const deleting = right === 'delete'
  const inForce = [...world.locks.values()].filter((lock) => {
    const held = scopeOf(lock)
    const { level } = lock.body.properties as { level: LockLevel }
    if (deleting) return within(scope, held) || within(held, scope)
    return level === 'ReadOnly' && within(scope, held)
  })
  if (inForce.length === 0) return
  const locked = inForce.map((lock) => `'${scopeOf(lock)}'`).join(', ')
  throw new ArmError(
    409,
    'ScopeLocked',
    `The scope '${scope}' cannot perform ${deleting ? 'delete' : 'write'} operation because following scope(s) are locked: ${locked}. Please remove the lock and try again.`
  )
}
