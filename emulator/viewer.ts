import type { Config } from './config.ts'
import type { Kernel, Routes } from './kernel.ts'
import { API_HOST, badCredentials, forbidden } from './repository.ts'

/** Whom the token writes as, as REST shows the author of a comment. */
export function accountOf({ github: { login } }: Config): { login: string; type: 'Bot' | 'User' } {
  return { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
}

/** Who asks: REST tells a person only, GraphQL an installation as well. */
export function registerViewer(routes: Routes, { config }: Kernel): void {
  routes.on(API_HOST, 'GET', '/user', (call) => {
    if (!call.headers.authorization) return badCredentials
    const account = accountOf(config())
    return account.type === 'Bot' ? forbidden : { status: 200, body: account }
  })

  routes.on(API_HOST, 'POST', '/graphql', (call) => {
    if (!call.headers.authorization) return badCredentials
    const { query = '' } = call.body as { query?: string }
    if (!/^(query)?\s*\{\s*viewer\s*\{\s*login\s*\}\s*\}$/.test(query.trim())) {
      return {
        status: 200,
        body: { errors: [{ message: 'The emulator knows the viewer alone.' }] }
      }
    }
    const { login, viewerLogin } = config().github
    return { status: 200, body: { data: { viewer: { login: viewerLogin ?? login } } } }
  })
}
