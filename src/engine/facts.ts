import { ofStep } from './oddShape.ts'
import type { AnyStep, See, Step } from './step.ts'
import { walk } from './walk.ts'

/** What is known of every step's resource, newest knowledge only. */
export class Facts {
  readonly #known = new Map<AnyStep, unknown>()

  readonly see: See = <F>(step: Step<F>): F => {
    if (!this.#known.has(step)) throw new Error(`${step.id} was looked at before it was observed`)
    return this.#known.get(step) as F
  }

  readonly has = (step: AnyStep): boolean => this.#known.has(step)

  learn<F>(step: Step<F>, facts: F): void {
    this.#known.set(step, facts)
  }
}

/**
 * Observes all steps, each once those are known that it looks at. What was learned before a failure stays in `facts`, so that
 * outputs which are known can still be emitted. A step that nothing wanted needs may fail: then it is not known.
 *
 * @throws the first failure that matters
 */
export async function observe(
  steps: readonly AnyStep[],
  facts: Facts,
  options: {
    readonly signal: AbortSignal
    /** What has to be done with the facts; every step matters when absent. */
    readonly wanted?: (step: AnyStep) => boolean
    /** Nothing is going to be written: what a step may not see, it may leave unseen. */
    readonly looks?: boolean
  }
): Promise<void> {
  const { wanted = () => true } = options
  const matters = withWhatTheyNeed(steps.filter(wanted))
  const unknown = new Set<AnyStep>()
  const { errors } = await walk(
    steps,
    async (step) => {
      if (step.reads?.some((other) => unknown.has(other))) return void unknown.add(step)
      try {
        facts.learn(step, await step.observe(facts.see, options.signal))
      } catch (caught) {
        const error = ofStep(step, caught)
        const unseen = options.looks ? step.unseen?.(error) : undefined
        if (unseen !== undefined) return facts.learn(step, unseen)
        if (matters.has(step) || options.signal.aborted) throw error
        unknown.add(step)
      }
    },
    { ...options, before: (step) => step.reads ?? [] }
  )
  for (const error of errors.values()) throw error
  options.signal.throwIfAborted()
}

function withWhatTheyNeed(steps: readonly AnyStep[]): ReadonlySet<AnyStep> {
  const found = new Set<AnyStep>()
  const add = (step: AnyStep) => {
    if (found.has(step)) return
    found.add(step)
    for (const other of [...step.needs, ...(step.reads ?? [])]) add(other)
  }
  for (const step of steps) add(step)
  return found
}
