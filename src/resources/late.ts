import { retryWhile } from '../azure/http/wait.ts'
import type { Time } from '../azure/time.ts'
import type { AnyStep, See } from '../engine/step.ts'
import { BUDGETS } from './budgets.ts'

/** Something that Azure tells of a resource only some time after the resource is there. */
export interface Late {
  /** As in `its ID scope`. */
  readonly value: string
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  readonly id: string
  /** What there is to do when running again does not help, unless it is the resource that is to be looked at. */
  readonly remedy?: string
}

/** Azure has not told a value in the time that it takes as a rule. */
export class LateError extends Error {
  readonly value: string

  constructor({ value, kind, id, remedy = lookAt(id) }: Late, cause?: unknown) {
    super(
      [
        `Azure has not told ${value} of ${kind} ${id} within a minute.`,
        ...(cause instanceof Error ? [`It said: ${cause.message}`] : []),
        `What to do: run again, which goes on from here. If Azure still does not tell it, ${remedy} and run again.`
      ].join('\n'),
      { cause }
    )
    this.name = 'LateError'
    this.value = value
  }
}

function lookAt(id: string): string {
  return `look at the activity log of ${id} in the portal; if nothing in it is needed, delete it with \`az resource delete --ids ${id}\``
}

/**
 * Asks until Azure tells the value.
 *
 * @param ask throws a LateError while it does not
 * @throws that error once a minute has passed
 */
export function untilTold<T>(
  ask: () => Promise<T>,
  {
    time,
    signal,
    progress
  }: {
    readonly time: Time
    readonly signal: AbortSignal
    readonly progress: (waitingFor: string) => void
  }
): Promise<T> {
  return retryWhile(ask, {
    ...BUDGETS.late,
    when: (error) => error instanceof LateError,
    notify: (error) => error instanceof LateError && progress(waitingFor(error.value)),
    time,
    signal
  })
}

/** In words that follow `waiting for`. */
export function waitingFor(value: string): string {
  return `Azure to tell ${value}`
}

/** Pure: what one of these steps waits for; undefined when none does. Whatever is told of it may be told late. */
export function awaited(steps: readonly AnyStep[], see: See): string | undefined {
  for (const step of steps) {
    const verdict = step.judge(see(step), see)
    const late = verdict.action === 'await' ? verdict.reason : step.late?.(see(step))
    if (late !== undefined) return `${step.kind}: ${late}`
  }
  return undefined
}
