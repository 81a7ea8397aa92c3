import { createHash } from 'node:crypto'
import { context } from '@actions/github'
import type { Log } from '../report/log.ts'
import type { Report } from '../report/report.ts'
import { summaryMarkdown } from '../report/summary.ts'
import { github } from './github.ts'

/** GitHub's limit for the body of a comment is 65,536 characters (contract 20.6). */
const LIMIT = 60_000

const NEEDS = { permission: 'pull-requests: write', instead: 'set `comment: false`' }

/** Writes the report as the one comment that an environment has on its pull request. */
export async function writeComment(
  report: Report,
  token: string,
  log: Log,
  signal: AbortSignal
): Promise<void> {
  const number = context.payload.pull_request?.number
  if (number === undefined) {
    return log.info('No comment: this run does not belong to a pull request.')
  }
  const marker = markerOf(report)
  const octokit = github(token, NEEDS, signal)
  const { rest, paginate } = octokit
  const place = { ...context.repo, issue_number: number }
  const comments = await paginate(rest.issues.listComments, { ...place, per_page: 100 })
  const marked = comments.filter(({ body }) => body?.startsWith(marker))
  const login = marked.length > 0 ? await loginOf(octokit) : undefined
  const own = marked.find(({ user }) => isBy(user, login))
  const body = `${marker}\n${summaryMarkdown(report, LIMIT, true)}`
  if (own === undefined) await rest.issues.createComment({ ...place, body })
  else if (own.body !== body) {
    await rest.issues.updateComment({ ...context.repo, comment_id: own.id, body })
  }
}

/** Who the token writes as. Only GraphQL tells an installation, such as the token of a job (contract 20.6). */
async function loginOf({ graphql }: ReturnType<typeof github>): Promise<string> {
  const { viewer } = await graphql<{ viewer: { login: string } }>('query { viewer { login } }')
  return viewer.login
}

/**
 * Anybody can write our marker, so only the author makes a comment ours. REST writes `[bot]` behind the name of an app, and
 * GraphQL not everywhere; no person's name can have it.
 */
function isBy(
  author: { readonly login: string; readonly type: string } | null,
  login: string | undefined
): boolean {
  if (author === null || login === undefined) return false
  return author.login === login || (author.type === 'Bot' && author.login === `${login}[bot]`)
}

/** Tells our comment for this environment from every other; a name could end the HTML comment that it stands in. */
function markerOf({ environment = '', operation }: Report): string {
  const hash = createHash('sha256').update(environment.toLowerCase()).digest('hex').slice(0, 16)
  return `<!-- provision-azure-iot ${operation === 'sweep' ? 'sweep' : hash} -->`
}
