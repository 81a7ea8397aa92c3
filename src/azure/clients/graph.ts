import { scopeOf } from '../clouds.ts'
import { AzureError, isDenied, NoAnswerError } from '../errors/azureError.ts'
import { Memo } from '../http/memo.ts'
import { bodyOf, Sender, type Transport, unreadable } from '../http/pipeline.ts'
import { SignInError } from '../signIn/signInError.ts'

/** The application "Azure IoT Hub", the same in every tenant (tutorial). */
export const IOT_HUB_APP_ID = '89d10474-74af-4874-99a7-c23c2f643083'

interface Found {
  readonly value?: readonly { readonly id?: string }[]
}

/** What the directory said: an object id, or why there is none. */
export type PrincipalLookup =
  | { readonly objectId: string }
  | { readonly objectId: undefined; readonly reason: string; readonly refused: boolean }

/** Microsoft Graph, for the one thing that only it knows: an application's object id in this tenant. */
export class Graph {
  readonly #sender: Sender
  readonly #endpoint: string
  readonly #found = new Memo<PrincipalLookup>()

  constructor(transport: Transport, endpoint: string) {
    const service = { name: 'Microsoft Graph', hosts: [new URL(endpoint).host] }
    this.#sender = new Sender(transport, service, scopeOf(endpoint))
    this.#endpoint = endpoint
  }

  /**
   * Never throws for a refusal, be it of the token: most deploying identities may not read the directory (contract 5.3), and
   * a conditional access policy may keep them from Graph alone.
   */
  servicePrincipal(appId: string, signal: AbortSignal): Promise<PrincipalLookup> {
    // What is not there yet may come, for this application with the registration of Microsoft.Devices (contract 5.3).
    const stays = (found: PrincipalLookup) => found.objectId !== undefined || found.refused
    return this.#found.get(appId, () => this.#look(appId, signal), stays)
  }

  async #look(appId: string, signal: AbortSignal): Promise<PrincipalLookup> {
    const url = new URL('/v1.0/servicePrincipals', this.#endpoint)
    url.searchParams.set('$filter', `appId eq '${appId}'`)
    url.searchParams.set('$select', 'id,appId,displayName')
    try {
      const response = await this.#sender.send({ method: 'GET', url: url.href, signal, told: true })
      const operation = 'look up the service principal of application'
      const body = bodyOf<Found | undefined>(response, operation, appId)
      if (!Array.isArray(body?.value)) return unreadable(response, operation, appId)
      const objectId = body.value[0]?.id
      if (objectId !== undefined) return { objectId }
      const reason = `application ${appId} has no service principal in this tenant`
      return { objectId, reason, refused: false }
    } catch (error) {
      const unsigned = error instanceof SignInError
      if (!(error instanceof AzureError || error instanceof NoAnswerError || unsigned)) throw error
      const wait = error instanceof AzureError && error.refusal.wait
      const refused = unsigned ? error.denied : isDenied(error, [401, 403])
      return {
        objectId: undefined,
        reason: `${unsigned ? 'Microsoft Entra' : 'Microsoft Graph'} ${refused ? 'refused to' : 'did not'} tell the object id of application ${appId} (${error.code}${wait ? `; ${wait}` : ''})`,
        refused: true
      }
    }
  }
}
