import type { Watch } from '../engine/applyPlan.ts'
import type { AnyStep } from '../engine/step.ts'
import type { Log } from './log.ts'
import { nameOf, resultLine, spent } from './text.ts'

/** The first sign of life comes soon, the next ones often enough that nobody takes a long creation for a hang, and no more. */
const FIRST_MS = 15_000
const EVERY_MS = 60_000

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
    const { text, tone } = resultLine(result)
    this.#log.info(text, tone)
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
    this.#log.info(`still running  ${this.#brief(now)}`, 'aside')
  }

  /** What runs, since when, and what it waits for. */
  summary(): string {
    const now = this.#elapsed()
    return [...this.#running]
      .map(([step, { since, waitingFor }]) => {
        const waiting = waitingFor === undefined ? '' : `, waiting for ${itIn(waitingFor, step)}`
        return `${step.kind} ${nameOf(step.resource)} for ${spent(now - since)}${waiting}`
      })
      .join('; ')
  }

  /** The same in short words: names only where several of a kind run. */
  #brief(now: number): string {
    const kinds = [...this.#running.keys()].map(({ kind }) => kind)
    return [...this.#running]
      .map(([step, { since, waitingFor }]) => {
        const several = kinds.filter((kind) => kind === step.kind).length > 1
        const what = several ? `${step.kind} ${nameOf(step.resource)}` : step.kind
        const waiting = waitingFor === undefined ? '' : `: ${itIn(waitingFor, step)}`
        return `${what} (${spent(now - since)}${waiting})`
      })
      .join(', ')
  }
}

/** The kind was just named. */
function itIn(waitingFor: string, { kind }: AnyStep): string {
  return waitingFor.endsWith(` ${kind}`) ? `${waitingFor.slice(0, -kind.length)}it` : waitingFor
}
