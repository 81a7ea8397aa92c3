import type { Watch } from '../engine/applyPlan.ts'
import type { AnyStep } from '../engine/step.ts'
import type { Log } from './log.ts'
import { nameOf, resultText, seconds } from './text.ts'

/** The first sign of life comes soon, the next ones often enough that nobody takes a long creation for a hang. */
const FIRST_MS = 15_000
const EVERY_MS = 30_000

interface Running {
  readonly since: number
  waitingFor: string | undefined
}

/** Tells the log of steps that end, and now and then of those that still run. */
export class Progress implements Watch {
  readonly #log: Log
  readonly #elapsed: () => number
  readonly #running = new Map<AnyStep, Running>()
  #spokeAt: number | undefined

  constructor(log: Log, elapsed: () => number) {
    this.#log = log
    this.#elapsed = elapsed
  }

  started(step: AnyStep): void {
    this.#running.set(step, { since: this.#elapsed(), waitingFor: undefined })
  }

  waiting(step: AnyStep, waitingFor: string): void {
    const running = this.#running.get(step)
    if (running) running.waitingFor = waitingFor
  }

  ended(result: Parameters<Watch['ended']>[0]): void {
    this.#running.delete(result.step)
    this.#log.info(resultText(result))
    this.#spokeAt = this.#elapsed()
  }

  /** To be called often; speaks rarely. */
  tick(): void {
    if (this.#running.size === 0) return
    const now = this.#elapsed()
    const oldest = Math.min(...[...this.#running.values()].map(({ since }) => since))
    const due = Math.max(oldest + FIRST_MS, (this.#spokeAt ?? -EVERY_MS) + EVERY_MS)
    if (now < due) return
    this.#spokeAt = now
    this.#log.info(`still running: ${this.summary()}`)
  }

  /** What runs, since when, and what it waits for. */
  summary(): string {
    const now = this.#elapsed()
    return [...this.#running]
      .map(([step, { since, waitingFor }]) => {
        const waiting = waitingFor === undefined ? '' : `, waiting for ${waitingFor}`
        return `${step.kind} ${nameOf(step.resource)} for ${seconds(now - since)}${waiting}`
      })
      .join('; ')
  }
}
