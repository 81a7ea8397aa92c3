import { type ServicePrincipal, servicePrincipals } from './directory.ts'
import { key } from './ids.ts'
import type { Call, Kernel, Reply, Routes } from './kernel.ts'

const HOST = 'graph.microsoft.com'

/** Microsoft Graph, as far as finding service principals goes: by application id (contract 5.3), by name, by object id. */
export function registerGraph(
  routes: Routes,
  kernel: Kernel,
  isRegistered: (provider: string) => boolean
): void {
  const refused = (status: number, code: string, message: string): Reply => ({
    status,
    body: { error: { code, message } }
  })
  const answering =
    (find: (call: Call, all: readonly ServicePrincipal[]) => readonly object[] | Reply) =>
    (call: Call): Reply => {
      if (!kernel.config().graph.allowed) {
        return refused(
          403,
          'Authorization_RequestDenied',
          'Insufficient privileges to complete the operation.'
        )
      }
      const found = find(call, servicePrincipals(kernel, isRegistered))
      return 'status' in found ? found : { status: 200, body: { value: found } }
    }

  routes.on(
    HOST,
    'GET',
    '/v1.0/servicePrincipals',
    answering((call, all) => {
      const filter = call.url.searchParams.get('$filter') ?? ''
      const appId = /^appId eq '([^']+)'$/.exec(filter)?.[1]
      // What `az role assignment create --assignee` asks (contract 5.3).
      const name = /^servicePrincipalNames\/any\(c:\s?c eq '([^']+)'\)$/.exec(filter)?.[1]
      if (appId !== undefined) return all.filter((one) => key(one.appId) === key(appId))
      if (name !== undefined)
        return all.filter((one) => one.servicePrincipalNames.some((its) => key(its) === key(name)))
      return refused(400, 'Request_UnsupportedQuery', `Unsupported filter '${filter}'.`)
    })
  )

  routes.on(
    HOST,
    'POST',
    '/v1.0/directoryObjects/getByIds',
    answering((call, all) => {
      const { ids = [] } = (call.body ?? {}) as { ids?: readonly string[] }
      return all
        .filter(({ id }) => ids.some((asked) => key(asked) === key(id)))
        .map((one) => ({ '@odata.type': '#microsoft.graph.servicePrincipal', ...one }))
    })
  )
}
