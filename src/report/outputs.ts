import { digestOf, intentsOf } from '../engine/digest.ts'
import type { PlanItem, StepResult } from '../engine/step.ts'
import { changesMarkdown } from './changesMarkdown.ts'
import { changed, type Report } from './report.ts'

/** Every output of the action; a test holds action.yml against it. */
export const OUTPUTS = [
  'hub-id',
  'dps-id',
  'namespace-id',
  'identity-id',
  'resource-group-id',
  'credential-id',
  'root-certificate-authority-id',
  'certificate-authority-id',
  'certificate-policy-id',
  'resource-group',
  'identity',
  'namespace',
  'hub',
  'dps',
  'enrollment-group',
  'hub-hostname',
  'dps-hostname',
  'dps-id-scope',
  'dps-device-hostname',
  'identity-principal-id',
  'identity-client-id',
  'namespace-principal-id',
  'service-version',
  'changed',
  'changes-count',
  'changes-markdown',
  'plan-digest',
  'plan',
  'result'
] as const

/** Raised when a property of the JSON outputs changes its meaning or goes; new ones may come without. */
const SCHEMA_VERSION = 1

/**
 * Bytes of a JSON output up to which it is told in full: a job hands it on in a variable of the environment, of which Linux
 * takes 128 KiB (`MAX_ARG_STRLEN`), name and all, and a script wants to add something of its own.
 */
const LONGEST = 96 * 1024

/** The outputs of a run, by name. What is not known is left out, so that an earlier value is not blanked. */
export function outputsOf(report: Report): Readonly<Record<string, string>> {
  return {
    ...report.ids,
    changed: String(changed(report)),
    ...(report.plan && {
      'changes-count': String(intentsOf(report.plan).length),
      'changes-markdown': changesMarkdown(report.plan),
      'plan-digest': digestOf(report.plan),
      plan: fitting(
        {
          ...headOf(report),
          items: report.plan.items.map(planItem),
          unmanaged: report.plan.unmanaged
        },
        {
          items: report.plan.items.map(({ step: { id, resource }, verdict: { action } }) => ({
            id,
            resource,
            action
          }))
        }
      )
    }),
    result: fitting(
      {
        ...headOf(report),
        ...(report.environment !== undefined && { environment: report.environment }),
        dryRun: report.dryRun,
        ...(Object.keys(report.states).length > 0 && { states: report.states }),
        changed: changed(report),
        succeeded: report.error === undefined,
        steps: report.results.map(stepResult),
        checks: report.checks.map(checkResult),
        ...(report.operation === 'sweep' && { environments: report.swept }),
        outputs: report.ids,
        warnings: report.warnings,
        ...(report.error && { error: report.error.message })
      },
      {
        steps: report.results.map(({ step: { id, resource }, outcome }) => ({
          id,
          resource,
          outcome
        })),
        checks: report.checks.filter(({ holds }) => !holds).map(checkResult)
      }
    )
  }
}

function headOf({ operation, version }: Report) {
  return { version: SCHEMA_VERSION, operation, ...(version && { serviceVersion: version }) }
}

/** @param brief replaces what takes most of the place, where all of it would be too long */
function fitting(full: object, brief: object): string {
  const text = JSON.stringify(full)
  return Buffer.byteLength(text) <= LONGEST
    ? text
    : JSON.stringify({ ...full, ...brief, compact: true })
}

function checkResult({ step, ...check }: Report['checks'][number]) {
  return { id: step.id, resource: step.resource, ...check }
}

function planItem({ step, verdict }: PlanItem) {
  const { id, kind, resource, phase } = step
  return { id, kind, resource, phase, ...verdict }
}

function stepResult({ step, outcome, startedAt, endedAt, error }: StepResult) {
  const { id, kind, resource, phase } = step
  return {
    id,
    kind,
    resource,
    phase,
    outcome,
    seconds: Math.round((endedAt - startedAt) / 1000),
    ...(error && { error: error.message })
  }
}
