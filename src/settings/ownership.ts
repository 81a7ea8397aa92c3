import type { InputReader } from './form.ts'
import { GITHUB_HOST } from './names.ts'
import { LONGEST_TAG_VALUE } from './ownerTags.ts'
import type { Report } from './problems.ts'
import type { BranchSpec, Ownership } from './settings.ts'

const RULE =
  'the runner sets it in every workflow run, and the action uses it to tell whose a resource is; set it when you run this elsewhere'

/**
 * Who this run acts for, from the variables that the runner sets.
 *
 * @param applies false for a run that only looks, or destroys
 */
export function readOwnership(
  { env, event = {} }: Pick<InputReader, 'env' | 'event'>,
  environment: string,
  report: Report,
  applies = true
): Ownership {
  const must = (name: string, pattern: RegExp, form: string) => {
    const value = env[name]?.trim() ?? ''
    if (value === '') report(name, undefined, `missing: ${RULE}`)
    else if (!pattern.test(value)) report(name, value, `must be ${form}`)
    return value
  }
  const server = env.GITHUB_SERVER_URL?.trim() || `https://${GITHUB_HOST}`
  if (!URL.canParse(server)) report('GITHUB_SERVER_URL', server, 'must be the address of GitHub')
  const repository = must('GITHUB_REPOSITORY', /^[\w.-]+\/[\w.-]+$/, 'OWNER/NAME')
  const repositoryId = must('GITHUB_REPOSITORY_ID', /^[0-9]+$/, 'a number')
  return {
    host: URL.canParse(server) ? new URL(server).host : '',
    repository,
    repositoryId,
    environment,
    // What a pull request only looks at does not live with its branch.
    branch:
      applies || !env.GITHUB_HEAD_REF?.trim()
        ? branchOf(env, event, environment, repositoryId)
        : 'as recorded'
  }
}

/** Where a merge queue tries what is to be merged; nothing lives there. */
const MERGE_QUEUE = 'gh-readonly-queue/'

/**
 * An environment lives with its branch when its name is the branch's name, or when a pull request's run applies it. Every
 * other one, such as a production that was first applied on a feature branch, lives with none.
 */
function branchOf(
  { GITHUB_HEAD_REF: head, GITHUB_REF: ref }: InputReader['env'],
  event: Readonly<Record<string, unknown>>,
  environment: string,
  repositoryId: string
): BranchSpec {
  if (head?.trim()) {
    return { livesWith: headIsHere(event, repositoryId) ? short(head.trim()) : undefined }
  }
  const branch = /^refs\/heads\/(.+)$/.exec(ref?.trim() ?? '')?.[1]
  if (branch === undefined || branch.startsWith(MERGE_QUEUE)) return 'as recorded'
  return { livesWith: branch === environment ? short(branch) : undefined }
}

/** The branch of a fork is not among the repository's own: there it would be taken for gone. */
function headIsHere(event: Readonly<Record<string, unknown>>, repositoryId: string): boolean {
  const { head } = (event.pull_request ?? {}) as { head?: { repo?: { id?: unknown } | null } }
  return String(head?.repo?.id ?? '') === repositoryId
}

/** A name that a tag would cut is another name, whose branch would be taken for gone. */
function short(branch: string): string | undefined {
  return branch.length > LONGEST_TAG_VALUE ? undefined : branch
}
