import { type AnyStep, GivenUp, type See, type Step } from './step.ts'

/** What Azure has accepted and not finished, while a plan is carried out. */
export class Beginnings {
  readonly #facts = new Map<AnyStep, unknown>()
  /** Of what is being worked on, whether it comes about. */
  readonly #ends = new Map<AnyStep, Promise<boolean>>()
  #waiting: (() => void)[] = []

  /** A step that is being worked on. @returns its work */
  follow(step: AnyStep, work: Promise<void>): Promise<void> {
    const end = work.then(
      () => true,
      () => false
    )
    this.#ends.set(step, end)
    void end.then(() => this.#tell())
    return work
  }

  #tell(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  begin(step: AnyStep, facts: unknown): void {
    this.#facts.set(step, facts)
    this.#tell()
  }

  has(step: AnyStep): boolean {
    return this.#facts.has(step)
  }

  /** Resolves with the next beginning or end, and when more is told of what has begun. */
  readonly changed = (): Promise<void> =>
    new Promise((resolve) => {
      this.#waiting.push(resolve)
    })

  /** The end of a step that is being worked on; undefined of any other one. Rejected with GivenUp when it fails. */
  endOf(step: AnyStep): Promise<void> | undefined {
    return this.#ends.get(step)?.then((cameAbout) => {
      if (!cameAbout) throw new GivenUp(`${step.id} failed`)
    })
  }

  /** What a step sees: of what it only needs begun, and what has not ended, what was told at the beginning. */
  seenBy(step: AnyStep, see: See, ended: { has(step: AnyStep): boolean }): See {
    const { begins = [] } = step
    return <F>(other: Step<F>): F =>
      begins.includes(other) && this.#facts.has(other) && !ended.has(other)
        ? (this.#facts.get(other) as F)
        : see(other)
  }
}
