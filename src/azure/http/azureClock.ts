import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline'
import type { Time } from '../time.ts'

/** Further off than this, what a machine reckons by its own clock no longer fits what Azure does. */
const TOLERABLE_MS = 2 * 60_000

/** Azure's clock, by the `Date` of its answers. */
export class AzureClock {
  readonly #time: Pick<Time, 'now'>
  readonly #warn: (text: string) => void
  /** Milliseconds by which Azure's clock is ahead of ours; undefined while it has not told. */
  #ahead: number | undefined
  #warned = false

  /** @param warn told once when the clock of this machine is wrong */
  constructor(time: Pick<Time, 'now'>, warn: (text: string) => void) {
    this.#time = time
    this.#warn = warn
  }

  /** Azure's time in milliseconds since 1970; undefined while no answer has told it. */
  now(): number | undefined {
    return this.#ahead === undefined ? undefined : this.#time.now() + this.#ahead
  }

  /** @param sent our time when the request was sent: what Azure tells between that and now is no difference */
  hear({ headers }: PipelineResponse, sent: number): void {
    const told = Date.parse(headers.get('date') ?? '')
    // What stands between has a clock of its own.
    if (Number.isNaN(told) || !headers.has('x-ms-request-id')) return
    const received = this.#time.now()
    this.#ahead = told < sent ? told - sent : Math.max(0, told - received)
    if (Math.abs(this.#ahead) > TOLERABLE_MS && !this.#warned) {
      this.#warned = true
      this.#warn(warning(this.#ahead, told))
    }
  }
}

function warning(ahead: number, told: number): string {
  const minutes = Math.round(Math.abs(ahead) / 60_000)
  const side = ahead > 0 ? 'behind' : 'ahead of'
  const there = new Date(told).toISOString().slice(0, 19).replace('T', ' ')
  return `The clock of this machine is ${minutes} minutes ${side} Azure's, where it is ${there} UTC. This run signs by Azure's clock and continues; correct the machine's all the same (\`timedatectl set-ntp true\`), other tools do not.`
}

/** Listens to every answer. */
export function clockPolicy(clock: AzureClock, time: Time): PipelinePolicy {
  return {
    name: 'provisionClockPolicy',
    async sendRequest(request, next) {
      const sent = time.now()
      const response = await next(request)
      clock.hear(response, sent)
      return response
    }
  }
}
