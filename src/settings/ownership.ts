import type { Report } from './problems.ts'
import type { Ownership } from './settings.ts'

const RULE =
  'the runner sets it in every workflow run, and it tells whose a resource is; set it when you run this elsewhere'

/** Who this run acts for, from the variables that the runner sets. */
export function readOwnership(
  env: Readonly<Record<string, string | undefined>>,
  environment: string,
  report: Report
): Ownership {
  const must = (name: string, pattern: RegExp, form: string) => {
    const value = env[name]?.trim() ?? ''
    if (value === '') report(name, undefined, `missing: ${RULE}`)
    else if (!pattern.test(value)) report(name, value, `must be ${form}`)
    return value
  }
  return {
    repository: must('GITHUB_REPOSITORY', /^[\w.-]+\/[\w.-]+$/, 'OWNER/NAME'),
    repositoryId: must('GITHUB_REPOSITORY_ID', /^[0-9]+$/, 'a number'),
    environment,
    branch: branchOf(env)
  }
}

/** A pull request runs on `refs/pull/N/merge`; its branch is only in GITHUB_HEAD_REF, which is empty elsewhere. */
function branchOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_HEAD_REF: head, GITHUB_REF: ref } = env
  return head?.trim() || /^refs\/heads\/(.+)$/.exec(ref?.trim() ?? '')?.[1]
}
