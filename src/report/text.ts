import { bornText, changeText } from '../engine/changes.ts'
import { AS_WANTED, type Checked } from '../engine/checkPlan.ts'
import type { Plan, PlanItem, StepResult } from '../engine/step.ts'
import { type Outcome, VERDICTS, type Verdict } from '../engine/verdict.ts'
import type { Line, Tone } from './line.ts'
import { byWeight } from './weight.ts'

/** The last part of an ARM id or address: what a person calls the resource. */
export function nameOf(resource: string): string {
  // An id that ends in a type, not in a name, stands for all of that type in the resource before it.
  const parts = /^.*\/providers\/[^/]+\/([^#]+)$/.exec(resource)?.[1]?.split('/') ?? []
  if (parts.length > 1 && parts.length % 2 === 1) return parts.at(-2) as string
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

const TONES: Readonly<Record<Outcome, Tone>> = {
  created: 'good',
  changed: 'change',
  done: 'change',
  removed: 'change',
  failed: 'bad',
  skipped: 'change',
  left: 'change',
  renewed: 'aside',
  waited: 'aside',
  unchanged: 'aside',
  'not started': 'aside'
}

/**
 * The plan, what matters most first: a line for each step with what changes below it. Each is cut to its own length, and so
 * none is left out.
 */
export function planLines(plan: Plan): readonly Line[] {
  const items = byWeight(plan.items).map((item) => ({
    text: [headline(item), ...planDetails(item).map((line) => `      ${line}`)].join('\n'),
    tone: TONES[VERDICTS[item.verdict.action].outcome]
  }))
  const unmanaged = plan.unmanaged.map(({ kind, resource }) => ({
    text: `  ? unmanaged  ${kind} ${nameOf(resource)} (exists, not in the inputs, left alone)`
  }))
  return [...items, ...unmanaged]
}

function headline({ step, verdict }: PlanItem): string {
  const reason = reasonOf(verdict)
  const why = reason === undefined ? '' : ` (${reason})`
  return `  ${VERDICTS[verdict.action].sign} ${verdict.action.padEnd(9)}  ${step.kind} ${nameOf(step.resource)}${why}`
}

/** Why something is to be done, or how it comes about. */
export function reasonOf(verdict: Verdict): string | undefined {
  if ('with' in verdict) return `goes with the ${verdict.with}`
  return ('reason' in verdict && verdict.reason) || undefined
}

/** What a plan tells of one step besides what is to be done, a line each. */
export function planDetails({ verdict }: PlanItem): readonly string[] {
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
export function resultLine(result: StepResult): Line {
  const { step, outcome, startedAt, endedAt, error, stays } = result
  const took = spent(endedAt - startedAt)
  const time = took === '0 s' ? '' : ` (${took})`
  const line = `${outcome.padEnd(11)}  ${step.kind} ${nameOf(step.resource)}${time}`
  const why = stays ?? error?.message.split('\n')[0]
  return { text: why === undefined ? line : `${line}: ${why}`, tone: TONES[outcome] }
}

/** A check as a line of the log. */
export function checkLine(check: Checked): Line {
  const { holds, warning, unchecked } = check
  return { text: checkText(check), tone: holds ? 'good' : warning || unchecked ? 'change' : 'bad' }
}

/** A check in one line, with what to do about it when it does not hold. */
export function checkText(check: Checked): string {
  const { step, what, holds, warning, unchecked, found, remedy } = check
  const word = holds ? 'ok' : unchecked ? 'NOT CHECKED' : warning ? 'warning' : 'FAILED'
  const line = `${word.padEnd(7)}  ${step.kind} ${nameOf(step.resource)}: `
  if (holds) return line + what
  // Beside what differs, that it does not match says nothing.
  const facts = what === AS_WANTED && found ? found : `${what}; ${found ?? 'it does not hold'}`
  return `${line}${facts}\n         ${remedy}`
}
