import { getOctokit } from '@actions/github'
import { adviceText, lookUp } from '../azure/errors/errorCatalogue.ts'
import { ForeignHostError, isOf } from '../azure/http/hostGuard.ts'
import { proxyText } from '../azure/http/proxy.ts'
import { withoutQuery } from '../azure/http/retry.ts'
import { fetch } from './fetch.ts'

/** What calls take, and what else there is to do for somebody who cannot have it. */
export interface Needs {
  /** As a workflow has it: `contents: read`. */
  readonly permission: string
  readonly instead: string
}

/** GitHub did not do what it was asked for. */
export class GitHubError extends Error {
  /** HTTP status; undefined when nothing of GitHub's was heard. */
  readonly status: number | undefined
  /** GitHub's own words, or those of the connection that broke. */
  readonly said: string

  constructor(call: string, needs: Needs, cause: unknown) {
    const status = statusOf(cause)
    const said = firstLine(status === undefined ? innermost(cause) : cause)
    super(
      [
        status === undefined
          ? `GitHub did not answer ${call}: ${said}.`
          : `GitHub said ${said} (HTTP ${status}) to ${call}.`,
        adviceFor(status, needs, said)
      ].join('\n'),
      { cause }
    )
    this.name = 'GitHubError'
    this.status = status
    this.said = said
  }
}

/**
 * GitHub's REST API.
 *
 * @param signal ends every call, the reading of its answer included
 * @returns a client whose calls throw GitHubError, or the signal's reason
 */
export function github(token: string, needs: Needs, signal: AbortSignal) {
  const octokit = getOctokit(token, { request: { fetch } })
  octokit.hook.wrap('request', async (request, options) => {
    // In place: the library's own hook, which comes next, is given these options whatever is passed on.
    options.request = { ...options.request, signal }
    requireGitHub(options)
    try {
      const response = await request(options)
      // The library takes a page of a proxy, and half of an answer, for a text that was asked for.
      if (typeof response.data === 'object') return response
      throw new Error('an answer that is not JSON')
    } catch (error) {
      signal.throwIfAborted()
      const { method, url } = octokit.request.endpoint(options)
      throw new GitHubError(`${method} ${withoutQuery(url)}`, needs, error)
    }
  })
  return octokit
}

/**
 * Lists are followed from page to page by what GitHub answers, and the token goes with them: nowhere but to GitHub.
 *
 * @throws ForeignHostError
 */
function requireGitHub({ baseUrl, url }: { readonly baseUrl: string; readonly url: string }): void {
  const service = { name: 'GitHub', hosts: [new URL(baseUrl).host] }
  // Ours are paths; an address with a host came from an answer.
  if (!URL.canParse(url) || isOf(service, url)) return
  const doing = 'read a list of GitHub'
  throw new ForeignHostError(url, service, { doing, told: 'GitHub said to go on (`link`) at' })
}

function adviceFor(status: number | undefined, needs: Needs, said: string): string {
  if (status === undefined) {
    const known = lookUp(['No answer'], said)
    return [...(known ? [adviceText(known)] : []), proxyText(process.env)].join('\n')
  }
  if (status === 401) {
    return 'What to do: give `github-token` the job’s own, github.token, or another one that has not expired.'
  }
  if (status === 429 || /rate limit/i.test(said)) {
    return 'What to do: run again in an hour, or give a `github-token` that fewer jobs share.'
  }
  if (status === 403 || status === 404) {
    return `What to do: give the job \`permissions: ${needs.permission}\`, or \`github-token\` a token that may do the same; to a token that may not, GitHub may also answer that nothing is there. Runs of forks have a read-only token: there, ${needs.instead}.`
  }
  return 'What to do: run again; if it persists, look at https://www.githubstatus.com.'
}

/** The library fills in 500 where there was no answer. */
function statusOf(error: unknown): number | undefined {
  const answered = error instanceof Error && 'response' in error && error.response !== undefined
  return answered && 'status' in error ? Number(error.status) : undefined
}

/** Of a connection that broke, the outer errors only tell that it did. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  // The library appends where its documentation is, which is about none of this.
  return (text.split('\n')[0] ?? '').replace(/ - https:\/\/docs\.github\.com\S*$|\.$/, '')
}
