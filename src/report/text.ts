import { bornText, changeText } from '../engine/changes.ts'
import { AS_WANTED, type Checked } from '../engine/checkPlan.ts'
import type { Plan, PlanItem, StepResult } from '../engine/step.ts'
import { VERDICTS } from '../engine/verdict.ts'

/** The last part of an ARM id or address: what a person calls the resource. */
export function nameOf(resource: string): string {
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf('#')) + 1)
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}

/** How long something took, as people say it: `41 s`, `17 min 37 s`, `1 h 5 min`. @param ms milliseconds */
export function spent(ms: number): string {
  const all = Math.round(ms / 1000)
  if (all < 60) return `${all} s`
  const minutes = Math.floor(all / 60)
  return minutes < 60
    ? `${minutes} min ${all % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
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
  const line = `${word.padEnd(7)}  ${step.kind} ${nameOf(step.resource)}: `
  if (holds) return line + what
  // Beside what differs, that it is not as wanted says nothing.
  const facts = what === AS_WANTED && found ? found : `${what}; ${found ?? 'it does not hold'}`
  return `${line}${facts}\n         ${remedy}`
}
