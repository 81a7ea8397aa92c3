import type { PipelineResponse } from '@azure/core-rest-pipeline'
import type { Target } from '../../settings/settings.ts'
import { isAmong } from '../answer.ts'
import { isDenied } from '../errors/azureError.ts'
import { Memo } from '../http/memo.ts'
import { Sender, type Transport } from '../http/pipeline.ts'
import type { DpsHost } from './enrollmentGroup.ts'
import { sharedAccessSignature } from './sas.ts'
import type { KeyedPolicy, Sdk } from './sdk.ts'

export interface DataRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Its success is told in a body. */
  readonly told?: boolean
  /** Not to be sent again before its caller has looked. */
  readonly once?: boolean
}

/** How requests to the service data plane of a DPS are sent, and signed. */
export interface DpsSenderOptions {
  readonly sdk: Sdk
  readonly scope: string
  /** Hosts of this data plane. */
  readonly hosts: string
  readonly mode: 'auto' | 'sas' | 'entra'
  readonly mask: (secret: string) => void
  readonly apiVersion: string
}

/** A signature lives ten minutes: long enough for one request with all its retries, short enough to be worthless later. */
const LIFETIME_S = 600

/** Sends requests to the service data plane of a DPS, signed with a key of its own, or with a token of Microsoft Entra. */
export class DpsSender {
  readonly #transport: Transport
  readonly #options: DpsSenderOptions
  readonly #signed: Sender
  readonly #entra: Sender
  /** The signing policy by DPS id, or `entra` where keys cannot be had. */
  readonly #policies = new Memo<KeyedPolicy | 'entra'>()

  constructor(transport: Transport, options: DpsSenderOptions) {
    this.#transport = transport
    this.#options = options
    const service = { name: 'a Device Provisioning Service', hosts: [options.hosts] }
    this.#signed = new Sender(transport, service, undefined)
    this.#entra = new Sender(transport, service, options.scope)
  }

  /** Reads ahead what requests to this DPS are going to be signed with. A failure is told to who sends one. */
  ask(dps: Target, signal: AbortSignal): void {
    this.#policy(dps, signal).catch(() => {})
  }

  /** @returns the answer, whatever its status @throws AzureError when the keys of the DPS cannot be read */
  async send(
    dps: DpsHost,
    path: string,
    { headers = {}, ...request }: DataRequest
  ): Promise<PipelineResponse> {
    // Host names have no case, signatures of them do.
    const host = dps.hostName.toLowerCase()
    const url = `https://${host}${path}?api-version=${this.#options.apiVersion}`
    const told = 'Azure said (`serviceOperationsHostName`) that it answers at'
    const from = { doing: `reach the enrollment groups of ${dps.id}`, told }
    const send = async () => {
      const policy = await this.#policy(dps, request.signal)
      if (policy === 'entra') return this.#entra.send({ ...request, url, headers, from })
      // The DPS compares it with its own clock.
      const { clock, time } = this.#transport
      const expiry = Math.floor((clock.now() ?? time.now()) / 1000) + LIFETIME_S
      const authorization = sharedAccessSignature(host, policy, expiry)
      this.#options.mask(authorization)
      return this.#signed.send({
        ...request,
        url,
        headers: { ...headers, authorization },
        from
      })
    }
    const response = await send()
    const byEntra = (await this.#policy(dps, request.signal)) === 'entra'
    if (response.status !== 401 || byEntra) return response
    // The key may have been changed since it was read (contract section 10): read it once more.
    this.#policies.forget(dps.id)
    return send()
  }

  #policy(dps: Target, signal: AbortSignal): Promise<KeyedPolicy | 'entra'> {
    if (this.#options.mode === 'entra') return Promise.resolve('entra')
    return this.#policies.get(dps.id, () => this.#readPolicy(dps, signal))
  }

  async #readPolicy(dps: Target, signal: AbortSignal): Promise<KeyedPolicy | 'entra'> {
    try {
      const policies = await this.#options.sdk.dpsPolicies(dps, signal)
      const writer = policies.find(({ rights }) => rights.some(mayEnroll))
      if (writer !== undefined) return writer
    } catch (error) {
      if (!(isDenied(error) && this.#options.mode === 'auto')) throw error
    }
    if (this.#options.mode === 'auto') return 'entra'
    throw new Error(
      `${dps.id} has no shared access policy with a key and the right EnrollmentWrite or ServiceConfig. Add one, or set \`enrollment-auth: entra\`.`
    )
  }
}

function mayEnroll(right: string): boolean {
  return isAmong(['EnrollmentWrite', 'ServiceConfig'], right)
}
