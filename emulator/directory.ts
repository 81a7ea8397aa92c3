import { createHash } from 'node:crypto'
import type { Config } from './config.ts'
import { key } from './ids.ts'
import type { Kernel } from './kernel.ts'

/** The IoT Hub application, the same in every tenant (contract 5.3). */
const IOT_HUB_APP = '89d10474-74af-4874-99a7-c23c2f643083'

/** A service principal as Microsoft Graph shows it, as far as anybody asks for it here. */
export interface ServicePrincipal {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  readonly servicePrincipalType: 'Application' | 'ManagedIdentity'
  /** What it may be asked for by; its object id is no such name. */
  readonly servicePrincipalNames: readonly string[]
}

const MANAGED = { servicePrincipalType: 'ManagedIdentity' } as const

/** Every service principal that the directory knows now: applications, and identities of resources once it has heard of them. */
export function servicePrincipals(
  { world, config, clock }: Kernel,
  isRegistered: (provider: string) => boolean
): readonly ServicePrincipal[] {
  const { hubApp, deployer, identities, principals } = config()
  const application = (id: string, appId: string, displayName: string): ServicePrincipal => ({
    id,
    appId,
    displayName,
    servicePrincipalType: 'Application',
    servicePrincipalNames: [appId]
  })
  const known = (objectId: string) =>
    (world.principals.get(key(objectId)) ?? Number.POSITIVE_INFINITY) <= clock.now()
  return [
    ...(isPresent(hubApp, isRegistered)
      ? [application(hubApp.objectId, IOT_HUB_APP, 'Azure IoT Hub')]
      : []),
    ...[deployer, ...identities].map(({ objectId, clientId }) =>
      application(objectId, clientId, `Emulated ${clientId.slice(0, 8)}`)
    ),
    ...principals.map((id) => application(id, id, `Emulated ${id.slice(0, 8)}`)),
    ...[...world.resources.values()].flatMap(({ id, body }) => {
      const { principalId: own, clientId } = (body.properties ?? {}) as Record<string, string>
      const { principalId: systems } = (body.identity ?? {}) as { principalId?: string }
      const isIdentity = /\/userassignedidentities\/[^/]+$/i.test(id)
      const objectId = isIdentity ? own : systems
      if (objectId === undefined || !known(objectId)) return []
      const appId = isIdentity && clientId !== undefined ? clientId : ownAppId(objectId)
      const displayName = String(body.name)
      return [{ ...application(objectId, appId, displayName), ...MANAGED }]
    })
  ]
}

/** The application of an identity that a resource has for itself: ARM never tells it, the directory does. */
function ownAppId(objectId: string): string {
  const digest = createHash('sha256').update(objectId).digest('hex')
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}

function isPresent(
  { present }: Config['hubApp'],
  isRegistered: (provider: string) => boolean
): boolean {
  return present === 'always' || (present === 'registered' && isRegistered('Microsoft.Devices'))
}
