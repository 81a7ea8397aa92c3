import { type AnyStep, allNeeds, GivenUp, type See, type Step } from './step.ts'

/** What Azure has accepted and not finished, while a plan is carried out. */
export class Beginnings {
  readonly #facts = new Map<AnyStep, unknown>()
  /** Of these, what Azure shows as finished. */
  readonly #usable = new Set<AnyStep>()
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

  /** Accepted by Azure, which told so much of it. */
  begin(step: AnyStep, facts: unknown): void {
    this.#facts.set(step, facts)
    this.#tell()
  }

  /** Begun, and shown as finished by Azure, although its operation has not ended. */
  show(step: AnyStep, facts: unknown): void {
    this.#usable.add(step)
    this.begin(step, facts)
  }

  /** Whether a step can start before another one that it needs has ended. */
  isEnough(step: AnyStep, other: AnyStep): boolean {
    const { begins = [] } = step
    return this.#usable.has(other) || (begins.includes(other) && this.#facts.has(other))
  }

  /** What a step stands on that is only shown as finished. */
  openUnder(step: AnyStep, ended: { has(step: AnyStep): boolean }): readonly AnyStep[] {
    return [...allNeeds(step)].filter((other) => this.#usable.has(other) && !ended.has(other))
  }

  /** Resolves with the next beginning or end, and when more is told of what has begun. */
  readonly changed = (): Promise<void> =>
    new Promise((resolve) => {
      this.#waiting.push(resolve)
    })

  /** Resolves with the end of a step, to whether it came about; undefined of one that is not worked on. */
  endOf(step: AnyStep): Promise<boolean> | undefined {
    return this.#ends.get(step)
  }

  /** Until a step has ended or is shown as finished; undefined when it is, or is not worked on. Rejected with GivenUp when it fails. */
  untilUsable(step: AnyStep): Promise<void> | undefined {
    const end = this.#ends.get(step)
    if (end === undefined || this.#usable.has(step)) return undefined
    const wait = async (): Promise<void> => {
      const cameAbout = await Promise.race([end, this.changed()])
      if (cameAbout === false) throw new GivenUp(`${step.id} failed`)
      if (cameAbout === undefined && !this.#usable.has(step)) await wait()
    }
    return wait()
  }

  /** What a step sees: of what has not ended, and need not have, what was told so far. */
  seenBy(step: AnyStep, see: See, ended: { has(step: AnyStep): boolean }): See {
    return <F>(other: Step<F>): F =>
      this.isEnough(step, other) && !ended.has(other) ? (this.#facts.get(other) as F) : see(other)
  }
}
