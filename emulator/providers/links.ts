import { key } from '../ids.ts'
import type { Resource, World } from '../kernel.ts'
import { keysOf, refuse } from './devices.ts'

/** A linked hub as the DPS shows it: the key masked. */
interface Shown {
  readonly name?: string
  readonly connectionString: string
  readonly location: string
  readonly applyAllocationPolicy?: boolean
  readonly allocationWeight?: number
}

/** A linked hub as the DPS knows it. */
export interface Link extends Shown {
  readonly name: string
  readonly policy: string
  readonly key: string
}

/** Contract 3. */
const MOST = 50
const MASK = '****'

export function linksOf(dps: Resource): readonly Link[] {
  return (dps.secret.links ?? []) as readonly Link[]
}

export function show({ name, policy, key: _secret, ...rest }: Link): Shown {
  return {
    ...rest,
    name,
    connectionString: `HostName=${name};SharedAccessKeyName=${policy};SharedAccessKey=${MASK}`
  }
}

/** The hub that answers under a host name. */
export function hubAt(world: World, hostName: string): Resource | undefined {
  return [...world.resources.values()].find(
    ({ id, body }) =>
      /\/iothubs\/[^/]+$/i.test(id) &&
      key((body.properties as { hostName?: string })?.hostName ?? '') === key(hostName)
  )
}

/** True while the hub exists and still has the key that the link was made with. */
export function isAlive(world: World, link: Link): boolean {
  const hub = hubAt(world, link.name)
  return (
    hub !== undefined &&
    keysOf(hub).some(
      ({ keyName, primaryKey, secondaryKey }) =>
        keyName === link.policy && (primaryKey === link.key || secondaryKey === link.key)
    )
  )
}

/**
 * The links that a PUT asks for. A masked key stands for the one that is known, whatever became of the hub since; a key in
 * the clear is tried on the hub.
 */
export function readLinks(
  world: World,
  stored: readonly Link[],
  wanted: readonly Shown[]
): readonly Link[] {
  if (wanted.length > MOST) throw refuse(400, '400021', `At most ${MOST} IoT hubs can be linked.`)
  const links = wanted.map((entry) => {
    const fields = new Map(
      entry.connectionString.split(';').map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at), pair.slice(at + 1)]
      })
    )
    const name = fields.get('HostName') ?? ''
    const policy = fields.get('SharedAccessKeyName') ?? ''
    const secret = fields.get('SharedAccessKey') ?? ''
    const known = stored.find((link) => key(link.name) === key(name))
    if (secret === MASK) {
      if (known) return { ...known, ...entry, name: known.name }
      throw refuse(
        400,
        '400022',
        `The IoT hub '${name}' is not linked, so its key cannot be masked.`
      )
    }
    const link: Link = { ...entry, name, policy, key: secret }
    if (!isAlive(world, link)) {
      throw refuse(400, '400020', `The connection string of IoT hub '${name}' does not work.`)
    }
    return link
  })
  const names = links.map(({ name }) => key(name))
  if (new Set(names).size < names.length) {
    throw refuse(400, '400023', 'An IoT hub is listed twice.')
  }
  return links
}
