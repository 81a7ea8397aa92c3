import { key } from './ids.ts'
import type { Call, Clock, Reply, World } from './kernel.ts'
import { LATE_VALUES, type Lateness } from './lateValues.ts'
import { bornAt } from './world.ts'

const HUB_KEYS = /^(.*\/iothubs\/[^/]+)\/(iothubkeys\/[^/]+\/)?listkeys$/i
const STATUS =
  /\/((?:async)?operationStatuses|operationResults|provisioningserviceoperationresults)\//i

/** Takes out of answers what Azure tells late. */
export class Late {
  readonly #clock: Clock
  readonly #world: World
  readonly #lateness: () => Lateness
  readonly #asked = new Map<string, number>()

  constructor(clock: Clock, world: World, lateness: () => Lateness) {
    this.#clock = clock
    this.#world = world
    this.#lateness = lateness
  }

  /** To be called when the settings change. */
  reset(): void {
    this.#asked.clear()
  }

  said({ method, url }: Call, reply: Reply): Reply {
    const late = this.#lateness()
    if (Object.keys(late).length === 0 || reply.status >= 300) return reply
    const hub = HUB_KEYS.exec(url.pathname)?.[1]
    if (hub !== undefined && this.#isLate('hubKeys', this.#firstTold(hub, 'keys')))
      return notYet('404001', 'The keys of the IoT hub could not be found.')
    const isStatus = STATUS.test(url.pathname)
    const asked = this.#firstAsked(`${method} ${url.hostname}${key(url.pathname)}`)
    if (isStatus && this.#isLate('operationStatus', asked))
      return notYet('NotFound', 'The operation could not be found.')
    if (!isStatus && method === 'GET' && this.#isLate('body', asked))
      return { status: 200, headers: reply.headers ?? {} }
    return { ...reply, body: this.#without(reply.body) }
  }

  /** What is made again under the same id is another resource. */
  #firstTold(id: string, part = 'all'): number {
    return this.#firstAsked(`${part} of ${key(id)}, born ${bornAt(this.#world, id)}`)
  }

  #firstAsked(question: string): number {
    const first = this.#asked.get(question) ?? this.#clock.now()
    this.#asked.set(question, first)
    return first
  }

  #isLate(value: keyof Lateness, since: number): boolean {
    return this.#clock.now() < since + (this.#lateness()[value] ?? 0)
  }

  #without(body: unknown): unknown {
    if (typeof body !== 'object' || body === null) return body
    const copy = structuredClone(body) as { id?: unknown; value?: unknown }
    for (const resource of Array.isArray(copy.value) ? copy.value : [copy]) this.#hideIn(resource)
    return copy
  }

  #hideIn(resource: unknown): void {
    const { id } = (resource ?? {}) as { id?: unknown }
    if (typeof id !== 'string') return
    for (const [value, [type, ...path]] of Object.entries(LATE_VALUES)) {
      const since = this.#firstTold(id)
      if (!type.test(key(id)) || !this.#isLate(value as keyof Lateness, since)) continue
      const last = path.at(-1) ?? ''
      const owner = path
        .slice(0, -1)
        .reduce<unknown>((inner, name) => (inner as Record<string, unknown>)?.[name], resource)
      if (typeof owner === 'object' && owner !== null) Object.assign(owner, { [last]: null })
    }
  }
}

function notYet(code: string, message: string): Reply {
  return { status: 404, body: { error: { code, message } } }
}
