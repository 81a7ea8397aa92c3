import type { AnyStep } from './step.ts'

export interface WalkOptions {
  /** Which steps go before a step. Steps outside the walk count as done. */
  readonly before: (step: AnyStep) => readonly AnyStep[]
  /** Whether it is enough for a step that another one has begun; never when absent. */
  readonly enough?: (step: AnyStep, begun: AnyStep) => boolean
  /** Resolves when that may have changed. */
  readonly changed?: () => Promise<void>
  /** Once aborted, nothing new is started. */
  readonly signal: AbortSignal
}

/**
 * Visits each step once those before it are done, as many at a time as there are. After a failed visit nothing new starts,
 * while running visits are waited for.
 *
 * @returns the errors of failed visits by step; steps that were never started are not among `visited`.
 */
export async function walk(
  steps: readonly AnyStep[],
  visit: (step: AnyStep) => Promise<void>,
  options: WalkOptions
): Promise<{ visited: ReadonlySet<AnyStep>; errors: ReadonlyMap<AnyStep, Error> }> {
  const members = new Set(steps)
  const waiting = new Set(steps)
  const done = new Set<AnyStep>()
  const running = new Map<AnyStep, Promise<void>>()
  const errors = new Map<AnyStep, Error>()

  const ready = (step: AnyStep) =>
    options
      .before(step)
      .every(
        (other) => done.has(other) || !members.has(other) || options.enough?.(step, other) === true
      )

  const start = (step: AnyStep) => {
    waiting.delete(step)
    running.set(
      step,
      visit(step)
        .then(() => void done.add(step))
        .catch((error: unknown) => {
          errors.set(step, error instanceof Error ? error : new Error(String(error)))
        })
        .finally(() => void running.delete(step))
    )
  }

  for (;;) {
    if (errors.size === 0 && !options.signal.aborted) {
      for (const step of [...waiting]) {
        if (ready(step)) start(step)
      }
    }
    if (running.size === 0) break
    await Promise.race([...running.values(), ...(options.changed ? [options.changed()] : [])])
  }
  if (waiting.size > 0 && errors.size === 0 && !options.signal.aborted) {
    throw new Error(`steps wait for each other: ${[...waiting].map((step) => step.id).join(', ')}`)
  }
  return { visited: new Set([...done, ...errors.keys()]), errors }
}
