import type { AnyStep } from './step.ts'

/** What came was in a shape that nothing here expects: the last resort, for what no reader of answers has noticed. */
export class OddShapeError extends Error {
  constructor({ kind, resource }: AnyStep, cause: Error) {
    super(
      [
        `${kind} ${resource}: Azure answered in a shape that this release does not know (${cause.message}).`,
        'What to do: run again. If it persists, use a newer release, or run with debug logging (set the secret or variable ACTIONS_STEP_DEBUG to true) and open an issue with that log.'
      ].join('\n'),
      { cause }
    )
    this.name = 'OddShapeError'
  }
}

/** An error as it is told of a step: JavaScript's own of a value that is not there, or is another than it should be, explain nothing. */
export function ofStep(step: AnyStep, error: unknown): Error {
  if (error instanceof TypeError || error instanceof RangeError)
    return new OddShapeError(step, error)
  return error instanceof Error ? error : new Error(String(error))
}

/** @returns what is found out about a step by looking at what Azure answered @throws OddShapeError */
export function looking<T>(step: AnyStep, look: () => T): T {
  try {
    return look()
  } catch (error) {
    throw ofStep(step, error)
  }
}
