import type { Config } from './config.ts'
import type { Kernel, Reply, Routes } from './kernel.ts'
import type { Tokens } from './tokens.ts'

export const OIDC_HOST = 'pipelines.actions.githubusercontent.com'
const OIDC_PATH = '/emulated/idtoken'
const API_HOST = 'api.github.com'
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

/** GitHub's OIDC provider, and the piece of its REST API that lists branches. */
export function registerGitHub(
  routes: Routes,
  { config }: Kernel,
  tokens: Tokens,
  requestToken: string
): void {
  const refused: Reply = { status: 401, body: { message: 'Bad credentials' } }

  routes.on(OIDC_HOST, 'GET', OIDC_PATH, async (call) => {
    if (call.headers.authorization?.toLowerCase() !== `bearer ${requestToken}`.toLowerCase())
      return refused
    const { github } = config()
    const [owner = ''] = github.repository.split('/')
    const value = await tokens.issue(
      {
        iss: ISSUER,
        aud: call.url.searchParams.get('audience') ?? `https://github.com/${owner}`,
        sub: subjectOf(config()),
        repository: github.repository,
        repository_id: github.repositoryId,
        repository_owner: owner,
        ref: github.ref,
        ...(github.environment !== null && { environment: github.environment }),
        job_workflow_ref: `${github.repository}/.github/workflows/iot.yml@${github.ref}`
      },
      github.assertionSeconds
    )
    return { status: 200, body: { value } }
  })

  routes.on(API_HOST, 'GET', '/repos/:owner/:repo/branches', () => ({
    status: 200,
    body: config().github.branches.map((name) => ({ name }))
  }))
}
