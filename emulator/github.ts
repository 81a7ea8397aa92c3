import type { Config } from './config.ts'
import type { Call, Kernel, Reply, Resource, Routes } from './kernel.ts'
import { API_HOST, badCredentials, forbidden, paged, registerRepository } from './repository.ts'
import type { Tokens } from './tokens.ts'
import { accountOf, registerViewer } from './viewer.ts'

export const OIDC_HOST = 'pipelines.actions.githubusercontent.com'
const OIDC_PATH = '/emulated/idtoken'
/** Characters (contract 20.6). */
const LONGEST_COMMENT = 65_536
export const ISSUER = 'https://token.actions.githubusercontent.com'

/** What the runner gives to a job with `id-token: write`. */
export const OIDC_URL = `https://${OIDC_HOST}${OIDC_PATH}?api-version=2.0`

/** The subject that GitHub writes for a job (contract 20.4). */
function subjectOf({ github }: Config): string {
  if (github.subject !== null) return github.subject
  const context =
    github.environment === null ? `ref:${github.ref}` : `environment:${github.environment}`
  return `repo:${github.repository}:${context}`
}

/** GitHub's OIDC provider, and the pieces of its REST API for the repository and for comments. */
export function registerGitHub(
  routes: Routes,
  kernel: Kernel,
  tokens: Tokens,
  requestToken: string
): void {
  const { config, world } = kernel
  registerRepository(routes, kernel)
  registerViewer(routes, kernel)

  routes.on(OIDC_HOST, 'GET', OIDC_PATH, async (call) => {
    if (call.headers.authorization?.toLowerCase() !== `bearer ${requestToken}`.toLowerCase())
      return badCredentials
    const { github } = config()
    const { searchParams: job } = call.url
    // GitHub's address tells the job that asks. Ours may name its repository, for jobs of several at once.
    const repository = job.get('repository') ?? github.repository
    const repositoryId = job.get('repository_id') ?? github.repositoryId
    const [owner = ''] = repository.split('/')
    const value = await tokens.issue(
      {
        iss: ISSUER,
        aud: job.get('audience') ?? `https://github.com/${owner}`,
        sub: subjectOf(config()),
        repository,
        ...(github.tellsRepositoryId && { repository_id: repositoryId }),
        repository_owner: owner,
        ref: github.ref,
        ...(github.environment !== null && { environment: github.environment }),
        job_workflow_ref: `${repository}/.github/workflows/iot.yml@${github.ref}`
      },
      github.assertionSeconds
    )
    return { status: 200, body: { value } }
  })

  // The comments of pull requests (contract 20.6), oldest first.
  const COMMENTS = '/repos/:owner/:repo/issues/:number/comments'
  const write = (call: Call, act: (body: string) => Reply): Reply => {
    const { body = '' } = call.body as { body?: string }
    if (!call.headers.authorization) return badCredentials
    if (!config().github.canComment) return forbidden
    if (body === '' || body.length > LONGEST_COMMENT) {
      return { status: 422, body: { message: 'Validation Failed' } }
    }
    return act(body)
  }
  const shown = ({ id, body }: Resource) => ({ id: Number(id), ...body })

  routes.on(API_HOST, 'GET', COMMENTS, (call) =>
    paged(
      call,
      [...world.comments.values()]
        .filter(({ body }) => body.issue === Number(call.params.number))
        .map(shown)
    )
  )
  routes.on(API_HOST, 'POST', COMMENTS, (call) =>
    write(call, (body) => {
      const id = String(world.comments.size + 1)
      const user = accountOf(config())
      const comment = { id, body: { issue: Number(call.params.number), body, user }, secret: {} }
      world.comments.set(id, comment)
      return { status: 201, body: shown(comment) }
    })
  )
  routes.on(API_HOST, 'PATCH', '/repos/:owner/:repo/issues/comments/:id', (call) =>
    write(call, (body) => {
      const comment = world.comments.get(call.params.id ?? '')
      if (!comment) return { status: 404, body: { message: 'Not Found' } }
      comment.body.body = body
      return { status: 200, body: shown(comment) }
    })
  )
}
