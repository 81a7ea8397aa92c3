import { key, within } from '../../emulator/ids.ts'
import type { World } from '../../emulator/kernel.ts'
import { linksIn } from '../../emulator/providers/certificateAuthorities/endpoints.ts'
import { linksOf } from '../../emulator/providers/links.ts'
import { isNamespace } from '../../emulator/providers/names.ts'

/** Whatever a deletion may take: a resource, a grant, an enrollment group or a link. */
interface Thing {
  /** Of a grant: what it is given on, and to whom. */
  readonly scope?: string
  readonly principal?: string
  /** The identity that ends with it. */
  readonly identity?: string
}

export type Things = ReadonlyMap<string, Thing>

/** Everything there is, by id; a link has the id of its DPS, or of its namespace, before its host name. */
export function thingsIn({ resources, roleAssignments, enrollmentGroups }: World): Things {
  const things = new Map<string, Thing>()
  for (const resource of resources.values()) {
    const { identity, properties } = resource.body as {
      identity?: { principalId?: string }
      properties?: { principalId?: string }
    }
    const own = identity?.principalId ?? properties?.principalId
    things.set(key(resource.id), own === undefined ? {} : { identity: own })
    for (const { name } of linksOf(resource)) things.set(linkOf(resource.id, name), {})
    if (!isNamespace(resource.id)) continue
    for (const { name } of linksIn(resource))
      things.set(linkOf(resource.id, `${name}.azure-devices.net`), {})
  }
  for (const { id, body, secret } of roleAssignments.values()) {
    const { scope, principalId } = body.properties as { scope: string; principalId: string }
    if (!secret.fromConfig) things.set(key(id), { scope: key(scope), principal: principalId })
  }
  for (const { id } of enrollmentGroups.values()) things.set(key(id), {})
  return things
}

export function linkOf(dps: string, hostName: string): string {
  return key(`${dps}/links/${hostName}`)
}

/** What is in one and not in the other. */
export function lessBy(before: Things, after: Things): readonly string[] {
  return [...before.keys()].filter((id) => !after.has(id))
}

const SOMEBODY = 'somebody else'

/** Who made what, and what is nobody's to delete any more. */
export class Ledger {
  readonly #makers = new Map<string, string>()

  /** @param environment the only one that may delete these */
  made(things: Iterable<string>, environment: string): void {
    for (const thing of things) this.#makers.set(thing, environment)
  }

  /** Made by somebody who is no environment, or taken from the one that made them. */
  theirs(things: Iterable<string>): void {
    this.made(things, SOMEBODY)
  }

  makerOf(thing: string): string {
    return this.#makers.get(thing) ?? SOMEBODY
  }

  /**
   * What went although none of these environments made it. A grant may also end with what it is given on, and with the
   * identity that holds it: then it was worth nothing any more.
   */
  wronglyGone(before: Things, gone: readonly string[], environments: readonly string[]) {
    const identities = new Set(gone.flatMap((thing) => before.get(thing)?.identity ?? []))
    const scopes = new Set(gone)
    return gone.filter((thing) => {
      const { scope, principal } = before.get(thing) ?? {}
      if (scope !== undefined && scopes.has(scope)) return false
      if (principal !== undefined && identities.has(principal)) return false
      return this.notOf([thing], environments).length > 0
    })
  }

  /** Those that none of these environments made. */
  notOf(things: readonly string[], environments: readonly string[]): readonly string[] {
    return things.filter((thing) => !environments.includes(this.makerOf(thing)))
  }
}

/** True when something of these lies at or below one of the places. */
export function liesAt(things: readonly string[], places: readonly string[]): boolean {
  return things.some((thing) => places.some((place) => within(thing, place)))
}
