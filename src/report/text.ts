import { bornText, changeText } from '../engine/changes.ts'
import type { Plan, PlanItem, StepResult } from '../engine/step.ts'
import { VERDICTS } from '../engine/verdict.ts'
import type { Checked } from '../engine/verify.ts'

/** The last part of an ARM id or address: what a person calls the resource. */
export function nameOf(resource: string): string {
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf('#')) + 1)
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}

/** The plan, a text for each step with what changes below it: each is cut to its own length, and so none is left out. */
export function planTexts(plan: Plan): readonly string[] {
  const items = plan.items.map((item) =>
    [headline(item), ...details(item).map((line) => `      ${line}`)].join('\n')
  )
  const unmanaged = plan.unmanaged.map(
    ({ kind, resource }) =>
      `  ? unmanaged  ${kind} ${nameOf(resource)} (exists, not in the inputs, left alone)`
  )
  return [...items, ...unmanaged]
}

function headline({ step, verdict }: PlanItem): string {
  const reason =
    'with' in verdict
      ? `with the ${verdict.with}`
      : 'reason' in verdict
        ? verdict.reason
        : undefined
  const why = reason ? ` (${reason})` : ''
  return `  ${VERDICTS[verdict.action].sign} ${verdict.action.padEnd(9)}  ${step.kind} ${nameOf(step.resource)}${why}`
}

function details({ verdict }: PlanItem): readonly string[] {
  switch (verdict.action) {
    case 'create':
    case 'change':
      return [
        ...(verdict.changes ?? []).map(verdict.action === 'create' ? bornText : changeText),
        ...('unknown' in verdict && verdict.unknown
          ? [`known after apply: ${verdict.unknown.join(', ')}`]
          : []),
        ...(verdict.unchecked ? [`not checked: ${verdict.unchecked.join(', ')}`] : [])
      ]
    case 'cannot':
      return verdict.problems.flatMap(({ what, advice }) => [what, advice])
    case 'unknown':
      return [verdict.problem.what, verdict.problem.advice]
    case 'skip':
      return [verdict.warning]
    default:
      return []
  }
}

/** How a step ended, in one line. */
export function resultText(result: StepResult): string {
  const { step, outcome, startedAt, endedAt, error, stays } = result
  const line = `${outcome.padEnd(11)}  ${step.kind} ${nameOf(step.resource)} (${seconds(endedAt - startedAt)})`
  const why = stays ?? error?.message.split('\n')[0]
  return why === undefined ? line : `${line}: ${why}`
}

/** A check in one line, with what to do about it when it does not hold. */
export function checkText(check: Checked): string {
  const { step, what, holds, warning, unchecked, found, remedy } = check
  const word = holds ? 'ok' : unchecked ? 'NOT CHECKED' : warning ? 'warning' : 'FAILED'
  const line = `${word.padEnd(7)}  ${step.kind} ${nameOf(step.resource)}: ${what}`
  return holds ? line : `${line}; ${found ?? 'it does not hold'}\n         ${remedy}`
}
