import { getOctokit } from '@actions/github'
import type { Settings } from './settings.ts'

/** Branches of the repository that live: as the inputs say, else as GitHub does. */
export async function livingBranches({
  sweep,
  githubToken = '',
  environment
}: Settings): Promise<ReadonlySet<string>> {
  if (sweep.branches !== undefined) return new Set(sweep.branches)
  const [owner = '', repo = ''] = environment.ownership.repository.split('/')
  const octokit = getOctokit(githubToken)
  const branches = await octokit.paginate(octokit.rest.repos.listBranches, {
    owner,
    repo,
    per_page: 100
  })
  // An empty list would doom every environment; a repository has at least its default branch.
  if (branches.length === 0) {
    throw new Error(
      `GitHub listed no branch of ${owner}/${repo}: give \`github-token\` the permission \`contents: read\`, or list the living branches with \`branches\`.`
    )
  }
  return new Set(branches.map(({ name }) => name))
}
