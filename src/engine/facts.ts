import type { AnyStep, See, Step } from './step.ts'
import { walk } from './walk.ts'

/** What is known of every step's resource, newest knowledge only. */
export class Facts {
  readonly #known = new Map<AnyStep, unknown>()

  readonly see: See = <F>(step: Step<F>): F => {
    if (!this.#known.has(step)) throw new Error(`${step.id} was looked at before it was observed`)
    return this.#known.get(step) as F
  }

  has(step: AnyStep): boolean {
    return this.#known.has(step)
  }

  learn<F>(step: Step<F>, facts: F): void {
    this.#known.set(step, facts)
  }
}

/**
 * Observes all steps, as many at once as allowed. What was learned before a failure stays in `facts`, so that outputs
 * which are known can still be emitted.
 *
 * @throws the first failure
 */
export async function observe(
  steps: readonly AnyStep[],
  facts: Facts,
  options: { readonly concurrency: number; readonly signal: AbortSignal }
): Promise<void> {
  const { errors } = await walk(
    steps,
    async (step) => facts.learn(step, await step.observe(facts.see, options.signal)),
    { ...options, before: (step) => step.reads ?? [] }
  )
  for (const error of errors.values()) throw error
  options.signal.throwIfAborted()
}
