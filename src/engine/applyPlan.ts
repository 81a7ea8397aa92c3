import { Beginnings } from './beginnings.ts'
import type { Facts } from './facts.ts'
import { ofStep } from './oddShape.ts'
import {
  type AnyStep,
  GivenUp,
  type PlanItem,
  Stays,
  type StepResult,
  type Task,
  type Waiting
} from './step.ts'
import { isDue, isWork, type Outcome, VERDICTS, type Verdict } from './verdict.ts'
import { walk } from './walk.ts'

/** Hears how the work goes on; the report listens. */
export interface Watch {
  started(step: AnyStep): void
  /** What a running step waits for; replaces what it said before. */
  waiting(step: AnyStep, waitingFor: string): void
  ended(result: StepResult): void
}

export interface ApplyOptions {
  readonly signal: AbortSignal
  readonly watch: Watch
  /** Milliseconds since the run began. */
  readonly elapsed: () => number
}

/** What is done for a step, and what goes before it. */
export interface Choreography {
  /** @returns the facts afterwards, nothing when they are not known, or why it stays */
  readonly act: (step: AnyStep, task: Task<unknown>) => Promise<unknown>
  readonly before: (step: AnyStep) => readonly AnyStep[]
}

const BUILD: Choreography = {
  act: (step, task) => step.apply(task),
  before: (step) => step.needs
}

/**
 * Carries out the work of a plan, independent steps side by side. A failure lets running steps finish and starts
 * nothing new.
 *
 * @returns a result for every item, in the plan's order
 */
export async function applyPlan(
  items: readonly PlanItem[],
  facts: Facts,
  options: ApplyOptions,
  { act, before }: Choreography = BUILD
): Promise<readonly StepResult[]> {
  const due = new Map<AnyStep, Verdict>()
  for (const { step, verdict } of items) if (isDue(verdict)) due.set(step, verdict)
  const results = new Map<AnyStep, StepResult>()
  const beginnings = new Beginnings()

  const visit = async (step: AnyStep) => {
    const startedAt = options.elapsed()
    const end = (outcome: Outcome, why: { error?: Error; stays?: string } = {}) => {
      const result = { step, outcome, startedAt, endedAt: options.elapsed(), ...why }
      results.set(step, result)
      options.watch.ended(result)
    }
    options.watch.started(step)
    const shownEnd = beginnings.endOfShown(step)
    // Its failure is told by the step that failed.
    const below = shownEnd?.catch(() => {})
    try {
      const waiting = (): Waiting<unknown> => ({
        facts: facts.see(step),
        see: beginnings.seenBy(step, facts.see),
        signal: options.signal,
        progress: (waitingFor) => options.watch.waiting(step, waitingFor)
      })
      const planned = due.get(step) as Verdict
      const verdict = planned.action === 'await' ? await judgeLate(step, facts, waiting()) : planned
      const only = planned.action === 'await' && planned.only
      if (only || !isWork(verdict)) return end('waited')
      const learned = await act(step, {
        ...waiting(),
        verdict,
        begun: (known) => beginnings.begin(step, known),
        shown: (known) => beginnings.begin(step, known, true),
        shownEnd,
        underWay: (other) => (results.has(other) ? undefined : beginnings.endOf(other)),
        news: beginnings.changed
      })
      if (learned instanceof Stays) return end('left', { stays: learned.reason })
      if (learned !== undefined) facts.learn(step, learned)
      beginnings.forget(step)
      if (below !== undefined) {
        options.watch.waiting(step, 'what it needs to be done')
        await below
      }
      end(VERDICTS[verdict.action].outcome)
    } catch (error) {
      // The failure that it waited for is told by the step that failed.
      if (error instanceof GivenUp) {
        end('not started')
        throw error
      }
      const failure = ofStep(step, error)
      end(step.optional && !options.signal.aborted ? 'skipped' : 'failed', { error: failure })
      if (!step.optional) throw failure
      beginnings.forget(step)
    }
  }

  const start = (step: AnyStep) => beginnings.follow(step, visit(step))
  await walk([...due.keys()], start, {
    ...options,
    before,
    enough: (step, other) => beginnings.isEnough(step, other, due.get(step)?.action === 'create'),
    changed: beginnings.changed
  })
  const now = options.elapsed()
  return items.map(({ step, verdict }) => {
    const outcome = due.has(step) ? 'not started' : VERDICTS[verdict.action].outcome
    return results.get(step) ?? { step, outcome, startedAt: now, endedAt: now }
  })
}

/** Waits until a step can be judged. @returns what is to be done then */
async function judgeLate(step: AnyStep, facts: Facts, waiting: Waiting<unknown>): Promise<Verdict> {
  facts.learn(step, await (step.wait?.(waiting) ?? step.observe(facts.see, waiting.signal)))
  const verdict = step.judge(facts.see(step), facts.see)
  if (verdict.action === 'cannot') {
    throw new Error(verdict.problems.map(({ what, advice }) => `${what}. ${advice}`).join('\n'))
  }
  if (verdict.action === 'await') {
    throw new Error(
      `${step.kind} ${step.resource} was waited for, and is still not ready (${verdict.reason}). Run again in a few minutes.`
    )
  }
  return verdict
}
