import { type AnyStep, GivenUp, type See, type Step } from './step.ts'

/** What Azure has accepted and not finished, while a plan is carried out. */
export class Beginnings {
  readonly #facts = new Map<AnyStep, unknown>()
  /** Of these, what looks finished. */
  readonly #shown = new Set<AnyStep>()
  /** Of what all is known: what is told of it after that is late. */
  readonly #known = new Set<AnyStep>()
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

  /** @param isShown it looks finished although its operation has not ended */
  begin(step: AnyStep, facts: unknown, isShown = false): void {
    if (this.#known.has(step)) return
    this.#facts.set(step, facts)
    if (isShown) this.#shown.add(step)
    this.#tell()
  }

  /** What was told of it so far is no longer the latest. */
  forget(step: AnyStep): void {
    this.#known.add(step)
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

  /** The end of what a step needs and is only shown as finished, if anything. Rejected with GivenUp when it fails. */
  endOfShown({ needs }: AnyStep): Promise<unknown> | undefined {
    const shown = needs.filter((other) => this.#shown.has(other))
    return shown.length === 0 ? undefined : Promise.all(shown.map((step) => this.endOf(step)))
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

  /** What a step sees: of what has not come about, and need not have, what was told so far. */
  seenBy({ begins = [] }: AnyStep, see: See): See {
    return <F>(other: Step<F>): F =>
      this.#shown.has(other) || (begins.includes(other) && this.#facts.has(other))
        ? (this.#facts.get(other) as F)
        : see(other)
  }
}
