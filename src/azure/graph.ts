import { AzureError } from './errors.ts'
import { bodyOf, Sender, type Transport } from './pipeline.ts'

/** The application "Azure IoT Hub", the same in every tenant (tutorial). */
export const IOT_HUB_APP_ID = '89d10474-74af-4874-99a7-c23c2f643083'

export interface PrincipalLookup {
  /** Undefined when it could not be found. */
  readonly objectId: string | undefined
  /** Why it could not be found. */
  readonly reason: string | undefined
}

/** Microsoft Graph, for the one thing that only it knows: an application's object id in this tenant. */
export class Graph {
  readonly #sender: Sender
  readonly #endpoint: string
  readonly #found = new Map<string, Promise<PrincipalLookup>>()

  constructor(transport: Transport, endpoint: string) {
    this.#sender = new Sender(transport, `${endpoint}/.default`)
    this.#endpoint = endpoint
  }

  /** Never throws for a refusal: most deploying identities may not read the directory (contract 5.3). */
  servicePrincipal(appId: string, signal: AbortSignal): Promise<PrincipalLookup> {
    const known = this.#found.get(appId)
    if (known !== undefined) return known
    const looking = this.#look(appId, signal)
    this.#found.set(appId, looking)
    return looking
  }

  async #look(appId: string, signal: AbortSignal): Promise<PrincipalLookup> {
    const url = new URL('/v1.0/servicePrincipals', this.#endpoint)
    url.searchParams.set('$filter', `appId eq '${appId}'`)
    url.searchParams.set('$select', 'id,appId,displayName')
    try {
      const response = await this.#sender.send({ method: 'GET', url: url.href, signal })
      const { value } = bodyOf<{ value: readonly { readonly id: string }[] }>(
        response,
        'look up the service principal of application',
        appId
      )
      const objectId = value[0]?.id
      return objectId === undefined
        ? { objectId, reason: `application ${appId} has no service principal in this tenant` }
        : { objectId, reason: undefined }
    } catch (error) {
      if (!(error instanceof AzureError)) throw error
      return {
        objectId: undefined,
        reason: `Microsoft Graph refused to tell the object id of application ${appId} (${error.code})`
      }
    }
  }
}
