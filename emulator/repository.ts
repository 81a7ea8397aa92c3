import type { Call, Handler, Kernel, Reply, Routes } from './kernel.ts'

export const API_HOST = 'api.github.com'
export const badCredentials: Reply = { status: 401, body: { message: 'Bad credentials' } }
export const forbidden: Reply = {
  status: 403,
  body: { message: 'Resource not accessible by integration' }
}

/** One page of GitHub's lists, the next one behind the `link` header (contract 20.6). */
export function paged(call: Call, items: readonly unknown[]): Reply {
  const { searchParams } = call.url
  const size = Number(searchParams.get('per_page') ?? 30)
  const page = Number(searchParams.get('page') ?? 1)
  const next = new URL(call.url)
  next.searchParams.set('page', String(page + 1))
  const more = items.length > page * size
  return {
    status: 200,
    body: items.slice((page - 1) * size, page * size),
    ...(more && { headers: { link: `<${next.href}>; rel="next"` } })
  }
}

const REFERENCE = 'https://docs.github.com/rest'

/** The repository and its branches, after GitHub's reference of its REST API. A redirect leads to the number in place of the name. */
export function registerRepository(routes: Routes, { config }: Kernel): void {
  /** @param contents whether it takes the permission to read contents, beyond that to know of the repository */
  const serve =
    (contents: boolean, work: (call: Call) => Reply): Handler =>
    (call) => {
      const { repository, repositoryId, canReadContents } = config().github
      const { owner, repo, id } = call.params
      if (!call.headers.authorization) return badCredentials
      const named = `${owner}/${repo}`.toLowerCase() === repository.toLowerCase()
      if (!named && id !== repositoryId) return missing('Not Found', 'repos/repos#get-a-repository')
      return contents && !canReadContents ? forbidden : work(call)
    }

  for (const at of ['/repos/:owner/:repo', '/repositories/:id']) {
    routes.on(
      API_HOST,
      'GET',
      at,
      serve(false, () => {
        const { repository, repositoryId, defaultBranch } = config().github
        const id = Number(repositoryId)
        const body = {
          id,
          name: repository.split('/')[1],
          full_name: repository,
          default_branch: defaultBranch
        }
        return { status: 200, body }
      })
    )

    routes.on(
      API_HOST,
      'GET',
      `${at}/branches`,
      serve(true, (call) =>
        paged(
          call,
          config().github.branches.map((name) => ({ name, protected: false }))
        )
      )
    )

    routes.on(
      API_HOST,
      'GET',
      `${at}/branches/*`,
      serve(true, (call) => {
        const name = call.params['*'] ?? ''
        const { branches, renamedBranches, repositoryId } = config().github
        if (branches.includes(name)) return { status: 200, body: { name, protected: false } }
        const now = renamedBranches[name]
        if (now === undefined) return missing('Branch not found', 'branches/branches#get-a-branch')
        const path = now.split('/').map(encodeURIComponent).join('/') // [INF] that the slashes stay
        const url = `https://${API_HOST}/repositories/${repositoryId}/branches/${path}`
        return {
          status: 301,
          headers: { location: url },
          body: {
            message: 'Moved Permanently',
            url,
            documentation_url: `${REFERENCE}/guides/best-practices-for-using-the-rest-api#follow-redirects`
          }
        }
      })
    )
  }
}

function missing(message: string, reference: string): Reply {
  const body = { message, documentation_url: `${REFERENCE}/${reference}`, status: '404' }
  return { status: 404, body }
}
