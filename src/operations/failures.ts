import type { Checked } from '../engine/checkPlan.ts'
import { problems } from '../engine/plan.ts'
import type { Plan, StepResult } from '../engine/step.ts'
import type { Problem } from '../engine/verdict.ts'
import type { LastAzureActivity } from '../report/lastAzureActivity.ts'
import { checkText } from '../report/text.ts'
import type { Obstruction } from '../resources/locks.ts'

/** What stops the plan: nothing was written. */
export class PlanError extends Error {
  constructor(plan: Plan) {
    const found = problems(plan)
    super(
      [
        `Nothing was changed, because ${found.length === 1 ? 'one thing has' : `${found.length} things have`} to be settled first:`,
        ...found.flatMap(({ what, advice }, index) => [`${index + 1}. ${what}.`, `   ${advice}`])
      ].join('\n')
    )
    this.name = 'PlanError'
  }
}

/** The plan is not empty, or is not known to be, and `fail-on-drift` asks for that to be a failure. */
export class DriftError extends Error {
  constructor(changes: number, unseen: readonly Problem[]) {
    const drift = `Azure differs from the inputs in ${changes} ${changes === 1 ? 'place' : 'places'}, listed in the plan above (input \`fail-on-drift\`). Run \`operation: apply\` to mend it, or change the inputs to what is there.`
    super(
      [
        ...(changes > 0 ? [drift] : []),
        ...(unseen.length > 0
          ? ['Whether Azure differs is not known everywhere (input `fail-on-drift`):']
          : []),
        ...unseen.map(({ what, advice }) => `- ${what}. ${advice}`)
      ].join('\n')
    )
    this.name = 'DriftError'
  }
}

/** The plan is not the one that was approved: nothing was written. */
export class OtherPlanError extends Error {
  /** @param texts of the plan as it is now, one for each step */
  constructor(expected: string, found: string, texts: readonly string[]) {
    super(
      [
        `The plan is not the one that was approved: input \`expected-plan\` is ${expected}, and the plan now is ${found}. Nothing was written. Since the approval, Azure or the inputs have changed; what would be done now:`,
        ...texts.filter((text) => !/^ {2}[=.?]/.test(text)),
        'What to do: run `operation: plan` again, compare it with the one that was approved, and approve the new `plan-digest`.'
      ].join('\n')
    )
    this.name = 'OtherPlanError'
  }
}

/** Something that has to hold does not. */
export class VerifyError extends Error {
  constructor(failed: readonly Checked[]) {
    const broken = failed.filter(({ unchecked }) => !unchecked)
    const unchecked = failed.filter((check) => check.unchecked)
    super(
      [
        ...told(broken, 'check does not hold', 'checks do not hold'),
        ...told(unchecked, 'check could not be made', 'checks could not be made')
      ].join('\n')
    )
    this.name = 'VerifyError'
  }
}

function told(checks: readonly Checked[], one: string, many: string): readonly string[] {
  if (checks.length === 0) return []
  return [`${checks.length} ${checks.length === 1 ? one : many}:`, ...checks.map(checkText)]
}

/** Something that is to be destroyed is locked: nothing was removed. */
export class LockedError extends Error {
  constructor(locks: readonly Obstruction[]) {
    const ids = [...new Set(locks.map(({ lock }) => lock))]
    super(
      [
        'Nothing was removed, because of what is locked:',
        ...locks.map(({ lock, level, on }) => `- ${on.kind} ${on.resource}, by ${lock} (${level})`),
        `What to do: to remove it all the same, delete the lock with \`az lock delete --ids ${ids.join(' ')}\`, and run again.`
      ].join('\n')
    )
    this.name = 'LockedError'
  }
}

/** The run is out of time; says what it was waiting for. */
export class DeadlineError extends Error {
  /** @param working the steps at work, and what they wait for; empty when none is */
  constructor(minutes: number, working: string, heard: LastAzureActivity) {
    super(
      `The run was stopped after ${minutes} minutes (input \`timeout-minutes\`). It was waiting for: ${working || heard.waitingFor}. ` +
        heard.lastAnswer +
        (working ? 'Azure continues with what it has started. ' : '') +
        'Run again to continue from there, or raise `timeout-minutes`.'
    )
    this.name = 'DeadlineError'
  }
}

/** The runner, or a person, wants the run to end; the runner kills it ten seconds after the first signal. */
export class CancelledError extends Error {
  /** @param working the steps at work, and what they wait for; empty when none is */
  constructor(signal: string, working: string) {
    super(
      `The run was cancelled (${signal}). ` +
        (working ? `Azure continues with what it has started: ${working}. ` : '') +
        'What was done stays; run again to continue from there.'
    )
    this.name = 'CancelledError'
  }
}

/** The failures of a run's steps in one error; what was not begun is named, so that nobody has to guess. */
export function failureOf(results: readonly StepResult[]): Error | undefined {
  const errors = results.flatMap(({ outcome, error }) =>
    outcome === 'failed' && error ? [error] : []
  )
  const [first, ...others] = errors
  if (first === undefined || others.length === 0) return first
  const text = errors.map(({ message }, index) => `${index + 1}. ${message}`)
  return new AggregateError(errors, [`${errors.length} steps failed:`, ...text].join('\n'))
}
