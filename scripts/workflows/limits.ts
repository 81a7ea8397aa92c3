import { push } from '../trigger.ts'
import { runWorkflow } from './act.ts'
import type { Seen } from './log.ts'

/** The workflow that shows them. */
export const LIMITS_FILE = 'scripts/workflows/files/limits.yml'

/** Something that GitHub does and act does not. */
interface Limit {
  readonly name: string
  /** Whether it is still so, as one workflow shows. */
  readonly holds: (seen: Seen) => boolean
}

/** What no workflow here can therefore show; only GitHub can. */
const LIMITS: readonly Limit[] = [
  {
    name: 'on.push.branches and paths: whatever event is given starts the workflow',
    holds: ({ jobs }) => jobs.gives !== undefined
  },
  {
    name: 'environment: nothing waits for reviewers, and the OIDC subject is given, not derived',
    holds: ({ jobs }) => jobs.gives?.[0] === 'success'
  },
  {
    name: 'permissions: a job without id-token: write still gets what it asks for an assertion with',
    holds: ({ outputs }) => outputs['assertion.url'] !== ''
  },
  {
    name: 'concurrency: two jobs of one group run at once',
    holds: ({ outputs }) =>
      Number(outputs['first.began']) < Number(outputs['second.ended']) &&
      Number(outputs['second.began']) < Number(outputs['first.ended'])
  },
  {
    name: 'job outputs: one that holds a secret is handed on, where GitHub drops it',
    holds: ({ outputs }) => Number(outputs['taken.length']) > 0
  },
  {
    name: 'GITHUB_ENV: NODE_OPTIONS is taken from it, where GitHub refuses it',
    holds: ({ outputs }) => outputs['options.text'] === '--no-deprecation'
  }
]

/**
 * Looks whether act still cannot do what the list says.
 *
 * @param env what a job asks for an assertion with
 * @returns the limits by name, and those of them that it has no more
 */
export async function limitsOf(
  env: Readonly<Record<string, string>>,
  bin: string
): Promise<{ readonly names: readonly string[]; readonly gone: readonly string[] }> {
  const job = {
    workflow: LIMITS_FILE,
    trigger: push('another-branch'),
    env,
    vars: {}
  }
  const seen = await runWorkflow(job, bin)
  return {
    names: LIMITS.map(({ name }) => name),
    gone: LIMITS.filter(({ holds }) => !holds(seen)).map(({ name }) => name)
  }
}
