import type { Form } from './form.ts'
import type { InputName } from './inputTable.ts'
import type {
  EnvironmentSettings,
  ModelSpec,
  Operation,
  SweepSettings,
  WantedEnvironment
} from './settings.ts'

/** Inputs that only some operations use: elsewhere they are a misunderstanding, and are said. */
const ONLY: Partial<Record<InputName, readonly Operation[]>> = {
  phases: ['apply', 'plan', 'verify'],
  'fail-on-drift': ['plan'],
  confirm: ['destroy', 'sweep'],
  'expected-plan': ['apply'],
  'expires-after': ['apply', 'plan', 'verify'],
  branches: ['sweep'],
  'sweep-gone-branches': ['sweep'],
  environment: ['apply', 'plan', 'verify', 'destroy'],
  identity: ['apply', 'plan', 'verify', 'destroy'],
  namespace: ['apply', 'plan', 'verify', 'destroy'],
  hub: ['apply', 'plan', 'verify', 'destroy'],
  dps: ['apply', 'plan', 'verify', 'destroy'],
  'enrollment-group': ['apply', 'plan', 'verify', 'destroy'],
  config: ['apply', 'plan', 'verify', 'destroy'],
  adopt: ['apply', 'plan', 'verify'],
  'link-existing': ['apply', 'plan', 'verify'],
  'service-version': ['apply', 'plan', 'verify', 'destroy']
}

type OfOne = 'operation' | 'dryRun' | 'comment' | 'githubToken'
type Choice =
  | Pick<
      EnvironmentSettings,
      OfOne | 'environment' | 'model' | 'phases' | 'failOnDrift' | 'expectedPlan'
    >
  | Pick<SweepSettings, OfOne | 'base' | 'sweep'>

/** What is to be done, with everything that belongs to one operation only. */
export function chooseOperation(
  { values, given, report }: Form,
  { environment, model }: { readonly environment: WantedEnvironment; readonly model: ModelSpec },
  event: Readonly<Record<string, unknown>> = {}
): Choice {
  const { operation, confirm } = values
  for (const [name, operations] of Object.entries(ONLY) as [InputName, readonly Operation[]][]) {
    if (!given(name) || operations.includes(operation)) continue
    report(name, undefined, `has no meaning with operation: ${operation}; remove it`)
  }
  const dryRun = values['dry-run'] || operation === 'plan' || operation === 'verify'
  if (operation !== 'sweep' && !given('environment')) {
    report('environment', undefined, 'missing: it is required')
  }
  const wanted = operation === 'sweep' ? environment.ownership.repository : values.environment
  if (!dryRun && (operation === 'destroy' || operation === 'sweep') && confirm !== wanted) {
    const rule = `must be the ${operation === 'sweep' ? 'repository' : 'environment'} to remove, ${JSON.stringify(wanted ?? '')}`
    report('confirm', confirm, confirm === undefined ? `missing: it ${rule}` : rule)
  }
  if (values.comment && values['github-token'] === undefined) {
    report('github-token', undefined, 'missing: comment: true needs it, with pull-requests: write')
  }
  const goneBranches = values['sweep-gone-branches']
  if (goneBranches && values.branches === undefined && values['github-token'] === undefined) {
    report(
      'branches',
      undefined,
      'missing: sweep-gone-branches needs the living branches, here or through github-token'
    )
  }
  const common = { dryRun, comment: values.comment, githubToken: values['github-token'] }
  return operation === 'sweep'
    ? {
        ...common,
        operation,
        base: environment,
        sweep: { goneBranches, branches: values.branches, defaultBranch: defaultBranchOf(event) }
      }
    : {
        ...common,
        operation,
        environment,
        model,
        phases: values.phases,
        failOnDrift: values['fail-on-drift'],
        expectedPlan: values['expected-plan']
      }
}

function defaultBranchOf({ repository }: Readonly<Record<string, unknown>>): string | undefined {
  const { default_branch: name } = (repository ?? {}) as { default_branch?: unknown }
  return typeof name === 'string' ? name : undefined
}
