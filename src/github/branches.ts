import { Memo } from '../azure/http/memo.ts'
import type { SweepSettings } from '../settings/settings.ts'
import { GitHubError, github } from './github.ts'

/** What is known of branches: asked one by one, because a branch may be renamed, or made again, at any time. */
export interface Branches {
  /** True only when it is certain that there is no such branch, under this name or, since it was renamed, another. */
  isGone(name: string): Promise<boolean>
}

const NEEDS = { permission: 'contents: read', instead: 'list the living branches with `branches`' }

/** Branches as the inputs list them, else as GitHub tells. Case counts: Git has `Main` beside `main`. */
export function branchesOf(
  { sweep, githubToken = '', base }: SweepSettings,
  signal: AbortSignal
): Branches {
  const { branches, defaultBranch } = sweep
  if (branches !== undefined) {
    const living = new Set(branches)
    return { isGone: async (name) => !living.has(name) && name !== defaultBranch }
  }
  const [owner = '', repo = ''] = base.ownership.repository.split('/')
  const { rest } = github(githubToken, NEEDS, signal)
  const standard = new Memo<string>()
  return {
    async isGone(name) {
      const main = await standard.get('', async () => {
        const { data } = await rest.repos.get({ owner, repo })
        return data.default_branch
      })
      if (name === main) return false
      try {
        // A branch that was renamed answers 301, which leads to the new one.
        await rest.repos.getBranch({ owner, repo, branch: name })
        return false
      } catch (error) {
        // A token that may not read the repository is told "Not Found".
        const gone = error instanceof GitHubError && error.status === 404
        if (gone && /branch not found/i.test(error.said)) return true
        throw error
      }
    }
  }
}
