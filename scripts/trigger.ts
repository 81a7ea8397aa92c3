/** The repository that a workflow belongs to. */
export interface Repository {
  /** OWNER/NAME. */
  readonly name: string
  readonly id: string
  /** Address of the GitHub that it is on; GitHub's own when absent. */
  readonly server?: string
}

/** What sets a workflow off, as its jobs are told: https://docs.github.com/actions/reference/events-that-trigger-workflows */
export interface Trigger {
  readonly variables: Readonly<Record<string, string>>
  /** The file at GITHUB_EVENT_PATH, without the repository that every event carries. */
  readonly payload: (repository: Repository) => object
}

/** The branch that schedules and deletions run on. */
const DEFAULT_BRANCH = 'main'

export function push(branch = DEFAULT_BRANCH): Trigger {
  const ref = `refs/heads/${branch}`
  return { variables: about('push', ref), payload: () => ({ ref, deleted: false }) }
}

export function tag(name: string): Trigger {
  const ref = `refs/tags/${name}`
  return { variables: about('push', ref), payload: () => ({ ref, deleted: false }) }
}

/** Whose pull request it is. */
interface Author {
  /** OWNER/NAME of the repository that its branch is in; the one that it is for when absent. */
  readonly fork?: string
  readonly login?: string
}

/** @param action `closed` for the run that tears an environment down */
export function pullRequest(
  number: number,
  head = 'feature/login',
  action: 'opened' | 'synchronize' | 'closed' = 'synchronize',
  { fork, login = 'octocat' }: Author = {}
): Trigger {
  return {
    variables: {
      ...about('pull_request', `refs/pull/${number}/merge`),
      GITHUB_HEAD_REF: head,
      GITHUB_BASE_REF: DEFAULT_BRANCH
    },
    payload: ({ name, id }) => ({
      action,
      number,
      pull_request: {
        number,
        user: { login },
        head: { ref: head, repo: { id: Number(id), full_name: fork ?? name } },
        base: { ref: DEFAULT_BRANCH, repo: { id: Number(id), full_name: name } }
      }
    })
  }
}

export function schedule(cron = '41 4 * * 1'): Trigger {
  return {
    variables: about('schedule', `refs/heads/${DEFAULT_BRANCH}`),
    payload: () => ({ schedule: cron })
  }
}

/** Started by hand, on the default branch. */
export function dispatch(inputs: Readonly<Record<string, string>> = {}): Trigger {
  return {
    variables: about('workflow_dispatch', `refs/heads/${DEFAULT_BRANCH}`),
    payload: () => ({ inputs })
  }
}

/** A branch or a tag that was deleted: the run itself is on the default branch. */
export function deletion(name: string, kind: 'branch' | 'tag' = 'branch'): Trigger {
  return {
    variables: about('delete', `refs/heads/${DEFAULT_BRANCH}`),
    payload: () => ({ ref: name, ref_type: kind })
  }
}

function about(event: string, ref: string): Readonly<Record<string, string>> {
  return {
    GITHUB_EVENT_NAME: event,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_HEAD_REF: '',
    GITHUB_BASE_REF: ''
  }
}
