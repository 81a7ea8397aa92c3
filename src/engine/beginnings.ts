import { type AnyStep, GivenUp, type See, type Step } from './step.ts'

/** What Azure has accepted and not finished, while a plan is carried out. */
export class Beginnings {
  readonly #facts = new Map<AnyStep, unknown>()
  /** Of these, what looks finished. */
  readonly #shown = new Set<AnyStep>()
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

  /** It has begun, and looks finished although its operation has not ended. */
  show(step: AnyStep, facts: unknown): void {
    this.#shown.add(step)
    this.begin(step, facts)
  }

  /** It has come about: what was told before is no longer the latest of it. */
  forget(step: AnyStep): void {
    this.#facts.delete(step)
    this.#shown.delete(step)
  }

  /** Whether a step can start before another one that it needs has ended. @param creates whether it is to create something */
  isEnough(step: AnyStep, other: AnyStep, creates: boolean): boolean {
    const { begins = [], createsEarly = false } = step
    return createsEarly && creates
      ? this.#shown.has(other)
      : begins.includes(other) && this.#facts.has(other)
  }

  /** Of what a step needs, that which is only shown as finished. */
  shownTo({ needs }: AnyStep): readonly AnyStep[] {
    return needs.filter((other) => this.#shown.has(other))
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

  /** The ends of several; undefined of none. Rejected with GivenUp when one fails. */
  endsOf(steps: readonly AnyStep[]): Promise<unknown> | undefined {
    return steps.length === 0 ? undefined : Promise.all(steps.map((step) => this.endOf(step)))
  }

  /** What a step sees: of what has not come about, and need not have, what was told so far. */
  seenBy({ begins = [] }: AnyStep, see: See): See {
    return <F>(other: Step<F>): F =>
      this.#shown.has(other) || (begins.includes(other) && this.#facts.has(other))
        ? (this.#facts.get(other) as F)
        : see(other)
  }
}
