import type { Call, Kernel, Routes } from './kernel.ts'

const HOST = 'graph.microsoft.com'
const IOT_HUB_APP = '89d10474-74af-4874-99a7-c23c2f643083'

/** Microsoft Graph, as far as finding one service principal goes (contract 5.3). */
export function registerGraph(
  routes: Routes,
  { config }: Kernel,
  isRegistered: (provider: string) => boolean
): void {
  const principal = (appId: string | undefined) => {
    const { hubApp } = config()
    const present =
      hubApp.present === 'always' ||
      (hubApp.present === 'registered' && isRegistered('Microsoft.Devices'))
    return appId === IOT_HUB_APP && present
      ? { id: hubApp.objectId, appId, displayName: 'Azure IoT Hub' }
      : undefined
  }
  const denied = {
    status: 403,
    body: {
      error: {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.'
      }
    }
  }

  routes.on(HOST, 'GET', '/v1.0/servicePrincipals', (call: Call) => {
    if (!config().graph.allowed) return denied
    const filter = call.url.searchParams.get('$filter') ?? ''
    const found = principal(/^appId eq '([^']+)'$/.exec(filter)?.[1])
    return { status: 200, body: { value: found ? [found] : [] } }
  })
}
