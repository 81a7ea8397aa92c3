import { ArmError } from './armError.ts'
import type { Bucket, Config } from './config.ts'
import type { Caller, Clock } from './kernel.ts'

type Kind = keyof Config['throttle']

/** Azure Resource Manager's throttling: a token bucket for each principal and kind of request (contract 2.5). */
export class Throttle {
  readonly #clock: Clock
  readonly #bucket: (kind: Kind) => Bucket
  readonly #levels = new Map<string, { tokens: number; at: number }>()

  constructor(clock: Clock, bucket: (kind: Kind) => Bucket) {
    this.#clock = clock
    this.#bucket = bucket
  }

  /**
   * Takes a token.
   *
   * @returns the header that tells how many are left
   * @throws ArmError 429 with the seconds until there is one again
   */
  take(method: string, caller: Caller | undefined): Readonly<Record<string, string>> {
    const kind = kindOf(method)
    const { capacity, perSecond } = this.#bucket(kind)
    const now = this.#clock.now()
    const name = `${caller?.objectId}/${kind}`
    const { tokens, at } = this.#levels.get(name) ?? { tokens: capacity, at: now }
    const filled = Math.min(capacity, tokens + ((now - at) / 1000) * perSecond)
    const header = `x-ms-ratelimit-remaining-subscription-${kind}`
    if (filled < 1) {
      this.#levels.set(name, { tokens: filled, at: now })
      const seconds = Math.max(1, Math.ceil((1 - filled) / perSecond))
      throw new ArmError(
        429,
        'SubscriptionRequestsThrottled',
        `Number of '${kind}' requests for the subscription exceeded the limit of '${capacity}'. Please try again after '${seconds}' seconds.`,
        { headers: { 'retry-after': String(seconds), [header]: '0' } }
      )
    }
    this.#levels.set(name, { tokens: filled - 1, at: now })
    return { [header]: String(Math.floor(filled - 1)) }
  }

  /** All buckets are full again. */
  reset(): void {
    this.#levels.clear()
  }
}

function kindOf(method: string): Kind {
  if (method === 'GET' || method === 'HEAD') return 'reads'
  return method === 'DELETE' ? 'deletes' : 'writes'
}
